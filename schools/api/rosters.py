"""Staff lists over REST, of one school or of a whole board: sent as rows, looked at, and taken in as a whole."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import actions, bodies, problems, queries, rest, roster as lists, tenancy
from schools.api.stewards import BoardView, StewardView
from schools.models import Board, Roster, School
from schools.roles import Role
from schools.roster import limits, plan, telling

KINDS = (
    (plan.Kind.INVITE, "somebody new here is invited"),
    (plan.Kind.ADD, "somebody known here gets a role or a school"),
    (plan.Kind.MOVE, "an invitation goes to another address"),
    (plan.Kind.SAME, "right already, nothing changes"),
    (plan.Kind.AGAIN, "an earlier line said it"),
    (plan.Kind.REFUSED, "cannot be taken: `words` says why"),
)
NAMESAKES = (("works", "works here, with another address"), ("invited", "was invited, at another address"))
MOST_ASKED = 300
_ROW = {"given_name": "Kim", "family_name": "Bos", "email": "kim@school.example", "roles": ["teacher", "coach"]}


class Row(bodies.Sent):
    """A line of a staff list."""

    given_name = bodies.Text(max_length=limits.LONGEST_CELL, help_text="The first name.")
    infix = bodies.Text(
        required=False, default="", allow_blank=True, max_length=limits.LONGEST_CELL, help_text="Such as `van der`."
    )
    family_name = bodies.Text(
        required=False, default="", allow_blank=True, max_length=limits.LONGEST_CELL, help_text="The last name."
    )
    email = bodies.Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=limits.LONGEST_CELL,
        help_text="The e-mail address; empty for a code on paper.",
    )
    roles = bodies.Many(
        child=serializers.ChoiceField(choices=Role.choices),
        required=False,
        default=list,
        max_length=len(Role),
        help_text="As what; a teacher where none stands.",
    )
    place = bodies.Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=limits.LONGEST_CELL,
        help_text="At which school: its location code or slug; may be empty where there is only one.",
    )


class NewRoster(bodies.Sent):
    """Who works at a school, or at the schools of a board."""

    rows = bodies.Many(child=Row(), min_length=1, max_length=limits.MOST_LINES)


class Yes(bodies.Sent):
    """A yes to a list as it was looked at."""

    seen = bodies.Text(max_length=64, help_text="`seen` of the look that it is about.")
    others = bodies.Many(
        child=bodies.Number(min_value=1, max_value=limits.MOST_LINES),
        required=False,
        default=list,
        max_length=limits.MOST_LINES,
        help_text="Lines with `asks` that are about somebody else of the same name.",
    )
    gone = bodies.Many(
        child=bodies.Text(max_length=60),
        required=False,
        default=list,
        max_length=MOST_ASKED,
        help_text="Keys of `missing` people who left. Nothing happens to others who do not stand in the list.",
    )
    last_day = bodies.Day(
        required=False, default=None, allow_null=True, help_text="Last day of who left; needed where `gone` is."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whoever left has a last day."""
        if attrs["gone"] and attrs["last_day"] is None:
            raise exceptions.ValidationError({"last_day": [_("Choose the last day.")]})
        return attrs


class RosterLine(serializers.Serializer[Any]):
    """What a line comes to."""

    number = serializers.IntegerField(min_value=1, help_text="The row's place in what was sent, from 1.")
    name = serializers.CharField(allow_blank=True, help_text="The full name, as it will be written.")
    email = serializers.CharField(allow_blank=True, help_text="As it will be written; empty without one.")
    kind = serializers.ChoiceField(choices=KINDS)
    school = serializers.SlugField(allow_null=True, help_text="Where; null where the line names no school of ours.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), help_text="Given by it; none where nothing changes."
    )
    words = serializers.CharField(help_text="What becomes of it, or why nothing can, in the caller's language.")
    asks = serializers.ChoiceField(
        choices=NAMESAKES, allow_null=True, help_text="A namesake here who may be meant (see `others`); null: none."
    )


