"""The clock's door to the post: a nudge, nothing more; the ledger knows what is due."""

from celery import shared_task
from celery.signals import worker_before_create_process
from django.utils import timezone

from schools import actions, events, post, tenancy

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
def deliver(**kwargs: object) -> None:
    """Deliver what is due; safe to run twice, in parallel and on any number of machines."""
    post.deliver_all(seconds=SECONDS)


@shared_task(name="schools.reconcile", ignore_result=True)
def reconcile(**kwargs: object) -> None:
    """Write down anew what should be in the ledger and is not."""
    post.reconcile(now=timezone.now())


@shared_task(name="schools.forget_sessions", ignore_result=True)
def forget_sessions(**kwargs: object) -> None:
    """Forget sessions that are over, changes of addresses that cannot be undone any more, and keys of apps."""
    with tenancy.acting_for_system("forget sessions"):
        actions.forget_sessions(now=timezone.now())
        actions.forget_program_keys(now=timezone.now())


@shared_task(name="schools.forget_events", ignore_result=True)
def forget_events(**kwargs: object) -> None:
    """Forget what happened twelve months ago."""
    with tenancy.acting_for_system("forget events"):
        events.forget_older(now=timezone.now())


@shared_task(name="schools.send_invitations", ignore_result=True)
def send_invitations(**kwargs: object) -> None:
    """Send the invitations that wait, of schools that may invite."""
    actions.send_invitations(now=timezone.now())


@shared_task(name="schools.forget_invitations", ignore_result=True)
def forget_invitations(**kwargs: object) -> None:
    """Forget invitations that were closed, or never answered, long ago."""
    actions.forget_invitations(now=timezone.now())


@shared_task(name="schools.forget_calls", ignore_result=True)
def forget_calls(**kwargs: object) -> None:
    """Forget what calls of the API were answered a day ago."""
    with tenancy.acting_for_system("forget calls"):
        actions.forget_calls(now=timezone.now())


@shared_task(name="schools.forget_rosters", ignore_result=True)
def forget_rosters(**kwargs: object) -> None:
    """Forget the lists of people that were chosen a day ago."""
    with tenancy.acting_for_system("forget rosters"):
        actions.forget_rosters(now=timezone.now())
