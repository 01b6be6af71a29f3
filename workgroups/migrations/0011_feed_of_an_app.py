from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0014_held"), ("workgroups", "0010_meetings_by_school")]

    operations: ClassVar = [
        # Without a constraint: the version before ends an app and knows nothing of its feeds.
        migrations.AddField(
            model_name="calendarfeed",
            name="program",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.program",
            ),
        ),
    ]
