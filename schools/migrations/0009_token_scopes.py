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

    # The version before writes tokens too while both run. This one names the scopes of each and has no default.
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField(
                    model_name="apitoken",
                    name="scopes",
                    field=models.CharField(db_default=EVERYTHING, max_length=300),
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="apitoken",
                    name="scopes",
                    field=models.CharField(max_length=300),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes", ""), _negated=True), name="token_is_for_something"
            ),
        ),
    ]
