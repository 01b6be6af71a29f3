from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0002_wishes")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="school",
            name="consented_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="school",
            name="region_checked_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="school",
            name="started_because",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("teacher", "teacher"),
                            ("coach", "coach"),
                            ("leader", "school leader"),
                            ("admin", "school admin"),
                        ],
                        max_length=8,
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, null=True)),
                ("given_name", models.CharField(blank=True, max_length=60)),
                ("infix", models.CharField(blank=True, max_length=20)),
                ("family_name", models.CharField(blank=True, max_length=80)),
                ("digest", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("sends", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True)),
                        fields=["school"],
                        name="invitation_open",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("accepted_at__isnull", True),
                            ("digest__isnull", True),
                            ("email__isnull", False),
                            ("revoked_at__isnull", True),
                        ),
                        fields=["id"],
                        name="invitation_to_send",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("email__isnull", False), ("revoked_at__isnull", True)
                        ),
                        fields=("school", "email", "role"),
                        name="one_open_invitation_per_address_and_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email__isnull", True),
                            models.Q(
                                ("email", django.db.models.functions.text.Lower("email")),
                                models.Q(("email", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="invited_address_is_absent_or_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest__isnull", True), ("expires_at__isnull", True)),
                            models.Q(
                                ("digest__isnull", False), ("expires_at__isnull", False), ("sent_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="invitation_with_a_key_expires",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True),
                            models.Q(("digest__isnull", False), ("revoked_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="accepted_invitation_had_a_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user__isnull", True), ("email__isnull", True), _connector="OR"),
                        name="account_or_address_of_an_invitation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["teacher", "coach", "leader", "admin"])),
                        name="invitation_role",
                    ),
                ],
            },
        ),
    ]
