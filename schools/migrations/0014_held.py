from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0013_retention")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("leased", "on its way"),
                    ("held", "held"),
                    ("sent", "sent"),
                    ("failed", "could not be delivered"),
                    ("dropped", "not sent"),
                ],
                default="waiting",
                max_length=7,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(condition=models.Q(("state", "held")), fields=["expires_at"], name="delivery_held"),
        ),
        migrations.AddField(model_name="invitation", name="held_at", field=models.DateTimeField(blank=True, null=True)),
    ]
