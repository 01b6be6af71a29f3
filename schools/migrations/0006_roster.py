from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0005_services")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("lines", models.JSONField()),
                ("unread", models.JSONField(default=list)),
                ("tally", models.JSONField(default=dict)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "board",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.board",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["made_at"], name="roster_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("board__isnull", True), ("school__isnull", False)),
                            models.Q(("board__isnull", False), ("school__isnull", True)),
                            _connector="OR",
                        ),
                        name="roster_of_a_school_or_a_board",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("taken_at__isnull", True), ("lines", []), _connector="OR"),
                        name="taken_roster_keeps_no_line",
                    ),
                ],
            },
        ),
    ]
