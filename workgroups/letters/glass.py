"""The letter about an operator's look inside: nobody can turn it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings
from django.urls import reverse

from schools import post
from schools.models import BreakGlass, Delivery
from workgroups import queries
from workgroups.actions import glass as looking


def register() -> None:
    """Tell the post of it."""
    post.register(looking.GLASS_BROKEN, prepare, for_board=True)


def prepare(deliveries: Sequence[Delivery], now: dt.datetime) -> Mapping[int, post.Letter | post.Dropped]:
    """Each delivery's letter, or why it is not wanted any more. Three queries, whatever the number."""
    looks = queries.looks_by_id({one.subject_id for one in deliveries})
    here = queries.still_concerned(deliveries, now=now)

    @cache
    def letter(look_id: int, language: str) -> post.Letter:
        return _letter(looks[look_id], language)

    answers: dict[int, post.Letter | post.Dropped] = {}
    for one in deliveries:
        if one.subject_id not in looks:
            answers[one.pk] = post.Dropped("the look is forgotten")
        elif one.pk not in here:
            answers[one.pk] = post.Dropped("left the school")
        else:
            answers[one.pk] = letter(one.subject_id, (one.user.language if one.user else "") or one.school.language)
    return answers


def _letter(look: BreakGlass, language: str) -> post.Letter:
    address = f"{settings.PUBLIC_URL}{reverse('school-opened', args=[look.school.slug])}"
    about = {"look": look, "school": look.school, "operator": look.user, "address": address}
    return post.compose("letters/glass_broken", about, language=language, zone=look.school.zone)
