"""Sharing feedback over REST: what the visitor looked at, once every name is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import actions, names, queries
from observations.api import observation, visits
from schools import bodies, problems, refusals, tenancy


class NobodysWords(bodies.Many):
    """What the caller said about names (C13); it is not kept."""

    def __init__(self, **kwargs: Any) -> None:
        """None, where no name was asked about."""
        told = "Words that name nobody, exactly as `names` told them; not kept."
        child = bodies.Text(max_length=400)
        super().__init__(child=child, max_length=200, required=False, default=list, help_text=told, **kwargs)


class Share(bodies.Sent):
    """What the visitor said about names before sharing."""

    no_person = NobodysWords()


class NameInText(serializers.Serializer[Any]):
    """Words that may name somebody of the group or the school (C13): a question, nothing is changed."""

    start = serializers.IntegerField(min_value=0, help_text="Where they stand in the text, counted in code points.")
    end = serializers.IntegerField(min_value=1, help_text="The first code point after them.")
    text = serializers.CharField(help_text="The words, as they are written.")
    why = serializers.ChoiceField(
        choices=[(why.value, why.value) for why in names.Why],
        help_text="`name`: a name here; `word`: a name here, and a word; `almost`: one letter from a name here.",
    )


class NameAsked(NameInText):
    """The same, in one of the points."""

    pair = serializers.IntegerField(min_value=1, max_value=3, help_text="Which pair, from 1.")
    side = serializers.ChoiceField(
        choices=[(side, side) for side in ("strong", "improvement")], help_text="Which of its two points."
    )


class NamesProblem(problems.Problem):
    """Sharing is refused; where it waits for answers about names, these are the questions."""

    names = NameAsked(many=True, required=False)


LOOKED_AT = OpenApiParameter(
    "If-Match",
    observation.IF_MATCH.type,
    OpenApiParameter.HEADER,
    required=True,
    description="The `ETag` of the observation that was looked at: nothing is shared unseen.",
)


class ShareView(observation.OwnObservationView):
    """Giving an observation's pairs to the whole group."""

    @extend_schema(
        operation_id="share_observation",
        tags=["observations"],
        parameters=[LOOKED_AT],
        request=Share,
        responses={
            200: OpenApiResponse(visits.Visit, description="The whole group can read it; nothing of it changes again."),
            (409, problems.MEDIA_TYPE): OpenApiResponse(
                NamesProblem, description="`names_somebody` with the questions; or nothing to share, or shared already."
            ),
            (412, problems.MEDIA_TYPE): OpenApiResponse(problems.Problem, description="`If-Match` is not its version."),
            (428, problems.MEDIA_TYPE): OpenApiResponse(problems.Problem, description="`If-Match` is missing."),
        },
    )
    def post(self, request: Request, slug: str, observation_id: UUID) -> Response:
        """Share the pairs with the whole group (C12), in the version that the caller looked at.

        It waits until each name of somebody in the group or the school is written differently, or sent back in
        `no_person` (C13). Sharing cannot be undone; a second time answers `already_shared`.
        """
        self.must_be_proved()
        row = tenancy.fetch(queries.own_observations(self.member), pk=observation_id)
        sent, told = self.sent(Share), self.if_match()
        if told is None:
            sentence = _("Say which version you looked at: send its ETag as If-Match.")
            return problems.answer(428, sentence, code="version_missing")
        try:
            visit = actions.share_feedback(
                observation=row,
                version=observation.version_told(told, row),
                no_person=frozenset(sent["no_person"]),
                by=self.member,
                now=self.now,
            )
        except actions.NamesSomebody as refused:
            return _questions(refused)
        except refusals.Conflict as conflict:
            sentence = _("Other words are kept than you looked at. Read them, and share with their ETag as If-Match.")
            return problems.answer(412, sentence, code=conflict.code)
        shared = queries.visit_for(self.member, visit.pk)
        return Response(visits.visit_told(shared, self.member, today=self.today))


def _questions(refused: actions.NamesSomebody) -> Response:
    asked = [{"pair": one.pair, "side": one.side, **flag_told(one.flag)} for one in refused.asked]
    return problems.answer(409, str(refused.sentence), code=refused.code, names=asked)


def flag_told(flag: names.Flag) -> dict[str, Any]:
    """Words that may name somebody, as ``NameInText`` has them."""
    return {**flag._asdict(), "why": flag.why.value}
