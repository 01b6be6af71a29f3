from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workgroups", "0006_invitations")]

    operations: ClassVar = []
