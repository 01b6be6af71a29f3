"""The letters about help that a group asks for: the question to the leaders of its school, the answer to the group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from schools import post
from schools.models import Delivery
from workgroups import queries
from workgroups.actions import help as asking
from workgroups.models import HelpRequest
from workgroups.models.group import GroupState
from workgroups.models.help import HelpState

HELP = "help"
_PAGES = {asking.HELP_ASKED: "workgroups:help-answer", asking.HELP_ANSWERED: "workgroups:help"}


def register() -> None:
    """Tell the post of these letters: one sort, which leaders and groups can each turn off."""
    post.register_sort(
        HELP,
        title=_("Help that a group asks for"),
        help=_("Who leads the school hears of the question, who sits in the group of the answer."),
    )
    for kind in asking.HELP_LETTERS:
        post.register(kind, prepare, sort=HELP, digest="later")


def prepare(deliveries: Sequence[Delivery], now: dt.datetime) -> Mapping[int, post.Letter | post.Dropped]:
    """Each delivery's letter, or why it is not wanted any more. Two queries, whatever the number."""
    requests = queries.help_by_id({one.subject_id for one in deliveries})
    wanted = _readers(deliveries[0].kind, requests, now)

    @cache
    def letter(kind: str, help_id: int, language: str) -> post.Letter:
        return _letter(kind, requests[help_id], language)

    answers: dict[int, post.Letter | post.Dropped] = {}
    for one in deliveries:
        objection = _objection(one, requests.get(one.subject_id), wanted)
        answers[one.pk] = post.Dropped(objection) if objection else letter(one.kind, one.subject_id, _language(one))
    return answers


def _readers(kind: str, requests: Mapping[int, HelpRequest], now: dt.datetime) -> set[tuple[int, int]]:
    """Who may still read letters of this kind: pairs of school and leader, or of group and seat."""
    if kind == asking.HELP_ASKED:
        return queries.leaders_of({one.school for one in requests.values()}, now=now)
    return set(queries.seats_in({one.group_id for one in requests.values()}, now=now))


def _objection(one: Delivery, row: HelpRequest | None, readers: set[tuple[int, int]]) -> str:
    """Why this letter is not wanted any more, or nothing."""
    if row is None:
        return "the question is gone"
    to_leader = one.kind == asking.HELP_ASKED
    place, state = (row.school_id, HelpState.ASKED) if to_leader else (row.group_id, HelpState.ANSWERED)
    checks = (
        (row.group.state == GroupState.ACTIVE, "the group has ended"),
        (row.state == state, f"the question is {row.state}"),
        (to_leader or row.version == one.version, "answered anew"),
        ((place, one.user_id) in readers, "no leader any more" if to_leader else "left the group"),
    )
    return next((reason for holds, reason in checks if not holds), "")


def _letter(kind: str, row: HelpRequest, language: str) -> post.Letter:
    about = row.pk if kind == asking.HELP_ASKED else row.group_id
    words = {
        "asked": row,
        "group": row.group,
        "school": row.school,
        "leader": row.answered_by,
        "question_text": _indented(row.text),
        "answer_text": _indented(row.answer),
        "address": f"{settings.PUBLIC_URL}{reverse(_PAGES[kind], args=[row.school.slug, about])}",
    }
    return post.compose(f"letters/{kind}", words, language=language, zone=row.school.zone)


def _indented(text: str) -> str:
    """Somebody's words in the plain text, set off so that no line of them reads as one of ours."""
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def _language(one: Delivery) -> str:
    return (one.user.language if one.user else "") or one.school.language
