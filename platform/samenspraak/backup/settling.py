"""What becomes of a restored database before anybody sees it: no letter leaves and nobody is signed in.

These statements are part of the restoring transaction itself, so that there is no moment in which a worker could take
what waits in the backup; they fit the tables of every version that was released.
"""

from __future__ import annotations

from schools import post

_HOLD = f"""
UPDATE schools_delivery SET state = 'held', reason = '{post.RESTORING}', lease = NULL, leased_until = NULL
 WHERE state IN ('waiting', 'leased')
"""  # noqa: S608  # words of our own
STATEMENTS = (_HOLD, "DELETE FROM schools_session")
