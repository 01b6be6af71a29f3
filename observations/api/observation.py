"""Observations over REST: kept under an id that the client makes, so that sending again is harmless."""

from __future__ import annotations

import dataclasses
import re
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import actions, models, queries
from observations.actions import contents
from observations.models.observation import Degree
from observations.rest import Keyed, PrivateView
from schools import bodies, problems, refusals, scopes, tenancy

_TAGS = r'^(\*|(W/)?"[0-9]{1,9}"(, *(W/)?"[0-9]{1,9}")*)$'
_STRONG_TAG = re.compile(r'(?<!W/)"([0-9]{1,9})"')


class Note(bodies.Sent):
    """What the visitor noted about one aspect (C8)."""

    going_well = bodies.Text(allow_blank=True, max_length=2000, help_text="What goes well.")
    chances = bodies.Text(allow_blank=True, max_length=2000, help_text="Chances for improvement.")


class Pair(bodies.Sent):
    """A strong point and an improvement point (C10), to the whole group (C12), without names (C13)."""

    strong_aspect = bodies.Text(max_length=40, help_text="Key of the card that the strong point is about.")
    strong = bodies.Text(max_length=400, error_messages={"blank": contents.OneSided.message})
    improvement_aspect = bodies.Text(max_length=40, help_text="Key of the card that the improvement point is about.")
    improvement = bodies.Text(max_length=400, error_messages={"blank": contents.OneSided.message})


class ObservationContent(bodies.Sent):
    """An observation, whole: what is left out of it is gone."""

    visit = bodies.Number(min_value=1, max_value=bodies.LARGEST_ID, help_text="Id of the caller's own visit.")
    listened = bodies.Number(
        min_value=1,
        max_value=240,
        allow_null=True,
        required=False,
        default=None,
        help_text="Minutes really listened (C7), from a client that kept the clock, at most 15 more than the meeting "
        "has lasted so far; null where the site kept it.",
    )
    notes = Keyed(child=Note(), help_text="Per key of a card; a card without a note is left out.")
    marks = Keyed(
        child=bodies.Number(min_value=min(Degree.values), max_value=max(Degree.values), allow_null=True),
        help_text="Per key of a behaviour: 1 not heard, 2 now and then, 3 often, 4 throughout, null no occasion.",
    )
    pairs = bodies.Many(
        child=Pair(),
        max_length=3,
        error_messages={"max_length": contents.TooManyPairs.message},
        help_text="One to three to share (C9), in order; may be empty until then.",
    )


class Observation(ObservationContent):
    """An observation as it is kept: private to the visitor, gone 14 days after sharing."""

    id = serializers.UUIDField(help_text="Made by the client.")
    version = serializers.IntegerField(min_value=1, help_text="Rises with every change; the same as in `ETag`.")
    updated_at = serializers.DateTimeField(help_text="In UTC.")


class ObservationConflict(problems.Problem):
    """Somebody, or another device, wrote something else in the meantime: both texts, nothing is lost."""

    stored = Observation(help_text="What is kept now.")
    sent = ObservationContent(help_text="What you sent.")


class ObservationRefused(problems.Problem):
    """It cannot be kept like this; where the visit has its observation under another id, here it is."""

    stored = Observation(allow_null=True, required=False, help_text="What the visit has, under its own id.")
    sent = ObservationContent(required=False, help_text="What you sent.")


IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": _TAGS},
    OpenApiParameter.HEADER,
    description="The `ETag` last read. Needed to change what is kept; not for the first time.",
)


class OwnObservationView(PrivateView):
    """About an observation of the caller's own."""

    area = scopes.Area.VISITS

    def if_match(self) -> str | None:
        """The header as it came, None without one; raises BadQuery (400) where it holds no tags."""
        told: str | None = self.request.headers.get("If-Match")
        if told is not None and not re.match(_TAGS, told):
            raise problems.BadQuery({"If-Match": [_("Send the ETag as you got it, with its quotes.")]})
        return told


