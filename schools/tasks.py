"""The clock's door to the post: a nudge, nothing more; the ledger knows what is due."""

from celery import shared_task
from celery.signals import worker_before_create_process
from django.utils import timezone

from schools import actions, post, retention

# A minute of each nudge: what is left waits for the next one, and whoever stops a worker waits no longer than that.
SECONDS = 60


@worker_before_create_process.connect
def start_up(**kwargs: object) -> None:
    """Each process of a worker begins as the other engine does.

    Its parent does it for it: a process that looks for garbage itself shares hardly a page of memory with its parent
    any more.
    """
    post.start_up()


@shared_task(name="schools.deliver", ignore_result=True)
def deliver(**kwargs: object) -> dict[str, int]:
    """Deliver what is due; safe to run twice, in parallel and on any number of machines. How many ended how."""
    return vars(post.deliver_all(seconds=SECONDS))


@shared_task(name="schools.reconcile", ignore_result=True)
def reconcile(**kwargs: object) -> None:
    """Write down anew what should be in the ledger and is not."""
    post.reconcile(now=timezone.now())


@shared_task(name="schools.send_invitations", ignore_result=True)
def send_invitations(**kwargs: object) -> None:
    """Send the invitations that wait, of schools that may invite."""
    actions.send_invitations(now=timezone.now())


@shared_task(name="schools.forget", ignore_result=True)
def forget(**kwargs: object) -> dict[str, int]:
    """Let go of everything whose time is over: the one clock of all floors. How many rows, by kind."""
    return dict(retention.forget_due(now=timezone.now()))
