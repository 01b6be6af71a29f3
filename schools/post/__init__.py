"""The post: who must hear what is written down, claimed, checked, sent and noted here; nothing else sends mail.

Letters are rows of the ledger, written in the transaction of their cause. Keys (a link to choose a password) carry
a secret: they are sent at once and stored nowhere.
"""

from schools.post.claim import LEASE, clock
from schools.post.heart import beat, last_beat
from schools.post.keys import NotSentError, send_key
from schools.post.kinds import Dropped, Letter, Prepare, register
from schools.post.ledger import drop, write_down
from schools.post.paper import compose
from schools.post.rounds import FRESH, Outcome, deliver, deliver_all

__all__ = [
    "FRESH",
    "LEASE",
    "Dropped",
    "Letter",
    "NotSentError",
    "Outcome",
    "Prepare",
    "beat",
    "clock",
    "compose",
    "deliver",
    "deliver_all",
    "drop",
    "last_beat",
    "register",
    "send_key",
    "write_down",
]
