from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workgroups", "0009_calendar_numbers")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["school", "starts_at"], name="meeting_by_school"),
        ),
    ]
