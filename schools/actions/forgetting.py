"""What the schools floor keeps for a time, and what it keeps as long as it is wanted: told to the one clock."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from schools import events, post, retention
from schools.actions import erasing, keys, programs, restored, roster, sessions
from schools.models import (
    AddressChange,
    ApiToken,
    BoardMembership,
    BreakGlass,
    Delivery,
    Event,
    Holiday,
    Invitation,
    KeptAnswer,
    Membership,
    OperatorGrant,
    Program,
    ProgramKey,
    Receipt,
    Roster,
    School,
    Session,
    User,
)
from schools.retention import MONTHS, RECIPIENTS_KEPT, YEAR, Gone, Kept, Told, deleted, saying

TOKENS_KEPT = dt.timedelta(days=30)
_HOURS = int(KeptAnswer.KEPT.total_seconds()) // 3600
_DAY = 24 * 3600
_AFTER_A_YEAR = saying(_("%(months)s months. Then deleted."), months=MONTHS)
_AFTER_THE_END = saying(_("Until %(months)s months after the end. Then deleted."), months=MONTHS)
_AFTER_THE_SCHOOL = saying(
    _("As long as the school takes part, and %(months)s months after it closed. Then deleted."), months=MONTHS
)


def register_kinds() -> None:
    """Tell the clock of everything on this floor; called when the process starts."""
    retention.register(*_of_a_person(), *_of_a_school(), *_of_letters(), *_of_what_happened(), *_of_people())
    retention.goes_with(
        "people",
        "schools.LetterWishes",
        "schools.UnwantedLetters",
        "account.EmailAddress",
        "account.EmailConfirmation",
        "mfa.Authenticator",
        "socialaccount.SocialAccount",
        "socialaccount.SocialToken",
        "allauth_idp_oidc.Token",
    )
    retention.stays(
        "the national list of boards and schools: public, about no person", "schools.Board", "schools.School"
    )
    retention.stays("how a board's staff sign in: the board's own, until it takes it away", "schools.SignInService")
    retention.stays("which apps there are at all, without whose: the site's own", "allauth_idp_oidc.Client")
    retention.stays(
        "tables of the framework, which hold no row of a person here",
        "auth.Group",
        "auth.Group_permissions",
        "auth.Permission",
        "contenttypes.ContentType",
        "socialaccount.SocialApp",
    )


def _of_a_person() -> tuple[Kept, ...]:
    return (
        deleted(
            "sessions",
            what=_("where somebody is signed in"),
            kept=saying(
                _("Until signing out, or until %(days)s days after the last use. Then deleted."),
                days=settings.SESSION_COOKIE_AGE // _DAY,
            ),
            due=lambda now: Session.objects.filter(expire_date__lte=now),
        ),
        deleted(
            "address-changes",
            what=_("changes of e-mail addresses, to undo them"),
            kept=saying(_("%(days)s days. Then deleted."), days=sessions.CHANGE_KEPT.days),
            due=lambda now: AddressChange.objects.filter(asked_at__lte=now - sessions.CHANGE_KEPT),
        ),
        deleted(
            "tokens",
            what=_("keys for other programs"),
            kept=saying(_("Until %(days)s days after they ended. Then deleted."), days=TOKENS_KEPT.days),
            due=lambda now: ApiToken.objects.filter(expires_at__lte=now - TOKENS_KEPT),
        ),
        deleted(
            "apps",
            what=_("which apps somebody let into the own account"),
            kept=saying(_("Until shut out, and at most %(days)s days. Then deleted."), days=Program.LASTS.days),
            due=lambda now: Program.objects.filter(allowed_at__lte=now - Program.LASTS),
        ),
        deleted(
            "app-keys",
            what=_("the keys that such apps hold"),
            kept=_("Until a day after they ended. Then deleted."),
            due=lambda now: ProgramKey.objects.filter(expires_at__lte=now - programs.USED_KEPT),
        ),
        deleted(
            "calls",
            what=_("what a program was answered, to answer the same again"),
            kept=saying(_("%(hours)s hours, sealed. Then deleted."), hours=_HOURS),
            due=lambda now: KeptAnswer.objects.filter(made_at__lte=now - KeptAnswer.KEPT),
        ),
    )


def _of_a_school() -> tuple[Kept, ...]:
    return (
        deleted(
            "invitations",
            what=_("invitations"),
            kept=saying(
                _("%(closed)s days after the answer; without an answer %(open)s days. Then deleted."),
                closed=keys.KEPT_CLOSED.days,
                open=(keys.LIFETIME + keys.KEPT_OPEN).days,
            ),
            due=lambda now: Invitation.objects.over(now, closed=keys.KEPT_CLOSED, unanswered=keys.KEPT_OPEN),
            told=Told.ADMINS,
        ),
        deleted(
            "invitations-waiting",
            what=_("invitations that could not leave, because the school did not start"),
            kept=_AFTER_A_YEAR,
            due=lambda now: Invitation.objects.open().filter(digest__isnull=True, made_at__lte=now - YEAR),
            told=Told.ADMINS,
        ),
        deleted(
            "rosters",
            what=_("lists of people that were chosen to import"),
            kept=_("A day, or until you import the list. Then its lines are deleted."),
            due=lambda now: Roster.objects.filter(made_at__lte=now - roster.KEPT),
            told=Told.ADMINS,
        ),
        deleted(
            "days-off",
            what=_("the school’s own days without school"),
            kept=_AFTER_THE_SCHOOL,
            due=lambda now: Holiday.objects.filter(school__closed_on__lte=retention.today(now) - YEAR),
            told=Told.SCHOOL,
        ),
        Kept(
            "school-start",
            what=_("when the council of a school agreed, or why it started without"),
            kept=_AFTER_THE_SCHOOL,
            tables=("schools.School",),
            due=_started_and_closed,
            forget=_forget_start,
        ),
    )


def _started_and_closed(now: dt.datetime) -> QuerySet[School]:
    began = Q(consented_on__isnull=False) | ~Q(started_because="")
    return School.objects.filter(began, closed_on__lte=retention.today(now) - YEAR)


def _forget_start(now: dt.datetime, most: int) -> Gone:
    held = [school.pk for school in retention.held_rows(_started_and_closed(now), most)]
    School.objects.filter(pk__in=held).update(consented_on=None, started_because="")
    return dict.fromkeys(held, 1)


def _of_letters() -> tuple[Kept, ...]:
    return (
        Kept(
            "recipients",
            what=_("to whom a letter went"),
            kept=saying(
                _("Until %(days)s days after the letter lost its use: a reminder does when the meeting begins."),
                days=RECIPIENTS_KEPT.days,
            ),
            tables=("schools.Delivery",),
            due=lambda now: post.over(now - RECIPIENTS_KEPT).filter(user__isnull=False),
            forget=_forget_recipients,
            told=Told.ADMINS,
        ),
        deleted(
            "letters",
            what=_("that a letter left, without to whom"),
            kept=saying(_("Until %(months)s months after it lost its use. Then deleted."), months=MONTHS),
            due=lambda now: post.over(now - YEAR).filter(user__isnull=True),
            told=Told.ADMINS,
        ),
    )


def _of_what_happened() -> tuple[Kept, ...]:
    return (
        deleted(
            "events",
            what=_("what was done with rights and settings"),
            kept=saying(_("%(months)s months. Then deleted."), months=events.KEPT.days // 30),
            due=lambda now: Event.objects.filter(at__lte=now - events.KEPT),
            told=Told.ADMINS,
        ),
        deleted(
            "looks",
            what=_("which operator looked in"),
            kept=saying(_("%(months)s months. Then deleted."), months=events.KEPT.days // 30),
            due=lambda now: BreakGlass.objects.filter(ends_at__lte=now - events.KEPT),
            told=Told.SCHOOL,
        ),
        deleted(
            "receipts",
            what=_("how many of these things went, and when"),
            kept=_AFTER_A_YEAR,
            due=lambda now: Receipt.objects.filter(day__lte=retention.today(now) - YEAR),
            told=Told.SCHOOL,
        ),
    )


def _of_people() -> tuple[Kept, ...]:
    return (
        deleted(
            "roles",
            what=_("roles at a school that ended"),
            kept=_AFTER_THE_END,
            due=lambda now: Membership.objects.filter(
                Q(until_date__lte=retention.today(now) - YEAR) | Q(school__closed_on__lte=retention.today(now) - YEAR)
            ),
            told=Told.ADMINS,
        ),
        deleted(
            "board-roles",
            what=_("roles at a board that ended"),
            kept=_AFTER_THE_END,
            due=lambda now: BoardMembership.objects.filter(until_date__lte=retention.today(now) - YEAR),
        ),
        deleted(
            "operators",
            what=_("who kept the site running and no longer does"),
            kept=_AFTER_THE_END,
            due=lambda now: OperatorGrant.objects.filter(until_date__lte=retention.today(now) - YEAR),
        ),
        Kept(
            "erasures",
            what=_("accounts of people who asked to be forgotten"),
            kept=saying(_("%(days)s days, to undo it. Then deleted."), days=erasing.DAYS_TO_UNDO),
            tables=("schools.User",),
            due=lambda now: User.objects.filter(erase_at__lte=now),
            forget=lambda now, most: {None: erasing.erase_due(now=now, most=most)},
            alone=True,
        ),
        Kept(
            "people",
            what=_("accounts of people who no longer have a role anywhere"),
            kept=saying(
                _("Until %(months)s months after the last role ended. Then deleted, as if they had asked for it."),
                months=MONTHS,
            ),
            tables=("schools.User",),
            due=_without_a_role,
            forget=lambda now, most: {None: erasing.erase_each(due=_without_a_role(now), now=now, most=most)},
            alone=True,
        ),
    )


def _forget_recipients(now: dt.datetime, most: int) -> Gone:
    held = retention.held_rows(post.over(now - RECIPIENTS_KEPT).filter(user__isnull=False), most)
    post.forget_recipients(Delivery.objects.filter(pk__in=[row.pk for row in held]))
    return retention.by_school(held)


def _without_a_role(now: dt.datetime) -> QuerySet[User]:
    """Who has held no role for a year, had the account that long, and is not invited just now.

    For thirty days after a restore nobody: some came back after the copy was made, and it does not know who.
    """
    day = retention.today(now) - YEAR
    fresh = Receipt.objects.filter(kind=restored.RECEIPT, day__gt=retention.today(now) - retention.AHEAD)
    still = Q(user=OuterRef("pk")) & (Q(until_date__isnull=True) | Q(until_date__gt=day))
    asked = Q(user=OuterRef("pk")) | Q(email=OuterRef("email"))
    open_school = Q(school__closed_on__isnull=True) | Q(school__closed_on__gt=day)
    return User.objects.filter(
        ~Exists(fresh),
        ~Exists(Membership.objects.filter(still, open_school)),
        ~Exists(BoardMembership.objects.filter(still)),
        ~Exists(OperatorGrant.objects.filter(still)),
        ~Exists(Invitation.objects.open().filter(asked)),
        created_at__lte=now - YEAR,
        is_former=False,
    )
