"""A group decides about each revealed round whether its leader reads it; decisions so far were about the whole."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observations", "0005_correction")]

    operations = [
        migrations.AddField(
            model_name="sharedecision",
            name="scan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="observations.selfscan",
            ),
        ),
    ]