class ObservationView(OwnObservationView):
    """One observation, under an id that the client makes, so that sending it again is harmless."""

    @extend_schema(operation_id="read_observation", tags=["observations"], responses=Observation)
    def get(self, request: Request, slug: str, observation_id: UUID) -> Response:
        """An observation, for the visitor who made it; 404 for everybody else. `ETag` is its version."""
        self.stay_awake()
        row = tenancy.fetch(queries.own_observations(self.member), pk=observation_id)
        return _told(row)

    @extend_schema(
        operation_id="log_observation",
        tags=["observations"],
        parameters=[IF_MATCH],
        request=ObservationContent,
        responses={
            200: OpenApiResponse(Observation, description="It is kept like this: changed, or the same again."),
            201: OpenApiResponse(Observation, description="Kept for the first time."),
            (409, problems.MEDIA_TYPE): OpenApiResponse(
                ObservationRefused,
                description="Refused, with a sentence. Where the visit has its observation under another id, that is "
                "`stored`: go on under its id.",
            ),
            (410, problems.MEDIA_TYPE): OpenApiResponse(
                problems.Problem,
                description="Over for good: the visit was declined, withdrawn or postponed (`visit_gone`), notes of it "
                "had their time (`notes_forgotten`), or `If-Match` names what was deleted (`nothing_kept`). Delete "
                "what you keep.",
            ),
            (412, problems.MEDIA_TYPE): OpenApiResponse(
                ObservationConflict, description="`If-Match` is not its version."
            ),
            (428, problems.MEDIA_TYPE): OpenApiResponse(ObservationConflict, description="`If-Match` is missing."),
        },
    )
    def put(self, request: Request, slug: str, observation_id: UUID) -> Response:
        """Keep what was heard at one's own visit (C8), after listening (C7), whole.

        The same content again changes nothing, with any `If-Match` or none. Other content needs the version in
        `If-Match`; nothing is overwritten unseen. Sharing it with the group is another step.
        """
        sent = self.sent(ObservationContent)
        told = self.if_match()
        kept = self._kept(observation_id) if told else None
        visit = self._visit(sent["visit"])
        if visit is None:
            sentence = _("You have no such visit.")
            return problems.answer(404, sentence, code="no_such_visit", fields={"visit": [sentence]})
        try:
            row, is_new = actions.log_observation(
                id=observation_id,
                visit=visit,
                listened=sent["listened"],
                notes={key: (note["going_well"], note["chances"]) for key, note in sent["notes"].items()},
                marks=sent["marks"],
                pairs=[actions.Pair(**pair) for pair in sent["pairs"]],
                version=version_told(told, kept),
                by=self.member,
                now=self.now,
            )
        except (actions.AnotherId, refusals.Conflict) as refused:
            return self._refused(refused, sent, visit)
        return _told(row, status=201 if is_new else 200)

    def _kept(self, observation_id: UUID) -> models.Observation | None:
        return queries.own_observations(self.member).filter(pk=observation_id).first()

    def _visit(self, visit_id: int) -> models.Visit | None:
        """The caller's own visit; any other is answered like one that does not exist."""
        try:
            return queries.own_visit(self.member, visit_id)
        except Http404:
            return None

    def _refused(self, refused: refusals.Refused, sent: dict[str, Any], visit: models.Visit) -> Response:
        """Both texts: 412 where ``If-Match`` was wrong, 428 where it was missing, 409 under another id."""
        self.stay_awake()  # sending always works; what is kept is read by who is awake
        elsewhere = isinstance(refused, actions.AnotherId)
        status = 409 if elsewhere else 412 if "If-Match" in self.request.headers else 428
        kept = queries.own_observation(self.member, visit)
        stored = kept and _observation(kept)
        sentence = refused.sentence if elsewhere else problems.CHANGED
        answer = problems.answer(status, str(sentence), code=refused.code, stored=stored, sent=sent)
        return _tagged(answer, kept.version) if kept else answer


def version_told(told: str | None, kept: models.Observation | None) -> int | None:
    """The kept version if ``If-Match`` names it, 0 if it names others or nothing is kept, None if it says nothing."""
    if told is None:
        return None
    if kept is None:
        return 0
    named = {int(digits) for digits in _STRONG_TAG.findall(told)}
    return kept.version if told == "*" or kept.version in named else 0


def _told(row: models.Observation, *, status: int = 200) -> Response:
    return _tagged(Response(_observation(row), status=status), row.version)


def _tagged(response: Response, version: int) -> Response:
    response["ETag"] = f'"{version}"'
    return response


def _observation(row: models.Observation) -> dict[str, Any]:
    notes = queries.notes_in(row)
    return {
        "id": row.pk,
        "visit": row.visit_id,
        "listened": row.listened,
        "notes": {key: {"going_well": well, "chances": chances} for key, (well, chances) in notes.items()},
        "marks": queries.marks_in(row),
        "pairs": [dataclasses.asdict(pair) for pair in queries.pairs_of(row)],
        "version": row.version,
        "updated_at": row.updated_at,
    }
