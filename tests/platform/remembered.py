"""What does not change while a table is tried, and is read once for that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schools import queries as school_queries
from workgroups import queries as group_queries


def read_hats_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's hat changes while a table is tried: what a caller is at a school is read once."""
    member_at = _once(school_queries.member_at, lambda user, slug, now: (user.pk, slug))
    at_the_table = _once(group_queries.at_the_table, lambda member, today: (member.user.pk, member.school.pk))
    monkeypatch.setattr(school_queries, "member_at", member_at)
    monkeypatch.setattr(group_queries, "at_the_table", at_the_table)


def _once(read: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[Any, Any] = {}

    def once(*args: Any, **values: Any) -> Any:
        about = key(*args, **values)
        if about not in known:
            known[about] = read(*args, **values)
        return known[about]

    return once
