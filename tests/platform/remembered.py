"""What does not change while a table is tried, and is read once for that."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend

from schools import queries as school_queries
from schools.queries import hats
from workgroups import queries as group_queries


def read_hats_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's hat changes while a table is tried: who a caller is, and what at a school, is read once."""
    get_user = once(ModelBackend.get_user, lambda _backend, user_id: user_id)
    monkeypatch.setattr(ModelBackend, "get_user", lambda *about: copy.copy(get_user(*about)))
    whole = school_queries.member_at  # the same hat for pages, which ask where else one is somebody, and for the API
    member_at = once(lambda user, slug, now, **_how: whole(user=user, slug=slug, now=now), _of_a_hat)
    at_the_table = once(group_queries.at_the_table, lambda member, today: (member.user.pk, member.school.pk))
    seated = once(group_queries.member_at_the_table, _of_a_hat)
    for room in (school_queries, hats):  # also where it is asked from within
        monkeypatch.setattr(room, "member_at", member_at)
    monkeypatch.setattr(group_queries, "at_the_table", at_the_table)
    monkeypatch.setattr(group_queries, "member_at_the_table", seated)


def _of_a_hat(user: Any, slug: str, now: Any, **_how: bool) -> tuple[int, str]:
    return user.pk, slug


def once(read: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
    """Read by ``key`` of what is asked, and remember."""
    known: dict[Any, Any] = {}

    def remember(*args: Any, **values: Any) -> Any:
        about = key(*args, **values)
        if about not in known:
            known[about] = read(*args, **values)
        return known[about]

    return remember
