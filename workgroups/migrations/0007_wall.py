from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from schools.walls import Wall


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workgroups", "0006_invitations")]

    operations: ClassVar = [
        Wall("workgroups_workgroup"),
        Wall("workgroups_seat"),
        Wall("workgroups_guest"),
        Wall("workgroups_yearturn"),
        Wall("workgroups_focusperiod"),
        Wall("workgroups_goal"),
        Wall("workgroups_goalupdate"),
        Wall("workgroups_agreement"),
        Wall("workgroups_series"),
        Wall("workgroups_meeting"),
        Wall("workgroups_opener"),
        Wall("workgroups_closer"),
        Wall("workgroups_agreementcheck"),
        Wall("workgroups_goalcheck"),
        Wall("workgroups_agenda"),
        Wall("workgroups_scene"),
        Wall("workgroups_helprequest"),
        Wall("workgroups_knowsheet"),
        Wall("workgroups_knowline"),
        Wall("workgroups_decisionnote"),
        Wall("workgroups_criterion"),
        Wall("workgroups_option"),
        Wall("workgroups_optionfit"),
        Wall("workgroups_peerfeedback"),
        Wall("workgroups_routinereview"),
        Wall("workgroups_source"),
        Wall("workgroups_interview"),
        Wall("workgroups_groupinvitation"),
        Wall("workgroups_schoolrule"),
        Wall("workgroups_reminderrule"),
        Wall("workgroups_guidedstart"),
    ]
