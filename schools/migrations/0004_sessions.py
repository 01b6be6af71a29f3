from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0003_invitations")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("session_data", models.TextField()),
                ("expire_date", models.DateTimeField(db_index=True)),
                ("device", models.CharField(blank=True, max_length=60)),
                ("began_on", models.DateField(null=True)),
                ("seen_on", models.DateField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old", models.EmailField(blank=True, max_length=254)),
                ("new", models.EmailField(max_length=254)),
                ("confirm_digest", models.CharField(max_length=64, unique=True)),
                ("undo_digest", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="address_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "asked_at"], name="address_change_by_user")],
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(old=models.F("new")), name="address_change_changes_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(confirmed_at__isnull=True)
                        | models.Q(confirmed_at__gte=models.F("asked_at")),
                        name="address_confirmed_after_it_was_asked",
                    ),
                ],
            },
        ),
    ]
