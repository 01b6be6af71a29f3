"""The post: who must hear what is written down, claimed, checked, sent and noted here; nothing else sends mail.

Letters are rows of the ledger, written in the transaction of their cause. Keys (a link to choose a password) carry
a secret: they are sent at once and stored nowhere.
"""

from schools.post import stop
from schools.post.claim import LATE, LEASE, clock
from schools.post.engine import start_up
from schools.post.form import fill_in
from schools.post.heart import PATIENCE, beat, is_too_long, last_beat, silence, stands_still
from schools.post.keys import NotSentError, send_key
from schools.post.kinds import (
    ATTENDEE,
    EVERY,
    CalendarPart,
    Dropped,
    Letter,
    Prepare,
    Sort,
    digest_of,
    register,
    register_sort,
    sort_of,
    sorts,
)
from schools.post.ledger import (
    TAKEN_BACK,
    Entry,
    drop,
    open_ledger,
    send_after_all,
    write_all,
    write_down,
    write_for_schools,
)
from schools.post.mending import reconcile, register_mending
from schools.post.paper import compose
from schools.post.parting import forget_recipients, over
from schools.post.restored import RESTORED, RESTORING, HeldPile, held, let_go, release, settle
from schools.post.rounds import FRESH, Outcome, deliver, deliver_all
from schools.post.status import Queue, Status, queue, status
from schools.post.watch import Watcher, register_watcher

__all__ = [
    "ATTENDEE",
    "EVERY",
    "FRESH",
    "LATE",
    "LEASE",
    "PATIENCE",
    "RESTORED",
    "RESTORING",
    "TAKEN_BACK",
    "CalendarPart",
    "Dropped",
    "Entry",
    "HeldPile",
    "Letter",
    "NotSentError",
    "Outcome",
    "Prepare",
    "Queue",
    "Sort",
    "Status",
    "Watcher",
    "beat",
    "clock",
    "compose",
    "deliver",
    "deliver_all",
    "digest_of",
    "drop",
    "fill_in",
    "forget_recipients",
    "held",
    "is_too_long",
    "last_beat",
    "let_go",
    "open_ledger",
    "over",
    "queue",
    "reconcile",
    "register",
    "register_mending",
    "register_sort",
    "register_watcher",
    "release",
    "send_after_all",
    "send_key",
    "settle",
    "silence",
    "sort_of",
    "sorts",
    "stands_still",
    "start_up",
    "status",
    "stop",
    "write_all",
    "write_down",
    "write_for_schools",
]
