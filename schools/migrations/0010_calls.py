from __future__ import annotations

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from schools.walls import OwnWall


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0009_token_scopes")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key_digest", models.CharField(max_length=64)),
                ("call_digest", models.CharField(max_length=64)),
                ("sealed", models.TextField(blank=True)),
                ("made_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_answers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key_digest"), name="one_call_by_a_key")],
            },
        ),
        OwnWall("schools_keptanswer"),
    ]
