"""A group's short code, to join on a phone what its big screen shows: computed from its number, kept nowhere.

The code says which group is meant and opens nothing: only people with a seat get in (docs/decisions).
"""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: none that is easily taken for another
_MISREAD = str.maketrans("OIL", "011")
_SHORTEST = 3
_LONGEST = 12


def code_of(group_id: int) -> str:
    """The group's code as people read it aloud, such as "01-7K": its number in base 32 and a check sign."""
    signs = ""
    rest = group_id
    while rest:
        rest, place = divmod(rest, len(SIGNS))
        signs = SIGNS[place] + signs
    signs = signs.rjust(_SHORTEST, "0")
    whole = signs + _check(signs)
    half = len(whole) // 2
    return f"{whole[:half]}-{whole[half:]}"


def group_id_of(code: str) -> int | None:
    """The number of the group with this code, however it was typed; None where a sign is wrong or missing."""
    signs = "".join(sign for sign in code.upper().translate(_MISREAD) if sign.isalnum())
    known = _SHORTEST < len(signs) <= _LONGEST and set(signs) <= set(SIGNS)
    if not known or _check(signs[:-1]) != signs[-1]:
        return None
    number = 0
    for sign in signs[:-1]:
        number = number * len(SIGNS) + SIGNS.index(sign)
    return number


def _check(signs: str) -> str:
    """Weights are odd, so that any one wrong sign shows; and differ, so that two signs in the wrong order do."""
    total = sum(SIGNS.index(sign) * (2 * place + 1) for place, sign in enumerate(reversed(signs), start=2))
    return SIGNS[total % len(SIGNS)]
