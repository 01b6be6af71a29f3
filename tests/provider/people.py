"""Who is known at the provider of the tests, and we."""

from __future__ import annotations

from typing import Any

CLIENT, SECRET = "samenspraak-at-the-board", "a secret of the board: 57"
# What the service tells only when it is asked with a token, as SURFconext and Entree do; and what stands in the token.
PEOPLE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "lotte": ({"eduperson_affiliation": ["employee", "member"]}, {"hd": "waterkant.example", "given_name": "Lotte"}),
    "mees": ({"eduPersonAffiliation": "employee"}, {"hd": "waterkant.example"}),
    "sem": ({"eduperson_affiliation": ["student"]}, {"hd": "leerling.waterkant.example", "given_name": "Sem"}),
    "noor": ({}, {"given_name": "Noor", "family_name": "Bakker"}),
}
