from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from schools.walls import Wall

_ENDS = ["sent", "failed", "dropped"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0012_erasures")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=30)),
                ("number", models.PositiveIntegerField()),
                (
                    "school",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["school", "-day"], name="receipt_by_school")],
                "constraints": [models.CheckConstraint(condition=Q(number__gt=0), name="receipt_of_something")],
            },
        ),
        Wall("schools_receipt", writes="system"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=Q(state__in=_ENDS, user__isnull=False), fields=["expires_at"], name="delivery_known"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=Q(state__in=_ENDS, user__isnull=True), fields=["expires_at"], name="delivery_nameless"
            ),
        ),
    ]
