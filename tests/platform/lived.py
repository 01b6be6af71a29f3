"""Somebody who did everything: a row in every column that names a person, with words that can be found again."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import models

from cards.models import Aspect
from observations.models import (
    AspectNote,
    BehaviourMark,
    Correction,
    Elector,
    FeedbackPair,
    Observation,
    Pulse,
    PulseAnswer,
    PulseElector,
    ScanAnswer,
    SelfScan,
    Visit,
)
from schools import scopes, tokens
from schools.models import (
    AddressChange,
    BoardMembership,
    BreakGlass,
    Delivery,
    Event,
    Invitation,
    KeptAnswer,
    LetterWishes,
    OperatorGrant,
    Program,
    ProgramKey,
    Roster,
    Session,
    UnwantedLetters,
    User,
)
from tests import factories
from workgroups.models import (
    CalendarFeed,
    GoalUpdate,
    Guest,
    HelpRequest,
    KnowLine,
    KnowSheet,
    OwnRule,
    PeerFeedback,
    Seat,
    WorkGroup,
)

NOW, TODAY = factories.NOW, factories.TODAY
AN_HOUR = dt.timedelta(hours=1)
FOREIGN = "vreemde"  # words of others, in rows beside those of the person
# Columns that name people and of which we never fill one: the sign-in library's own.
OF_LIBRARIES = {
    "allauth_idp_oidc.Client.owner": "apps belong to the site; nothing sets it",
    "allauth_idp_oidc.Token.user": "keys of apps lie in a table of ours (schools.ProgramKey)",
}


def columns() -> set[str]:
    """Every column in the database that names a person, as "workgroups.Seat.user"."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is User
    }


def rows_of(column: str, user: User) -> models.QuerySet[Any]:
    """The rows in which this column names the person."""
    label, _, name = column.rpartition(".")
    rows: models.QuerySet[Any] = apps.get_model(label)._base_manager.filter(**{name: user})
    return rows


def lay(user: User, group: WorkGroup, other: User, word: str) -> set[str]:
    """Let the person live everything at this group; returns the words that are to be found in the own file."""
    school, mine = group.school, {"school": group.school, "group": group}
    names = {name: f"{word}-{name}" for name in ("given_name", "family_name", "nickname")}
    User.objects.filter(pk=user.pk).update(**names, infix=f"{word}-infix")
    user.refresh_from_db()
    _account(user, other, word, school)
    Seat.objects.filter(user=user).delete()
    Seat.objects.create(**mine, user=user, from_date=TODAY, ask_me_about=f"{word}-seat")
    Guest.objects.create(**mine, user=user, from_date=TODAY)
    _table(user, other, word, mine)
    _mirror(user, word, mine)
    return {
        *names.values(),
        *(f"{word}-{what}" for what in ("infix", "key", "told", "token", "app", "sort", "invited", "line", "reason")),
        *(f"{word}-{what}" for what in ("seat", "update", "answer", "found", "text", "asked", "got", "gave")),
        *(f"{word}-{what}" for what in ("visit", "well", "strong", "better", "right", "manner")),
        f"{word}@new.example",
    }


def _account(user: User, other: User, word: str, school: Any) -> None:
    BoardMembership.objects.create(board=school.board, user=user, from_date=TODAY)
    OperatorGrant.objects.create(user=user, from_date=TODAY)
    EmailAddress.objects.create(user=user, email=user.email or "")
    keys = {"confirm_digest": f"{word}1", "undo_digest": f"{word}2"}
    AddressChange.objects.create(user=user, new=f"{word}@new.example", old=user.email or "", asked_at=NOW, **keys)
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": f"{word}-key"})
    SocialAccount.objects.create(user=user, provider="service-9", uid=word, extra_data={"name": f"{word}-told"})
    Session.objects.create(session_key=word, session_data="-", expire_date=NOW + AN_HOUR, user=user, device="Firefox/")
    tokens.make_token(user=user, name=f"{word}-token", now=NOW)
    app = Client.objects.create(id=f"{word}-id", name=f"{word}-app")
    may = scopes.join({"account:read"})
    yes = Program.objects.create(user=user, client=app, scopes=may, seal=word, allowed_at=NOW)
    key = {"kind": "access", "digest": word, "made_at": NOW, "expires_at": NOW + AN_HOUR}
    ProgramKey.objects.create(program=yes, scopes=may, **key)
    KeptAnswer.objects.create(user=user, key_digest=word, call_digest=word, made_at=NOW)
    LetterWishes.objects.create(user=user, alarm_minutes=15)
    UnwantedLetters.objects.create(user=user, sort=f"{word}-sort")
    times = {"due_at": NOW, "next_try_at": NOW, "expires_at": NOW + AN_HOUR}
    Delivery.objects.create(
        key=f"reminder:1:1:{user.pk}:mail", kind="reminder", subject_id=1, school=school, user=user, **times
    )
    invited: dict[str, Any] = {"school": school, "role": "coach", "made_at": NOW}
    Invitation.objects.create(**invited, email=user.email, given_name=f"{word}-invited", invited_by=other)
    Invitation.objects.create(**invited, user=user, given_name=user.given_name)
    Invitation.objects.create(**invited, email=f"{word}@elsewhere.example", given_name=FOREIGN, invited_by=user)
    lines = [[2, f"{word}-line", "", "", user.email, "", ""], [3, FOREIGN, "", "", "iemand@x.example", "", ""]]
    Roster.objects.create(school=school, by=user, made_at=NOW, lines=lines)
    told = {"reason": f"{word}-reason", "opened_at": NOW, "ends_at": NOW + AN_HOUR}
    BreakGlass.objects.create(school=school, user=user, **told)
    Event.objects.create(at=NOW, what="signed_in", by=user)
    Event.objects.create(at=NOW, what="role_given", by=other, person=user, role="coach", school=school)


