"""The national list of schools into our own rows: nothing is ever deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence, Set as AbstractSet
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from schools import refusals, registry
from schools.models import Board, School

_KEPT_IN_STEP = ("name", "place", "region", "board_id")


class BoardNotListedError(refusals.Refused):
    """A board was asked for that the list does not have."""

    code = "board_not_listed"


@dataclass
class Tally:
    """How many schools became what."""

    new: int = 0
    changed: int = 0
    closed: int = 0
    reopened: int = 0
    unchanged: int = 0


@transaction.atomic
def import_registry(
    *, rows: Sequence[registry.Listed], boards: AbstractSet[int] | None = None, now: dt.datetime
) -> Tally:
    """Bring our schools in step with the list, all of it or only what belongs to some boards.

    Inserts, changes name, place, region and board, closes what vanished from the list, opens what came back. Schools
    without a code are left alone, and so is everybody's slug. Eight queries at most, whatever the number of rows.
    Raises BoardNotListedError when a board asked for is not on the list.
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
        school = _follow(known.get(row.code), row, ours[row.board], taken, tally)
        if school:
            written.append(school)
    _write(written)
    listed = {row.code for row in rows}
    gone = [
        school.pk
        for code, school in known.items()
        if code not in listed and not school.closed_on and (boards is None or numbers[school.board_id] in boards)
    ]
    if gone:
        tally.closed = School.objects.filter(pk__in=gone).update(closed_on=timezone.localdate(now))
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


def _follow(school: School | None, row: registry.Listed, board_id: int, taken: set[str], tally: Tally) -> School | None:
    """The school as the list has it now, to be written; None when nothing changed."""
    if school is None:
        tally.new += 1
        slug = registry.slug_for(row, taken)
        taken.add(slug)
        school = School(location_code=row.code, slug=slug)
    else:
        before = tuple(getattr(school, name) for name in _KEPT_IN_STEP)
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


def _write(schools: list[School]) -> None:
    if schools:
        School.objects.bulk_create(
            schools,
            update_conflicts=True,
            unique_fields=["location_code"],
            update_fields=["name", "place", "region", "board", "closed_on"],
        )
