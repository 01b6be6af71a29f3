"""The key of an invitation: made when it leaves, sent at once, kept as a hash only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from schools import codes, post
from schools.actions import following
from schools.models import Invitation

LIFETIME = dt.timedelta(days=14)
KEPT_OPEN = dt.timedelta(days=90)
KEPT_CLOSED = dt.timedelta(days=30)
_A_ROUND = 500
_FAILURES = 3


def give(row: Invitation, code: str, *, now: dt.datetime) -> None:
    """Let this code, and no other, open the invitation for two weeks."""
    row.digest, row.sent_at, row.expires_at, row.sends = codes.digest(code), now, now + LIFETIME, row.sends + 1
    row.save(update_fields=["digest", "sent_at", "expires_at", "sends"])


def send_or_raise(row: Invitation, *, now: dt.datetime) -> None:
    """Send the invitation with a new key; raises post.NotSentError, and then the old key still opens it.

    One letter tells all roles to which the address is invited at this school, and accepting takes them all.
    """
    with transaction.atomic():
        together = list(
            Invitation.objects.open().filter(school=row.school_id, email=row.email).select_for_update(skip_locked=True)
        )
        code = codes.make()
        for one in together:
            give(one, code if one.pk == row.pk else codes.make(), now=now)
        _post(row, code, together, now=now)


def send(row: Invitation, *, now: dt.datetime) -> bool:
    """The same, and whether it left; where not, it waits for a later round."""
    try:
        send_or_raise(row, now=now)
    except post.NotSentError:
        Invitation.objects.filter(pk=row.pk).update(sent_at=now, sends=F("sends") + 1)
        return False
    return True


def send_waiting(*, now: dt.datetime) -> int:
    """Send what waits and may leave now; a round of the clock's. Returns how many letters left.

    After three in a row that did not leave, the round ends. Where a round is cut off behind a letter, the key in it
    opens nothing, and the next round sends another.
    """
    left = failed = 0
    with following.at_the_desk():
        waiting = list(Invitation.objects.to_send(now)[:_A_ROUND].values_list("pk", flat=True))
    for pk in waiting:
        with following.at_the_desk(), transaction.atomic():
            held = Invitation.objects.to_send(now).select_for_update(skip_locked=True, of=("self",))
            row = held.filter(pk=pk).first()
            if row is not None and send(row, now=now):
                left, failed = left + 1, 0
            elif row is not None:
                failed += 1
        if failed == _FAILURES:
            break
    return left


def _post(row: Invitation, code: str, together: list[Invitation], *, now: dt.datetime) -> None:
    school, inviter = row.school, row.invited_by
    context: dict[str, Any] = {
        "school": school,
        "name": row.given_name,
        "roles": [one.get_role_display() for one in together],
        "inviter": inviter.name if inviter else "",
        "groups": [name for one in together for follower in following.followers for name in follower.named(one)],
        "until": (now + LIFETIME).astimezone(school.zone).date(),
        "href": f"{settings.PUBLIC_URL}{reverse('invitation', args=[code])}",
        "email": row.email,
    }
    post.send_key("schools/email/invited", context, to=str(row.email), language=school.language, now=now)


def came_in(row: Any) -> bool:
    """Whether somebody used the account ever: then nobody else chooses its password."""
    return row.last_login is not None or row.has_usable_password()
