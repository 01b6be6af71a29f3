"""What calls of the API were answered, for who did not hear it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from schools.models.people import User


class KeptAnswer(models.Model):
    """What one call with an ``Idempotency-Key`` was answered: the same call again is answered the same.

    Of key and call only keyed hashes are kept, and the answer is sealed with that key, which is not here: what lies in
    this table says nothing to anybody but who sent the call. Empty while the call runs.
    """

    KEPT: ClassVar = dt.timedelta(hours=24)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_answers")
    key_digest = models.CharField(max_length=64)
    call_digest = models.CharField(max_length=64)
    sealed = models.TextField(blank=True)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key_digest"], name="one_call_by_a_key")]

    def __str__(self) -> str:
        return f"answer to a call of {self.user_id}"
