"""The group's three answers to a point are those of the instrument (C14): recognised, surprised, curious."""

from django.db import migrations, models

_CHOICES = [
    ("recognised", "we recognise this"),
    ("surprised", "this surprises us"),
    ("curious", "we want to know more about this"),
]
_ANSWERS = "UPDATE observations_pointanswer SET answer = '%s' WHERE answer = '%s'"
_NEW_OF_OLD = {"partly": "curious", "not_yet": "surprised"}


class Migration(migrations.Migration):
    dependencies = [("observations", "0003_debrief")]

    operations = [
        migrations.RemoveConstraint("pointanswer", "answer_of_the_group"),
        migrations.AlterField("pointanswer", "answer", models.CharField(choices=_CHOICES, max_length=10)),
        *(
            migrations.RunSQL(_ANSWERS % (new, old), reverse_sql=_ANSWERS % (old, new))
            for old, new in _NEW_OF_OLD.items()
        ),
        migrations.AddConstraint(
            "pointanswer",
            models.CheckConstraint(
                condition=models.Q(("answer__in", [answer for answer, _label in _CHOICES])), name="answer_of_the_group"
            ),
        ),
    ]
