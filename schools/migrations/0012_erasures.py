from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0011_programs")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="event",
            name="what",
            field=models.CharField(
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
                    ("app_allowed", "App let into your account"),
                    ("app_ended", "App shut out of your account"),
                    ("data_taken", "Own data taken along"),
                    ("erasure_asked", "Asked to erase the account"),
                    ("erasure_undone", "Erasing the account taken back"),
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
        migrations.AddField(model_name="user", name="erase_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="user",
            name="undo_digest",
            field=models.CharField(blank=True, max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="user", name="is_former", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=Q(undo_digest__isnull=True) | Q(erase_at__isnull=False), name="only_an_erasure_is_undone"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=Q(is_former=False) | Q(email__isnull=True, is_active=False, family_name="", nickname=""),
                name="who_was_erased_has_no_name",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(condition=Q(erase_at__isnull=False), fields=["erase_at"], name="user_to_erase"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(condition=Q(is_former=True), fields=["id"], name="user_former"),
        ),
    ]
