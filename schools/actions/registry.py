"""The national list of schools into our own rows: nothing is ever deleted."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Sequence, Set as AbstractSet
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from schools import refusals, registry
from schools.models import Board, School

_KEPT_IN_STEP = ("name", "place", "region", "board_id")


class BoardNotListedError(refusals.Refused):
    """A board was asked for that the list does not have."""

    code = "board_not_listed"


class Turn(enum.StrEnum):
    """What can become of a school; one that was renamed may also have moved."""

    NEW = "new"
    RENAMED = "renamed"
    MOVED = "moved to another board"
    ELSEWHERE = "another place or holiday region"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Change:
    """What became of one school, by its code and the name that it has now: what it was, and what it is."""

    turn: Turn
    code: str
    name: str
    was: str = ""
    now: str = ""


@dataclass
class Tally:
    """How many schools became what, and which."""

    new: int = 0
    changed: int = 0
    closed: int = 0
    reopened: int = 0
    unchanged: int = 0
    changes: list[Change] = field(default_factory=list, compare=False, repr=False)

    def of(self, turn: Turn) -> list[Change]:
        """The schools of which this became, in the order of the list."""
        return [change for change in self.changes if change.turn is turn]


@transaction.atomic
def import_registry(
    *, rows: Sequence[registry.Listed], boards: AbstractSet[int] | None = None, dry_run: bool = False, now: dt.datetime
) -> Tally:
    """Bring our schools in step with the list, all of it or only what belongs to some boards.

    Inserts, changes name, place, region and board, closes what vanished from the list, opens what came back. Schools
    without a code are left alone, and so is everybody's slug. Eight queries at most, whatever the number of rows.
    A dry run does the same and takes it all back. Raises BoardNotListedError when a board asked for is not on the list.
    """
    missing = sorted((boards or set()) - {row.board for row in rows})
    if missing:
        raise BoardNotListedError(f"The list has no board {', '.join(map(str, missing))}.")
    known = {school.location_code: school for school in School.objects.filter(location_code__isnull=False)}
    numbers = {board.pk: board.number for board in Board.objects.all()}
    concerned = [row for row in rows if boards is None or row.board in boards or _held(known, numbers, row) in boards]
    ours = _boards({row.board for row in concerned}, set(numbers.values()))
    tally, written = Tally(), []
    taken = set(School.objects.values_list("slug", flat=True))
    for row in concerned:
        school = _follow(known.get(row.code), row, ours[row.board], taken, tally, numbers)
        if school:
            written.append(school)
    _write(written)
    listed = {row.code for row in rows}
    gone = [
        school
        for code, school in known.items()
        if code not in listed and not school.closed_on and (boards is None or numbers[school.board_id] in boards)
    ]
    if gone:
        ids = [school.pk for school in gone]
        tally.closed = School.objects.filter(pk__in=ids).update(closed_on=timezone.localdate(now))
        tally.changes += [Change(Turn.CLOSED, school.location_code or "", school.name) for school in gone]
    transaction.set_rollback(dry_run)
    return tally


def _held(known: dict[str | None, School], numbers: dict[int, int], row: registry.Listed) -> int:
    """The number of the board that holds this school with us now; nought for a new one."""
    school = known.get(row.code)
    return numbers[school.board_id] if school else 0


def _boards(wanted: set[int], existing: set[int]) -> dict[int, int]:
    """The ids of these boards by number; boards that are new to us begin without a name."""
    new = [Board(number=number) for number in sorted(wanted - existing)]
    if new:
        Board.objects.bulk_create(new)
    return dict(Board.objects.values_list("number", "pk"))


def _follow(
    school: School | None,
    row: registry.Listed,
    board_id: int,
    taken: set[str],
    tally: Tally,
    numbers: dict[int, int],
) -> School | None:
    """The school as the list has it now, to be written; None when nothing changed."""
    if school is None:
        tally.new += 1
        tally.changes.append(Change(Turn.NEW, row.code, row.name, now=_where(row.place, row.board)))
        slug = registry.slug_for(row, taken)
        taken.add(slug)
        school = School(location_code=row.code, slug=slug)
    else:
        before = tuple(getattr(school, name) for name in _KEPT_IN_STEP)
        tally.changes += _turns(school, row, numbers)
        if school.closed_on:
            tally.reopened += 1
        elif before == (row.name, row.place, row.region, board_id):
            tally.unchanged += 1
            return None
        else:
            tally.changed += 1
    school.name, school.place, school.region, school.board_id = row.name, row.place, row.region, board_id
    school.closed_on = None
    return school


def _turns(school: School, row: registry.Listed, numbers: dict[int, int]) -> Iterator[Change]:
    """Everything that the list has otherwise than we have it."""
    if school.closed_on:
        yield Change(Turn.REOPENED, row.code, row.name, str(school.closed_on))
    if school.name != row.name:
        yield Change(Turn.RENAMED, row.code, row.name, school.name, row.name)
    if numbers[school.board_id] != row.board:
        yield Change(Turn.MOVED, row.code, row.name, str(numbers[school.board_id]), str(row.board))
    was, now = (f"{place}, {region}" for place, region in ((school.place, school.region), (row.place, row.region)))
    if was != now:
        yield Change(Turn.ELSEWHERE, row.code, row.name, was, now)


def _where(place: str, board: int) -> str:
    return f"{place}, board {board}" if place else f"board {board}"


def _write(schools: list[School]) -> None:
    if schools:
        School.objects.bulk_create(
            schools,
            update_conflicts=True,
            unique_fields=["location_code"],
            update_fields=["name", "place", "region", "board", "closed_on"],
        )
