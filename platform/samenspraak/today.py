"""What stands on a home, made of what the floors know: rows that lead somewhere, and the one thing to do now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _, pgettext

from observations.models import Pulse, SelfScan, Visit
from observations.models.pulse import PulseKind
from observations.models.visit import VisitState
from observations.queries import AT_THE_TABLE, OwnRounds
from schools.roles import Member
from workgroups.models import KnowLine, Meeting, PeerFeedback, WorkGroup
from workgroups.queries import Ask, GoalTile, HelpAtHome, HelpLine, NextUp, Waiting, WhatsNow


@dataclass(frozen=True)
class Row:
    """A line that leads somewhere: its words, and a quieter line about it.

    ``field``: where instead, in a browser that keeps a visit for where there is no network (app.js).
    """

    href: str
    words: str
    hint: str = ""
    field: str = ""


@dataclass(frozen=True)
class OwnPapers:
    """What the papers of the own groups wait for: feedback to give or to read, what the member finds out, and help."""

    feedback: Sequence[PeerFeedback]
    finds: Sequence[KnowLine]
    help: HelpAtHome


@dataclass(frozen=True)
class Home:
    """The part of a home that comes from one's own groups, and from those that ask a leader for help.

    ``first`` is the meeting that is going on, else the very next one, ``visits`` who comes or asks to come there, and
    ``deed`` the one thing to do; ``waits`` is what else waits, ``coming`` the other meetings ahead, ``news`` what else
    there is to know; ``goal`` is the goal to note progress on, ``goals`` the others of that group. ``sits``: whether
    the member sits in any group that still works.
    """

    sits: bool
    first: NextUp | None
    visits: tuple[Visit, ...]
    deed: Row | None
    waits: tuple[Row, ...]
    coming: tuple[Row, ...]
    news: tuple[Row, ...]
    goal: GoalTile | None
    goals: tuple[GoalTile, ...]

    @property
    def count(self) -> int:
        """How many goals the group has."""
        return len(self.goals) + (self.goal is not None)


def home_of(member: Member, now: WhatsNow, visits: Iterable[Visit], *, papers: OwnPapers, rounds: OwnRounds) -> Home:
    """Lay out what a member's own groups ask for, visits to them, and what their papers and rounds wait for."""
    to_us = [visit for visit in visits if member.sits_in(visit.group_id) and not visit.is_called_off]
    there = tuple(visit for visit in to_us if _is_at(now.first, visit))
    done = _done_by_the_deed(now)
    waits = [_asked(waiting, member) for waiting in now.waiting if waiting is not done]
    waits += _rounds(rounds, member)
    waits += [_proposed(visit, member) for visit in to_us if _wants_an_answer(visit)]
    waits += [_feedback(peer, member) for peer in papers.feedback if peer.giver_id == member.user.pk]
    waits += [_to_answer(line, member) for line in papers.help.to_answer]
    goals = _goals_of_one_group(now)
    return Home(
        sits=now.sits,
        first=now.first,
        visits=there,
        deed=_done_now(done, now.first, member),
        waits=tuple(waits),
        coming=tuple(_coming(each, member) for each in now.next[1:]),
        news=(
            *(
                (_offered if visit.waits_for_visitor else _told)(visit, member)
                for visit in to_us
                if visit not in there and not _wants_an_answer(visit)
            ),
            *(_feedback(peer, member) for peer in papers.feedback if peer.giver_id != member.user.pk),
            *(_answered(line, member) for line in papers.help.answered),
            *(_to_find_out(line, member) for line in papers.finds),
        ),
        goal=goals[0] if goals else None,
        goals=goals[1:],
    )


def _feedback(peer: PeerFeedback, member: Member) -> Row:
    """A colleague's question to the member, or the answer to the member's own."""
    href = reverse("workgroups:peer", args=[member.school.slug, peer.pk])
    if peer.giver_id == member.user.pk:
        words = _("%(name)s asks you for feedback") % {"name": peer.asker.called}
    else:
        words = _("%(name)s answered you") % {"name": peer.giver.called}
    return Row(href, words, _("Only the two of you see this"))


