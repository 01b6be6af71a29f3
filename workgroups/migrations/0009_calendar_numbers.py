from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workgroups", "0008_group_version")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="meeting",
            name="calendar_from",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
