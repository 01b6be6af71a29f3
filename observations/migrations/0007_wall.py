from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("observations", "0006_shown_rounds")]

    operations: ClassVar = []
