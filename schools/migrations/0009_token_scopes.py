from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

# Tokens from before may do what they could: everything.
EVERYTHING = (
    "account:read account:write people:read people:write groups:read groups:write "
    "scans:read scans:write visits:read visits:write profiles:read profiles:write"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schools", "0008_wall")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="apitoken",
            name="scopes",
            field=models.CharField(default=EVERYTHING, max_length=300),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes", ""), _negated=True), name="token_is_for_something"
            ),
        ),
    ]
