"""A call of the API with a key of its own is done once, however often it is sent."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals, sealing, tenancy, tokens
from schools.models import KeptAnswer, User

# How long a call waits for the same one that still runs; what stopped without a trace no longer counts after a minute.
PATIENCE = "3s"
_STOPPED = dt.timedelta(minutes=1)


class StillRunning(refusals.Refused):
    """The same call runs at this moment, and takes its time."""

    message = _("The same call still runs. Try it again in a moment: it is done once.")
    code = "still_running"


class KeyOfAnother(refusals.Refused):
    """The key belongs to a call that said something else, or elsewhere."""

    message = _("You used this key for another call. Make a new key for each thing that you want done.")
    code = "key_of_another_call"


@dataclass(frozen=True)
class Call:
    """One call: who makes it, by which key, and a text that is the same if and only if the call is."""

    user: User
    key: str = field(repr=False)
    text: str = field(repr=False)

    @property
    def purpose(self) -> str:
        """What its answer is sealed for: only who knows the key can open it."""
        return f"answer to {self.user.pk} {self.key}"


@dataclass(frozen=True)
class Answer:
    """What it was answered."""

    status: int
    headers: dict[str, str]
    content: str


# One call by a key goes on; the others wait here until it has committed, or was undone.
_TAKE = """
INSERT INTO schools_keptanswer (id, user_id, key_digest, call_digest, sealed, made_at)
VALUES (%(id)s, %(user)s, %(key)s, %(call)s, '', %(now)s)
ON CONFLICT (user_id, key_digest) DO UPDATE
   SET id = excluded.id, call_digest = excluded.call_digest, sealed = '', made_at = excluded.made_at
 WHERE schools_keptanswer.made_at <= %(forgotten)s
    OR (schools_keptanswer.sealed = '' AND schools_keptanswer.made_at <= %(stopped)s)
"""


@transaction.atomic
def take_key(*, call: Call, now: dt.datetime) -> Answer | None:
    """Begin a call: None where it is the first by its key, which goes on; else what the first was answered.

    Raises KeyOfAnother, and StillRunning where the first takes longer than PATIENCE.
    """
    tenancy.inside()
    values: dict[str, Any] = {
        "id": uuid.uuid4() if connection.vendor == "postgresql" else uuid.uuid4().hex,
        "user": call.user.pk,
        "key": tokens.digest(call.purpose),
        "call": tokens.digest(call.text),
        "now": now,
        "forgotten": now - KeptAnswer.KEPT,
        "stopped": now - _STOPPED,
    }
    if _is_first(values):
        return None
    kept = KeptAnswer.objects.get(user=call.user, key_digest=values["key"])
    if kept.call_digest != values["call"]:
        raise KeyOfAnother
    if not kept.sealed:
        raise StillRunning
    return Answer(**json.loads(sealing.unseal(kept.sealed, purpose=call.purpose)))


def _is_first(values: dict[str, Any]) -> bool:
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, values)
            return int(cursor.rowcount) == 1
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'; {_TAKE}; SET LOCAL lock_timeout TO DEFAULT", values)
            cursor.nextset()
            return int(cursor.rowcount) == 1
    except OperationalError as waited:
        raise StillRunning from waited


@transaction.atomic
def keep_answer(*, call: Call, answer: Answer) -> None:
    """Keep what the first call was answered."""
    sealed = sealing.seal(json.dumps(asdict(answer)), purpose=call.purpose)
    KeptAnswer.objects.filter(user=call.user, key_digest=tokens.digest(call.purpose)).update(sealed=sealed)


@transaction.atomic
def give_key_back(*, call: Call) -> None:
    """Keep nothing of a call that was refused: the same key may try again."""
    KeptAnswer.objects.filter(user=call.user, key_digest=tokens.digest(call.purpose)).delete()
