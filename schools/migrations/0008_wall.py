from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from schools.walls import Wall


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0007_events")]

    operations: ClassVar = [
        Wall("schools_membership", own=("user_id",)),
        Wall("schools_holiday", common=True),
        Wall("schools_delivery"),
        Wall("schools_invitation"),
        Wall("schools_breakglass", own=("user_id",), writes="system"),
        Wall("schools_roster", board="board_id"),
        Wall("schools_event", own=("by_id", "person_id"), board="board_id", writes="append"),
    ]
