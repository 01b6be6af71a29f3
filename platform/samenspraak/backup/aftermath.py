"""After a database was put back, before anybody gets in: what happened since the copy must not come undone by it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from samenspraak.backup import engines, manifest
from schools import actions, post, tenancy
from workgroups import actions as work

# No number of a row is given twice: old letters hold links with them, and what erases again goes by them.
GAP = 1_000_000
# The clock's work that sends something.
_SENDING = {"schools.deliver", "schools.send_invitations", "samenspraak.tell_operators"}
_log = logging.getLogger(__name__)


@dataclass
class Told:
    """What was done, in numbers.

    ``asked``: who wants to be erased, by the copy. ``broken``: work of the clock that broke down, by name.
    """

    ended: actions.Ended = field(default_factory=lambda: actions.Ended(0, 0, 0, 0))
    erased: int = 0
    unread: tuple[int, ...] = ()
    asked: int = 0
    letters_held: int = 0
    invitations_held: int = 0
    broken: list[str] = field(default_factory=list)


def settle(
    told: manifest.Manifest, *, given: Mapping[str, int], erasures: Iterable[str], say: Callable[[str], None]
) -> Told:
    """All of it; ``given``: the numbers that the replaced database gave last; ``erasures``: lines of their ledgers."""
    if manifest.is_older(told):
        say("Bringing the tables up to this version ...")
        call_command("migrate", interactive=False, verbosity=0)
    if "db" in settings.CACHES["default"]["BACKEND"]:
        call_command("createcachetable", verbosity=0)
    _raise_numbers(given)
    done = Told()
    with tenancy.acting_for_system("restore"):
        actions.note_restore(now=timezone.now())
        done.ended = actions.end_ways_in(now=timezone.now())
        done.invitations_held = actions.hold_invitations(now=timezone.now())
        work.count_on_in_calendars(now=timezone.now())
        again = actions.erase_again(lines=erasures, now=timezone.now())
        done.asked = actions.give_days_anew(now=timezone.now())
    done.erased, done.unread = again.erased, again.unread
    say("Doing what the clock would have done since ...")
    done.broken = _catch_up()
    with post.open_ledger():
        done.letters_held = post.settle(now=timezone.now())
    _forget_cached()
    return done


def _raise_numbers(given: Mapping[str, int]) -> None:
    engine = engines.here()
    engine.raise_numbers({name: max(last + GAP, given.get(name, 0)) for name, last in engine.numbers().items()})


def _catch_up() -> list[str]:
    """All periodic work once, without what sends: what is past its time goes, and what it writes down is held."""
    autodiscover_modules("tasks")
    broken = []
    for name in settings.PERIODIC_WORK:
        if name in _SENDING:
            continue
        try:
            current_app.tasks[name].run()
        except Exception as error:  # noqa: BLE001  # a floor above may fail in any way
            _log.error("%s broke down after a restore: %s.", name, type(error).__name__)  # its words may name people
            broken.append(name)
    return broken


def _forget_cached() -> None:
    try:
        cache.clear()
    except Exception as error:  # noqa: BLE001  # whatever the cache's own library raises
        _log.warning("The cache could not be emptied: %s.", type(error).__name__)
