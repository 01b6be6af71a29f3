"""Tell what a group asked its school for, and what the leader answered."""

from __future__ import annotations

import datetime as dt

from samenspraak.demo.shapes import LEADERS
from samenspraak.demo.telling import Year
from workgroups import actions

DAY = dt.timedelta(days=1)


def ask(year: Year, *, now: dt.datetime) -> None:
    """Ask, each at its own time; an answer comes two days later."""
    for wanted in year.tale.wants:
        then = now - wanted.days_ago * DAY
        asked = actions.ask_help(group=year.group, kind=wanted.kind, text=wanted.text, by=year.chair(then), now=then)
        if wanted.answer:
            later = then + 2 * DAY
            leader = year.hat(LEADERS[year.tale.school], later)
            actions.answer_help(help_request=asked, answer=wanted.answer, version=asked.version, by=leader, now=later)
