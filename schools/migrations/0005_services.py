from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0004_sessions")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SignInService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("microsoft", "Microsoft"),
                            ("google", "Google"),
                            ("surfconext", "SURFconext"),
                            ("entree", "Entree"),
                        ],
                        max_length=10,
                    ),
                ),
                ("issuer", models.CharField(max_length=200)),
                ("client_id", models.CharField(max_length=191)),
                ("secret", models.TextField()),
                ("domains", models.CharField(blank=True, max_length=400)),
                ("pinned", models.JSONField(default=dict)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="schools.board"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("board", "shape"), name="one_service_of_a_shape_per_board"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuer", ""), _negated=True),
                            models.Q(("client_id", ""), _negated=True),
                            models.Q(("secret", ""), _negated=True),
                        ),
                        name="service_is_told_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opened_at__isnull", True), ("checked_at__isnull", False), _connector="OR"),
                        name="service_opens_after_a_try",
                    ),
                ],
            },
        ),
    ]
