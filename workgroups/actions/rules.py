"""When people hear their agreements again: the rule of a group, of a school, or a person's own.

Whoever changes a rule has the letters that wait laid out anew in the same transaction. A letter whose new time has
passed keeps its old one, so that nobody goes without; what was not written yet and is past by then is not sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import actions as schools_actions, events, post, refusals
from schools.models import Delivery, User
from schools.models.post import DeliveryState
from schools.roles import Member
from workgroups import permissions, queries, reminders
from workgroups.actions import notices, standing
from workgroups.models import Meeting, OwnRule, ReminderRule, SchoolRule, WorkGroup

_DAY = dt.timedelta(days=1)
MOST_DAYS, MOST_HOURS = 7, 48


class OddRule(refusals.Refused):
    """A rule counts days to a week, or hours to two days."""

    message = _("Choose 1 to 7 days with a time, or 1 to 48 hours.")
    code = "odd_rule"


@transaction.atomic
def remind_group(
    *, group: WorkGroup, rule: reminders.Rule | None, is_on: bool = True, by: Member, now: dt.datetime
) -> None:
    """Let the group be reminded by a rule of its own, or where that is None by its school's; or not at all.

    Raises OddRule, GroupEnded; PermissionDenied unless chair. At most sixteen queries, however many letters.
    """
    permissions.demand(permissions.may_choose_letters(by, group))
    if rule is None:
        standing.school_locked(by.school.pk)
    group = standing.locked(group.pk)
    told = _fit(rule) if rule else queries.school_rule(by.school)
    ReminderRule.objects.filter(group=group).update(
        **_columns(told), is_on=is_on, follows_school=rule is None, changed_at=now
    )
    lay_out_anew([group.pk], now=now)


@transaction.atomic
def remind_school(*, rule: reminders.Rule, by: Member, now: dt.datetime) -> None:
    """Change the school's default, and with it the rule of each of its groups that follows it.

    Raises OddRule; PermissionDenied unless the member leads or runs the school.
    """
    permissions.demand(permissions.may_set_school_rule(by))
    told = _columns(_fit(rule))
    standing.school_locked(by.school.pk)
    SchoolRule.objects.update_or_create(school=by.school, defaults={**told, "changed_at": now})
    groups = locked(queries.groups_under_school_rule(by.school))
    follow = ReminderRule.objects.filter(group_id__in=groups, follows_school=True)
    follow.update(**told, changed_at=now)
    events.record(what=events.What.SETTINGS_CHANGED, by=by.user, on=by.school, school=by.school, now=now)
    lay_out_anew(groups, now=now)


@transaction.atomic
def choose_letters(*, rule: reminders.Rule | None, by: User, now: dt.datetime, **wishes: Any) -> None:
    """What one person wants to hear and how (schools.actions.choose_letters), and an own rule, or each group's.

    Raises OddRule and what choose_letters raises.
    """
    schools_actions.choose_letters(**wishes, by=by)
    groups = locked(queries.groups_sat_in(by, today=now.date() - _DAY))
    if rule is None:
        OwnRule.objects.filter(user=by).delete()
    else:
        OwnRule.objects.update_or_create(user=by, defaults={**_columns(_fit(rule)), "changed_at": now})
    lay_out_anew(groups, only=by, now=now)


def lay_out_anew(group_ids: Collection[int], *, only: User | None = None, now: dt.datetime) -> None:
    """Give the reminders of all meetings ahead of these groups their time, for one person or for everybody.

    The groups are locked. Eleven queries, and three more for every two thousand letters.
    """
    ahead = queries.planned_after(group_ids, now=now)
    readers = queries.seated_at(ahead)
    if only is not None:
        readers = {meeting: users & {only.pk} for meeting, users in readers.items()}
    silent = _silent(group_ids)
    off = [one.pk for one in ahead if one.group_id in silent]
    if off:
        post.drop(
            kinds=notices.TELLING, subject_ids=off, user_ids=[only.pk] if only else None, reason="reminders are off"
        )
    found = queries.remindings(ahead, readers, schools={one.school for one in ahead})
    invited = _invited(ahead)
    notices.write_down(
        [
            notices.Notice(notices.REMINDER, one.meeting, one.user_id, one.due_at)
            for one in found
            if one.due_at > now and (one.meeting.pk, one.meeting.schedule_version, one.user_id) not in invited
        ],
        now=now,
    )
    notices.stay_back(ahead)


def _fit(rule: reminders.Rule) -> reminders.Rule:
    """The rule, if it is one; raises OddRule."""
    if rule.hours_before is not None:
        if not 1 <= rule.hours_before <= MOST_HOURS:
            raise OddRule(field="hours_before")
        return reminders.Rule(None, None, rule.hours_before)
    if rule.days_before is None or rule.at is None or not 1 <= rule.days_before <= MOST_DAYS:
        raise OddRule(field="days_before")
    return rule


def _columns(rule: reminders.Rule) -> dict[str, Any]:
    return {"days_before": rule.days_before, "at": rule.at, "hours_before": rule.hours_before}


def locked(group_ids: Collection[int]) -> list[int]:
    """These groups, locked in one order, so that nobody plans or moves a meeting of theirs meanwhile."""
    rows = WorkGroup.objects.select_for_update().filter(pk__in=group_ids).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _silent(group_ids: Collection[int]) -> set[int]:
    """The groups among these that are not reminded at all."""
    rules = ReminderRule.objects.filter(group_id__in=group_ids, is_on=False)
    return set(rules.values_list("group_id", flat=True))


def _invited(meetings: Collection[Meeting]) -> set[tuple[int, int, int | None]]:
    """Who heard the agreements in an invitation, or is about to: meeting, version, person."""
    rows = Delivery.objects.filter(kind=notices.INVITATION, subject_id__in=[one.pk for one in meetings])
    ended = [DeliveryState.DROPPED, DeliveryState.FAILED]
    return set(rows.exclude(state__in=ended).values_list("subject_id", "version", "user_id"))