def _to_find_out(line: KnowLine, member: Member) -> Row:
    href = reverse("workgroups:know-found", args=[member.school.slug, line.pk])
    return Row(href, line.text, _("You find this out for %(group)s") % {"group": line.group.name})


def _to_answer(line: HelpLine, member: Member) -> Row:
    """A group's question to its school, for the leader."""
    href = reverse("workgroups:help-answer", args=[member.school.slug, line.id])
    return Row(href, _("%(group)s asks for help") % {"group": line.group.name}, str(line.kind_label))


def _answered(line: HelpLine, member: Member) -> Row:
    """The leader's answer, for the group."""
    href = reverse("workgroups:help", args=[member.school.slug, line.group.pk])
    return Row(href, _("Your school answered %(group)s") % {"group": line.group.name}, str(line.kind_label))


def _is_at(first: NextUp | None, visit: Visit) -> bool:
    return first is not None and visit.meeting_id == first.meeting.pk and visit.state in AT_THE_TABLE


def _done_by_the_deed(now: WhatsNow) -> Waiting | None:
    """What the one button does: open or close the next meeting, or plan one where none lies ahead."""
    for waiting in now.waiting:
        if now.first and waiting.meeting and waiting.meeting.pk == now.first.meeting.pk:
            return waiting
        if now.first is None and waiting.ask == Ask.PLAN:
            return waiting
    return None


def _goals_of_one_group(now: WhatsNow) -> tuple[GoalTile, ...]:
    """The goals of the group that meets first; of the first group with goals when none of that one live."""
    group_ids = [now.first.group.pk] if now.first else []
    group_ids += [tile.group.pk for tile in now.goals]
    for group_id in group_ids:
        found = tuple(tile for tile in now.goals if tile.group.pk == group_id)
        if found:
            return found
    return ()


def _asked(waiting: Waiting, member: Member) -> Row:
    group, meeting, focus = waiting.group, waiting.meeting, waiting.focus
    day = _day(meeting) if meeting else ""
    words, hint, name, subject = {
        Ask.OPEN: (_("Open the meeting"), _("Start by reading your agreements"), "meeting-open", meeting),
        Ask.CLOSE: (
            _("Close the meeting of %(day)s") % {"day": day},
            _("Takes five minutes"),
            "meeting-close",
            meeting,
        ),
        Ask.TURN: (_("A new school year"), _("Go on, change people or end?"), "group-turn", group),
        Ask.HAND_OVER: (_("Pass the chair on"), _("It goes round after each meeting"), "group", group),
        Ask.CHOOSE: (_("Choose your card"), _("Read the six questions together"), "focus-new", group),
        Ask.SET_GOAL: (
            (_("Set a goal"), _("What do you want to do better?"), "goal-new", focus.period)
            if focus.goals
            else (_("Begin with your card"), _("Five steps, some twenty minutes together"), "start", focus.period)
        ),
        Ask.AGREE: (_("Agree on something"), _("What will you do in every meeting?"), "agreement-new", None),
        Ask.PLAN: (_("Plan the next meeting"), _("Everyone gets one message"), "meeting-new", group),
    }[waiting.ask]
    pk = subject.pk if subject else focus.live_goals[0].id
    href = reverse(f"workgroups:{name}", args=[member.school.slug, pk])
    return Row(href, words % {"day": day}, _of_group(group, hint, member))


def _of_group(group: WorkGroup, hint: str, member: Member) -> str:
    """The hint, with the group's name before it where the member sits in several."""
    return f"{group.name}. {hint}" if len(member.seats) > 1 else hint


def _done_now(done: Waiting | None, first: NextUp | None, member: Member) -> Row | None:
    if done is None:
        return _look(first, member) if first else None
    row = _asked(done, member)
    now = {Ask.OPEN: _("Start with your agreements"), Ask.CLOSE: _("Close it together")}
    return replace(row, words=now.get(done.ask, row.words)) if first and first.going_on else row


