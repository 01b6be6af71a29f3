from __future__ import annotations

import datetime
import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0006_roster")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group_id", models.BigIntegerField(blank=True, null=True)),
                ("group_name", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-ends_at"], name="glass_by_user"),
                    models.Index(fields=["school", "-opened_at"], name="glass_by_school"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="glass_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gte", models.F("opened_at")),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("opened_at"), "+", models.Value(datetime.timedelta(seconds=14400))
                                ),
                            ),
                        ),
                        name="glass_closes_within_four_hours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("signed_in", "Signed in"),
                            ("sign_in_halted", "Sign-in halted after too many tries"),
                            ("session_ended", "Signed out on a device"),
                            ("sessions_ended", "Signed out on all other devices"),
                            ("password_changed", "Password changed"),
                            ("method_added", "Way to sign in added"),
                            ("method_removed", "Way to sign in removed"),
                            ("codes_made", "Recovery codes made"),
                            ("address_changed", "E-mail address changed"),
                            ("address_restored", "E-mail address put back"),
                            ("service_linked", "Sign-in service linked"),
                            ("service_unlinked", "Sign-in service unlinked"),
                            ("token_made", "API token made"),
                            ("token_revoked", "API token revoked"),
                            ("file_taken", "File taken along"),
                            ("role_given", "Role given"),
                            ("role_ended", "Role ended"),
                            ("invited", "Invited"),
                            ("invited_again", "Invitation sent again"),
                            ("invitation_revoked", "Invitation withdrawn"),
                            ("invitation_accepted", "Invitation accepted"),
                            ("consent_written", "Consent of the council written down"),
                            ("roster_imported", "List of people read in"),
                            ("settings_changed", "Settings of the school changed"),
                            ("service_changed", "Sign-in service of the board changed"),
                            ("group_made", "Group started"),
                            ("group_ended", "Group ended"),
                            ("seat_given", "Seat given"),
                            ("seat_ended", "Seat ended"),
                            ("chair_handed", "Chair handed over"),
                            ("guest_welcomed", "Visitor welcomed by the group"),
                            ("glass_broken", "Opened for an operator"),
                            ("glass_closed", "Closed for the operator again"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("teacher", "teacher"),
                            ("coach", "coach"),
                            ("leader", "school leader"),
                            ("admin", "school admin"),
                        ],
                        max_length=8,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("object_id", models.CharField(blank=True, max_length=36)),
                (
                    "board",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.board"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
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
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["school", "-at"], name="event_by_school"),
                    models.Index(fields=["board", "-at"], name="event_by_board"),
                    models.Index(fields=["person", "-at"], name="event_by_person"),
                    models.Index(fields=["by", "-at"], name="event_by_who"),
                    models.Index(fields=["at"], name="event_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), ("object_id", "")),
                            models.Q(("kind", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="event_id_has_a_kind",
                    )
                ],
            },
        ),
    ]