class Missing(serializers.Serializer[Any]):
    """Somebody who works at a school of the list, or was invited there, and does not stand in it."""

    key = serializers.CharField(help_text="For `gone`.")
    name = serializers.CharField(allow_blank=True, help_text="The full name.")
    school = serializers.SlugField(allow_null=True, help_text="Where.")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), help_text="Held or invited to.")
    is_invited = serializers.BooleanField(help_text="Whether the person was invited and has not come yet.")


class StaffList(serializers.Serializer[Any]):
    """A list that was sent: what taking it in would do now; once it was taken, what it did. Kept for a day."""

    id = serializers.IntegerField(min_value=1)
    made_at = serializers.DateTimeField(help_text="In UTC.")
    taken_at = serializers.DateTimeField(allow_null=True, help_text="In UTC; null: it waits for a yes.")
    seen = serializers.CharField(
        allow_null=True, help_text="Differs as soon as another thing would be done; null once it was taken."
    )
    counts = serializers.DictField(
        child=serializers.IntegerField(min_value=0),
        help_text="How many lines come to which kind; once it was taken: what became of how many, with `ended`.",
    )
    lines = RosterLine(many=True, help_text="In the order sent; none once it was taken.")
    missing = Missing(many=True, help_text="None once it was taken, or where they are too many.")
    too_many_missing = serializers.BooleanField(
        help_text="Whether more than 300 are missing: nobody looks through these, so nobody leaves by this list."
    )


class _Lists(rest.Door):
    """Lists of one owner."""

    at: ClassVar[str]  # the name of a list's address
    key: ClassVar[str]  # what that address calls it

    @property
    def owner(self) -> dict[str, School | Board]:
        """Whose list it is."""
        raise NotImplementedError

    def check(self) -> Response:
        """Keep the rows for a day, and tell what they would do."""
        self.must_be_proved()
        rows = enumerate(self.sent(NewRoster)["rows"], start=1)
        said = [lists.line_of(number, {**row, "roles": ",".join(row["roles"])}) for number, row in rows]
        row = actions.hear_roster(said=said, **self.owner, by=self.caller, now=self.now)  # type: ignore[arg-type]
        return self.created(self.told(row), self.at, **self.named(row))

    def named(self, row: Roster) -> dict[str, Any]:
        """The numbers in the address of a list."""
        return {self.key: row.pk}

    def kept(self, pk: int) -> Roster:
        """One of the caller's own lists; 404 for another."""
        return tenancy.fetch(queries.rosters_of(by=self.caller, **self.owner), pk=pk)  # type: ignore[arg-type]

    def take(self, row: Roster) -> Response:
        """Take it in; a second yes to the same list tells what the first did."""
        self.must_be_proved()
        said = self.sent(Yes)
        if not row.taken_at:
            sets = {"others": frozenset(said["others"]), "gone": frozenset(said["gone"])}
            actions.take_roster(roster=row, **{**said, **sets}, by=self.caller, now=self.now)
            row.refresh_from_db()
        return Response(self.told(row))

    def told(self, row: Roster) -> dict[str, Any]:
        """What the list would do, or did. Three queries."""
        drawn = None if row.taken_at else actions.look_at_roster(roster=row, now=self.now)
        missing = drawn.missing if drawn else ()
        too_many = len(missing) > MOST_ASKED
        entries = drawn.entries if drawn else ()
        slugs = {entry.place.pk: entry.place.slug for entry in entries if entry.place}
        return {
            "id": row.pk,
            "made_at": row.made_at,
            "taken_at": row.taken_at,
            "seen": drawn and drawn.mark,
            "counts": {kind.value: number for kind, number in drawn.counts.items()} if drawn else row.tally,
            "lines": [_line(entry) for entry in entries],
            "missing": [] if too_many else [_missing(person, slugs) for person in missing],
            "too_many_missing": too_many,
        }