def _look(first: NextUp, member: Member) -> Row:
    href = reverse("workgroups:meeting", args=[member.school.slug, first.meeting.pk])
    if first.going_on:
        return Row(href, _("To this meeting"))
    return Row(href, _("Prepare (3 minutes)") if first.focus.agreements else _("See the meeting"))


def _coming(each: NextUp, member: Member) -> Row:
    href = reverse("workgroups:meeting", args=[member.school.slug, each.meeting.pk])
    return Row(href, each.group.name, _("You are together now") if each.going_on else capfirst(_day(each.meeting)))


# --- Rounds of the self-scan and the pulses ---------------------------------------------


def _rounds(rounds: OwnRounds, member: Member) -> list[Row]:
    ready = [
        _round("scan", scan, _("Look at your self-scan together"), _("The picture is ready. You open it."), member)
        for scan in rounds.closed
    ]
    open_ = [
        _round("scan", scan, _("Fill in the self-scan"), _until(scan.closes_at, member), member)
        if scan.closes_at
        else _round("scan", scan, _("Fill in the self-scan together"), _("You give one answer together"), member)
        for scan in rounds.scans
    ]
    words = {
        PulseKind.TRUST.value: _("Answer four sentences on trust"),
        PulseKind.AIMS.value: _("Answer three sentences on what it brings you"),
    }
    asked = [
        _round("pulse", pulse, words[pulse.kind], _until(pulse.closes_at, member), member) for pulse in rounds.pulses
    ]
    return [*ready, *open_, *asked]


def _round(page: str, subject: SelfScan | Pulse, words: str, hint: str, member: Member) -> Row:
    href = reverse(f"observations:{page}", args=[member.school.slug, subject.pk])
    return Row(href, words, _of_group(subject.group, hint, member))


def _until(moment: dt.datetime, member: Member) -> str:
    local = moment.astimezone(member.school.zone)
    clock = date_format(local, pgettext("time of day", "H:i"))
    return _("Open until %(day)s, %(time)s") % {"day": date_format(local, "l j F"), "time": clock}


# --- Visits -----------------------------------------------------------------------------


def _is_shared(visit: Visit) -> bool:
    return visit.state == VisitState.SHARED


def _wants_an_answer(visit: Visit) -> bool:
    return (visit.state == VisitState.PROPOSED and not visit.waits_for_visitor) or visit.needs_new_yes


def _offered(visit: Visit, member: Member) -> Row:
    hint = _("It is with %(name)s, who says yes or no")
    return Row(_visit(visit, member), _("You want a visit otherwise"), hint % {"name": visit.coach.called})


def _proposed(visit: Visit, member: Member) -> Row:
    hint = _("%(name)s proposes %(day)s. What do you think?")
    return Row(
        _visit(visit, member),
        _("A visit to %(group)s") % {"group": visit.group.name},
        hint % {"name": visit.coach.called, "day": _day(visit.meeting)},
    )


def _told(visit: Visit, member: Member) -> Row:
    names = {"name": visit.coach.called, "day": _day(visit.meeting)}
    if corrected_on := getattr(visit, "corrected_on", None):
        hint = _("%(name)s set something right on %(day)s") % {**names, "day": date_format(corrected_on, "l j F")}
        words = _("Look at your feedback together") if _is_shared(visit) else _("Read your feedback once more")
        return Row(_visit(visit, member), words, hint)
    if _is_shared(visit):
        hint = _("%(name)s listened on %(day)s") % names
        return Row(_visit(visit, member), _("Look at your feedback together"), hint)
    if visit.state in (VisitState.ACCEPTED, VisitState.LISTENING):
        return Row(_visit(visit, member), _("%(name)s comes to listen") % names, capfirst(names["day"]))
    return Row(_visit(visit, member), _("%(name)s is writing feedback") % names, _("Listened on %(day)s") % names)


def _visit(visit: Visit, member: Member) -> str:
    return reverse("observations:visit", args=[member.school.slug, visit.pk])


def _day(meeting: Meeting) -> str:
    return date_format(meeting.day, "l j F")


def count_of(words: Sequence[str]) -> str:
    """Parts of a hint, put into one line; empty ones are left out."""
    return " · ".join(word for word in words if word)
