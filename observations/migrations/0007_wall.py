from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from schools.walls import Wall


class Migration(migrations.Migration):
    dependencies: ClassVar = [("observations", "0006_shown_rounds")]

    operations: ClassVar = [
        Wall("observations_visit"),
        Wall("observations_sharedecision"),
        Wall("observations_correction"),
        Wall("observations_observation"),
        Wall("observations_aspectnote"),
        Wall("observations_behaviourmark"),
        Wall("observations_feedbackpair"),
        Wall("observations_aspectreading"),
        Wall("observations_debrief"),
        Wall("observations_pointanswer"),
        Wall("observations_pulse"),
        Wall("observations_pulseelector"),
        Wall("observations_pulseanswer"),
        Wall("observations_pulsereading"),
        Wall("observations_selfscan"),
        Wall("observations_elector"),
        Wall("observations_scananswer"),
        Wall("observations_snapshot"),
        Wall("observations_scanreading"),
        Wall("observations_remark"),
    ]