class _OfSchool(_Lists, StewardView):
    """Of one school, for who keeps its people."""

    at, key = "roster", "roster_id"

    @property
    def owner(self) -> dict[str, School | Board]:
        """The school."""
        return {"school": self.school}


class _OfBoard(_Lists, BoardView):
    """Of all schools of a board, for its admins."""

    at, key = "board-roster", "list_id"

    @property
    def owner(self) -> dict[str, School | Board]:
        """The board."""
        return {"board": self.board}

    def named(self, row: Roster) -> dict[str, Any]:
        """The numbers in the address of a list."""
        return {"number": self.board.number, **super().named(row)}


_SENT = [OpenApiExample("One row", {"rows": [_ROW]}, request_only=True)]
_TAKEN = {
    200: StaffList,
    (410, problems.MEDIA_TYPE): OpenApiResponse(problems.Problem, description="Taken at the same moment."),
}


class RostersView(_OfSchool):
    """Lists of a school."""

    @extend_schema(
        operation_id="check_roster", tags=["rosters"], request=NewRoster, responses={201: StaffList}, examples=_SENT
    )
    def post(self, request: Request, slug: str) -> Response:
        """Send who works at the school, and read what every row would do: nothing happens yet.

        A list of the caller's that waits for a yes is forgotten. Nothing tells whether an address is known elsewhere.
        """
        return self.check()


class RosterView(_OfSchool):
    """One list of a school."""

    @extend_schema(operation_id="read_roster", tags=["rosters"], responses=StaffList)
    def get(self, request: Request, slug: str, roster_id: int) -> Response:
        """What a list of the caller's would do now, or did."""
        return Response(self.told(self.kept(roster_id)))


class RosterTakeView(_OfSchool):
    """The yes to a list of a school."""

    @extend_schema(operation_id="take_roster", tags=["rosters"], request=Yes, responses=_TAKEN)
    def post(self, request: Request, slug: str, roster_id: int) -> Response:
        """Take the list in, all of it or nothing. Letters leave as soon as the school may invite.

        409 `roster_changed` where another thing would be done than was seen, `roster_wrong` where a line is refused.
        """
        return self.take(self.kept(roster_id))


class BoardRostersView(_OfBoard):
    """Lists of a board."""

    @extend_schema(
        operation_id="check_board_roster",
        tags=["rosters"],
        request=NewRoster,
        responses={201: StaffList},
        examples=_SENT,
    )
    def post(self, request: Request, number: int) -> Response:
        """Send who works at the schools of the board, and read what every row would do: nothing happens yet."""
        return self.check()


class BoardRosterView(_OfBoard):
    """One list of a board."""

    @extend_schema(operation_id="read_board_roster", tags=["rosters"], responses=StaffList)
    def get(self, request: Request, number: int, list_id: int) -> Response:
        """What a list of the caller's would do now, or did."""
        return Response(self.told(self.kept(list_id)))


class BoardRosterTakeView(_OfBoard):
    """The yes to a list of a board."""

    @extend_schema(operation_id="take_board_roster", tags=["rosters"], request=Yes, responses=_TAKEN)
    def post(self, request: Request, number: int, list_id: int) -> Response:
        """Take the list in, all of it or nothing, as `take_roster`."""
        return self.take(self.kept(list_id))


def _line(entry: plan.Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "name": str(entry.said.name),
        "email": entry.said.email,
        "kind": entry.kind.value,
        "school": entry.place and entry.place.slug,
        "roles": [role.value for role in entry.roles],
        "words": " ".join(map(str, entry.wrong)) or telling.told(entry),
        "asks": entry.asks or None,
    }


def _missing(person: plan.Person, slugs: dict[int, str]) -> dict[str, Any]:
    return {
        "key": actions.key_of(person),
        "name": str(person.name),
        "school": slugs.get(person.school_id),
        "roles": [role.value for role in person.keys],
        "is_invited": person.user_id is None,
    }
