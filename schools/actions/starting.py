"""What a school needs before it starts: its council's consent, or the board's reason, and a look at its holidays."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import events, permissions, refusals
from schools.models import School
from schools.models.place import Region
from schools.roles import Steward

_LONG_AGO = dt.timedelta(days=5 * 366)


class OddConsentError(refusals.Refused):
    """A council agreed on a day that is over, and not in another age."""

    message = _("Choose the day on which the council agreed: today or before, and no more than five years ago.")
    field = "consented_on"
    code = "odd_consent"


class WhyNeededError(refusals.Refused):
    """The board's word is a sentence."""

    message = _("Write in a sentence or two why the school starts now.")
    field = "because"
    code = "why_needed"


@transaction.atomic
def write_consent(*, consented_on: dt.date | None, by: Steward, now: dt.datetime) -> None:
    """Write down on which day the participation council agreed, or that it has not (any more).

    What waits leaves with the next round. Raises OddConsentError; PermissionDenied unless leader or admin.
    """
    if not permissions.may_start_school(by):
        raise PermissionDenied
    today = by.school.today(now)
    if consented_on is not None and not today - _LONG_AGO <= consented_on <= today:
        raise OddConsentError
    School.objects.filter(pk=by.school.pk).update(consented_on=consented_on)
    events.record(what=events.What.CONSENT_WRITTEN, by=by.user, on=by.school, school=by.school, now=now)


@transaction.atomic
def start_without_consent(*, because: str, by: Steward, now: dt.datetime) -> None:
    """Say for the board why the school invites before its council agreed; the school reads it. Empty takes it back.

    Raises WhyNeededError; PermissionDenied unless an admin of the board.
    """
    if not permissions.may_start_without_consent(by):
        raise PermissionDenied
    text = " ".join(because.split())
    if text and len(text) < 20:  # noqa: PLR2004  # a few words are no reason
        raise WhyNeededError
    School.objects.filter(pk=by.school.pk).update(started_because=text)
    events.record(what=events.What.CONSENT_WRITTEN, by=by.user, on=by.school, school=by.school, now=now)


@transaction.atomic
def choose_region(*, region: Region, by: Steward, now: dt.datetime) -> None:
    """Say in which region the school has its holidays. PermissionDenied unless leader or admin."""
    if not permissions.may_start_school(by):
        raise PermissionDenied
    School.objects.filter(pk=by.school.pk).update(region=region, region_checked_on=by.school.today(now))
    events.record(what=events.What.SETTINGS_CHANGED, by=by.user, on=by.school, school=by.school, now=now)
