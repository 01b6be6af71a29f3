"""Tell how a group asked itself about its trust and about what its talk brings."""

from __future__ import annotations

import datetime as dt

from observations import actions
from observations.models.pulse import QUESTIONS
from samenspraak.demo.telling import Year

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def ask(year: Year, *, now: dt.datetime) -> None:
    """Tell the pulses of one group's year: at the start of a past meeting, or open since yesterday."""
    for asked in year.tale.pulses:
        begins = now - DAY if asked.meeting is None else year.meetings[asked.meeting].starts_at + 2 * MINUTE
        lasts = 8 * DAY if asked.meeting is None else 6 * MINUTE
        pulse = actions.open_pulse(
            group=year.group, kind=asked.kind, closes_at=begins + lasts, by=year.chair(begins), now=begins
        )
        for short, degrees in asked.answers.items():
            answers = {str(question): int(each) for question, each in zip(QUESTIONS[asked.kind], degrees, strict=True)}
            actions.answer_pulse(pulse=pulse, answers=answers, by=year.hat(short, begins), now=begins + MINUTE)
