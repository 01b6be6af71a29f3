"""Several letters in one: each as it would be by itself, as long as there is room, and then by its title."""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from itertools import accumulate

from django.utils.safestring import mark_safe

from schools.models import School
from schools.post import paper
from schools.post.kinds import Letter

# Mail programs cut off what is longer than 102 kB; this leaves room for the head and the foot.
MOST_BYTES = 80_000
_LINK = 150  # what stands around a title and its link
_SHEET = re.compile("<!--sheet-->(.*)<!--/sheet-->", re.DOTALL)  # nobody can write these marks: HTML is escaped
_Held = dict[str, str]


def compose(letters: Sequence[Letter], *, school: School, language: str, held_up: bool, stops: bool) -> Letter:
    """One letter that holds these, in this order; ``stops``: one click stops what is in it.

    What has no room is named, with a link to its page. No calendar part goes along: programs read one in a message, and
    some put the message away with it. The letter says how a calendar follows meetings by itself.
    """
    held = [_held(letter) for letter in letters]
    room = _room(held)
    words = {
        "letters": held[:room],
        "rest": held[room:],
        "number": len(held),
        "first": held[0]["subject"],
        "school": school,
        "held_up": held_up,
        "stops": stops,
        "leaves_calendar": any(letter.calendar for letter in letters),
    }
    return paper.compose("letters/digest", words, language=language, zone=school.zone)


def _held(letter: Letter) -> _Held:
    """What a digest shows of a letter; the sheet is HTML, with the look in its tags already. One foot is for all."""
    sheet = _SHEET.search(letter.html)
    return {
        "subject": letter.subject,
        "text": letter.words,
        "sheet": mark_safe(sheet[1]) if sheet else "",  # noqa: S308  # escaped where it was written
        "address": letter.address,
    }


def _room(held: Sequence[_Held]) -> int:
    """How many of these fit whole when the others are named."""
    whole = [_bytes(one["text"], one["sheet"] or one["text"]) for one in held]
    named = [_LINK + _bytes(one["subject"], one["subject"], one["address"], one["address"]) for one in held]
    sizes = accumulate((fits - name for fits, name in zip(whole, named, strict=True)), initial=sum(named))
    return max((number for number, size in enumerate(sizes) if size <= MOST_BYTES), default=0)


def _bytes(*texts: str) -> int:
    """How long these are on their way."""
    return sum(len(binascii.b2a_qp(text.encode(), istext=True)) for text in texts)
