"""The pipeline that a tutorial teaches: a periodic task finds what is due and starts one task for each letter.

Each task reads its rows, renders a text and a page, sends them with Django's `send_mail` (which opens a line for every
letter), and notes it. It looks after nothing: no lease, no check, no second try; its page is shorter than ours and its
Celery goes by Celery's own settings. The same worker also does tasks that do nothing, and takes our letters out of the
box without sending them.
"""

from __future__ import annotations

from typing import Any

import django
from celery import Celery
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation

django.setup()

from django.template import Context, Template  # noqa: E402  # after Django is set up

from schools import post  # noqa: E402
from schools.models import Delivery  # noqa: E402
from schools.post import claim, rounds  # noqa: E402
from workgroups.models import Agreement, Goal, Meeting  # noqa: E402

app = Celery("tutorial", broker=settings.CELERY_BROKER_URL)
app.conf.task_default_queue = "tutorial"

_SUBJECT = Template("{{ meeting.day|date:'l j F' }}, {{ meeting.time|time:'H:i' }}: {{ meeting.group.name }}")
_TEXT = Template("""{{ meeting.group.name }} - {{ meeting.place }}, {{ meeting.day|date:'l j F' }}
{% for one in agreements %}- {{ one.text }}
{% endfor %}{% for goal in goals %}- {{ goal.text }}
{% endfor %}{{ address }}
""")
_PAGE = Template("""<!doctype html><html><head><meta charset="utf-8"><title>{{ meeting.group.name }}</title></head>
<body>
<h1 style="font-size:24px">{{ meeting.day|date:'l j F' }}, {{ meeting.time|time:'H:i' }}</h1>
<p style="color:#333">{{ meeting.group.name }}<br>{{ meeting.place }}</p><h2>Dit spraken jullie af</h2>
<ol>{% for one in agreements %}<li style="padding:8px">{{ one.text }}</li>{% endfor %}</ol>
<h2>Daar willen jullie heen</h2>
{% for goal in goals %}<p style="color:#333">{{ goal.text }}</p>{% endfor %}
<p><a href="{{ address }}" style="background:#146">Open de bijeenkomst</a></p></body></html>
""")


@app.task(ignore_result=True)
def nothing(number: int) -> None:
    """Cost what a task costs."""


@app.task(ignore_result=True)
def claim_all() -> None:
    """Take all letters out of the box as the post does, and leave it at that."""
    with post.open_ledger():
        while claim.claim(now=claim.clock(), limit=rounds.BATCH):
            pass


@app.task(ignore_result=True)
def remind_all() -> None:
    """Start a task for each letter that is due."""
    due = Delivery.objects.filter(state="waiting", due_at__lte=timezone.now())
    for pk in due.values_list("pk", flat=True):
        remind.delay(pk)


@app.task(ignore_result=True)
def remind(pk: int) -> None:
    """Read, render, send, note."""
    letter = Delivery.objects.select_related("user", "school").get(pk=pk)
    meeting = Meeting.objects.select_related("group").get(pk=letter.subject_id)
    person: Any = letter.user
    with translation.override(person.language or letter.school.language):
        words = Context(_words(meeting))
        subject, text, page = (part.render(words) for part in (_SUBJECT, _TEXT, _PAGE))
    send_mail(subject, text, None, [person.email], html_message=page)
    number = f"<{pk}@tutorial.example>"
    Delivery.objects.filter(pk=pk).update(state="sent", sent_at=timezone.now(), message_id=number)


def _words(meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "agreements": list(Agreement.objects.filter(group=meeting.group_id, state="live").order_by("slot")),
        "goals": list(Goal.objects.filter(group=meeting.group_id, state="live").order_by("position")),
        "address": f"{settings.PUBLIC_URL}/bijeenkomst/{meeting.pk}/",
    }
