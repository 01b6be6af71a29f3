import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0002_wishes"),
        ("workgroups", "0004_calendar_and_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("time", "Time"),
                            ("data", "Data"),
                            ("expert", "An expert"),
                            ("school", "A school to visit"),
                        ],
                        max_length=6,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("answered", "answered"),
                            ("done", "done"),
                            ("withdrawn", "taken back"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("asked_on", models.DateField()),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workgroups.workgroup"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["time", "data", "expert", "school"]))
                        & ~models.Q(("text", "")),
                        name="help_says_what_is_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer", ""), ("answered_on__isnull", True), ("answered_by__isnull", True))
                        | ~models.Q(("answer", "")) & models.Q(("answered_on__isnull", False)),
                        name="help_answer_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "asked"), ("answer", ""), ("done_on__isnull", True))
                        | models.Q(("state", "answered"), ("done_on__isnull", True)) & ~models.Q(("answer", ""))
                        | models.Q(("state", "done"), ("done_on__isnull", False)) & ~models.Q(("answer", ""))
                        | models.Q(("state", "withdrawn")),
                        name="help_stands_where_its_words_say",
                    ),
                ],
            },
        ),
    ]