def _table(user: User, other: User, word: str, mine: dict[str, Any]) -> None:
    period = mine["group"].periods.first() or factories.period(mine["group"], Aspect.objects.earliest("number"))
    goal = period.goals.first() or factories.goal(period)
    GoalUpdate.objects.create(**mine, goal=goal, step="on_the_way", note=f"{word}-update", by=user, written_at=NOW)
    GoalUpdate.objects.create(**mine, goal=goal, step="on_the_way", note=FOREIGN, by=other, written_at=NOW)
    answered = {"answer": f"{word}-answer", "answered_by": user, "answered_on": TODAY, "asked_on": TODAY}
    HelpRequest.objects.create(**mine, kind="time", text=FOREIGN, state="answered", **answered)
    sheet = KnowSheet.objects.create(**mine, question=FOREIGN, made_on=TODAY)
    line = {"sheet": sheet, "column": "find_out", "text": f"{word}-text", "found": f"{word}-found"}
    KnowLine.objects.create(**mine, owner=user, **line)
    said = {"critique": "-", "constructive": "-", "state": "given", "asked_on": TODAY}
    PeerFeedback.objects.create(**mine, asker=user, giver=other, question=f"{word}-asked", affirm=f"{word}-got", **said)
    PeerFeedback.objects.create(**mine, asker=other, giver=user, question=FOREIGN, affirm=f"{word}-gave", **said)
    OwnRule.objects.create(user=user)
    CalendarFeed.objects.create(user=user, key=uuid.uuid4(), created_at=NOW)


def _mirror(user: User, word: str, mine: dict[str, Any]) -> None:
    aspect = Aspect.objects.earliest("number")
    line = aspect.behaviours.earliest("position")
    meeting = factories.meeting(mine["group"], TODAY + dt.timedelta(days=user.pk % 300), time=dt.time(11))
    told = {"accepted_for": meeting.starts_at, "proposed_at": NOW, "own_words": f"{word}-visit"}
    visit = Visit.objects.create(**mine, meeting=meeting, coach=user, purpose="support", state="noting", **told)
    seen = Observation.objects.create(**mine, visit=visit, listened=20, updated_at=NOW)
    AspectNote.objects.create(**mine, observation=seen, aspect=aspect, going_well=f"{word}-well")
    BehaviourMark.objects.create(**mine, observation=seen, behaviour=line, degree=2)
    points: dict[str, Any] = {"strong_aspect": aspect, "improvement_aspect": aspect, "position": 1}
    FeedbackPair.objects.create(
        **mine, observation=seen, strong=f"{word}-strong", improvement=f"{word}-better", **points
    )
    Correction.objects.create(**mine, visit=visit, place=1, added_on=TODAY, text=f"{word}-right")
    scan = SelfScan.objects.filter(group=mine["group"]).first() or _scan(mine, aspect)
    Elector.objects.create(**mine, scan=scan, user=user)
    ScanAnswer.objects.create(**mine, scan=scan, user=user, behaviour=line, degree=3, manner=f"{word}-manner")
    pulse = Pulse.objects.filter(group=mine["group"]).first() or _pulse(mine)
    PulseElector.objects.create(**mine, pulse=pulse, user=user)
    PulseAnswer.objects.create(**mine, pulse=pulse, user=user, question="dare", degree=2)


def _scan(mine: dict[str, Any], aspect: Aspect) -> SelfScan:
    closes = {"opened_on": TODAY, "closes_at": NOW + dt.timedelta(days=7)}
    return SelfScan.objects.create(**mine, edition=aspect.edition, aspect=aspect, way="sealed", **closes)


def _pulse(mine: dict[str, Any]) -> Pulse:
    return Pulse.objects.create(**mine, kind="trust", opened_on=TODAY, closes_at=NOW + dt.timedelta(days=7))
