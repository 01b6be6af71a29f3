"""Tell how a group looked at its own talk: rounds with one voice, and rounds in which each answered alone."""

from __future__ import annotations

import datetime as dt

from cards.models import Aspect
from observations import actions, queries
from observations.models import SelfScan
from samenspraak.demo.shapes import Scanned
from samenspraak.demo.telling import Year
from schools.roles import Member

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def look(year: Year, *, now: dt.datetime) -> None:
    """Tell the rounds of one group's year."""
    for scanned in year.tale.scans:
        if scanned.meeting is None:
            _answer(_open(year, scanned, now=now - DAY, minutes=9 * 24 * 60), year, scanned, now=now - DAY)
        else:
            begins = year.meetings[scanned.meeting].starts_at + 10 * MINUTE
            scan = _answer(_open(year, scanned, now=begins, minutes=15), year, scanned, now=begins + 5 * MINUTE)
            if scan.closes_at:
                actions.reveal_scan(scan=scan, by=year.chair(begins), now=begins + 8 * MINUTE)
            if scanned.shown:
                by = year.chair(begins)
                actions.decide_sharing(group=year.group, shares=True, scan=scan, by=by, now=begins + 30 * MINUTE)


def _open(year: Year, scanned: Scanned, *, now: dt.datetime, minutes: int) -> SelfScan:
    aspect = Aspect.objects.get(edition__is_public=True, key=scanned.aspect) if scanned.aspect else None
    alone = "" not in scanned.answers
    return actions.open_scan(
        group=year.group,
        aspect=aspect,
        way="sealed" if alone else "together",
        closes_at=now + minutes * MINUTE if alone else None,
        by=year.chair(now),
        now=now,
    )


def _answer(scan: SelfScan, year: Year, scanned: Scanned, *, now: dt.datetime) -> SelfScan:
    for short in scanned.answers:
        member = year.hat(short or year.tale.chair, now)
        scan = _answer_as(member, scan, scanned, short, now=now)
    return scan


def _answer_as(member: Member, scan: SelfScan, scanned: Scanned, short: str, *, now: dt.datetime) -> SelfScan:
    asked = queries.behaviours_of(scan)
    degrees = scanned.answers[short].replace(" ", "")
    manners = {place: text for who, place, text in scanned.manners if who == short}
    given = {
        line.pk: actions.Answer(None if mark == "-" else int(mark), manners.get(place, ""))
        for place, (line, mark) in enumerate(zip(asked, degrees, strict=True))
    }
    for aspect in dict.fromkeys(line.aspect for line in asked):
        answers = {line.pk: given[line.pk] for line in asked if line.aspect == aspect}
        scan = actions.answer_scan(scan=scan, aspect=aspect, answers=answers, by=member, now=now)
    return scan
