"""What the description calls the rows in an address: by what they are, as clients know them.

Inside, two kinds of visits or lists have names of their own; to a client a visit is a visit.
"""

from __future__ import annotations

import re

NAMES = {
    "shared_id": "visit_id",
    "list_id": "roster_id",
    "membership_id": "role_id",
    "holiday_id": "days_off_id",
    "waiting_id": "invitation_id",
}


def outside(template: str) -> str:
    """An address with its rows named for clients: ``visits/{shared_id}/`` as ``visits/{visit_id}/``."""
    return re.sub(r"\{(\w+)\}", lambda found: f"{{{NAMES.get(found[1], found[1])}}}", template)
