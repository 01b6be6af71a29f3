"""Letters for the tests of the post: a kind of their own, and rows of the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from schools import post
from schools.models import Delivery, School, User
from schools.post import kinds
from tests import factories, smtp_sink

KIND = "test"
DAY = dt.timedelta(days=1)


def words(row: Delivery) -> post.Letter:
    return post.Letter(f"Onderwerp {row.subject_id}", f"Tekst {row.subject_id}\n", f"<p>Tekst {row.subject_id}</p>")


@dataclass
class Kind:
    """A floor above, as the post sees it: what it was asked, and how it answers."""

    asked: list[list[int]] = field(default_factory=list)
    answer: Callable[[Delivery], post.Letter | post.Dropped] = words

    def prepare(self, rows: Sequence[Delivery], now: dt.datetime) -> Mapping[int, post.Letter | post.Dropped]:
        self.asked.append([row.pk for row in rows])
        return {row.pk: self.answer(row) for row in rows}


def letter(user: User, school: School, *, subject: int = 1, **values: object) -> Delivery:
    """A letter that is due now and lasts a day."""
    due = values.pop("due_at", factories.NOW)
    row = {"kind": KIND, "subject_id": subject, "due_at": due, "next_try_at": due}
    row |= {"expires_at": factories.NOW + DAY, "key": f"{KIND}:{subject}:1:{user.pk}:mail", **values}
    return Delivery.objects.create(user=user, school=school, **row)


@pytest.fixture
def kind() -> Iterator[Kind]:
    """A kind of letter that is always wanted, until the test says otherwise."""
    mine = Kind()
    post.register(KIND, mine.prepare)
    yield mine
    kinds._KINDS.pop(KIND)


@pytest.fixture
def sink(settings: Any) -> Iterator[smtp_sink.Sink]:
    """A mail server of our own, and the settings that lead to it."""
    with smtp_sink.running() as running:
        for name, value in smtp_sink.settings_for(running).items():
            setattr(settings, name, value)
        yield running


@pytest.fixture
def fresh_cache(settings: Any, request: pytest.FixtureRequest) -> None:
    """A cache of this test's own, so that limits counted elsewhere do not count here."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.name}
    }
