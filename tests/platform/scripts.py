"""Words that would be a script wherever a page took them for more than words, and how to see whether one did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import cycle

from django.apps import apps
from django.db import IntegrityError, models, transaction

MARK = "kwaad"
MANY = 28  # how often the mark stands in one text at most
# What ends the place in which words stand: an attribute, a text, a field, a script, a comment.
_ENDS = (
    "",
    '"',
    "'",
    '">',
    "'>",
    "`>",
    "</textarea>",
    "</title>",
    "</script>",
    "</style>",
    "</svg>",
    "-->",
    "]]>",
    "*/",
)
# What would run; every element bears the mark as an attribute too, so that it is known where it came to be one.
_RUNS = (
    "<script kwaad>kwaad(1)</script>",
    "<img kwaad src=x onerror=kwaad(1)>",
    "<svg kwaad onload=kwaad(1)>",
    "<details kwaad open ontoggle=kwaad(1)>",
    "<input kwaad autofocus onfocus=kwaad(1)>",
    "<iframe kwaad srcdoc='<script>parent.kwaad(1)</script>'></iframe>",
    "<a kwaad href=javascript:kwaad(1)>kwaad</a>",
    "<form kwaad action=javascript:kwaad(1)><button>kwaad</button></form>",
    "<video kwaad><source kwaad onerror=kwaad(1)></video>",
    "<math kwaad><a xlink:href=javascript:kwaad(1)>kwaad</a></math>",
    "<object kwaad data=javascript:kwaad(1)></object>",
    "<meta kwaad http-equiv=refresh content='0;url=javascript:kwaad(1)'>",
    "<style kwaad>@import 'kwaad.css';</style>",
    "<b kwaad>",
    " onmouseover=kwaad(1) kwaad=",
    "javascript:kwaad(1)//",
)
_BLANK = re.compile(r"(?<=<)(\w+) (?=kwaad)")


def _upper(words: str) -> str:
    return re.sub(r"<(/?)(\w+)", lambda found: f"<{found[1]}{found[2].upper()}", words)


_DISGUISES = (
    str,
    _upper,
    lambda words: _BLANK.sub(r"\1/", words),
    lambda words: _BLANK.sub("\\1\t\n", words),
    lambda words: words.replace("javascript:", "java\tscript:").replace("<script", "<script\x0c"),
    lambda words: words.replace("<", "&lt;").replace(">", "&gt;"),
    lambda words: words.replace("<", "&#60;").replace("javascript", "&#106;avascript"),
    lambda words: words.replace("<", "\uff1c").replace(">", "\uff1e"),
    lambda words: words.replace("<", "\\u003c").replace('"', "\\u0022"),
    lambda words: f"{{{{ kwaad }}}}{{% kwaad %}}{words}",
)


def corpus() -> list[str]:
    """All of them, the same each time: places to leave, things that run, and how both are disguised."""
    made = (disguise(end + runs) for end in _ENDS for disguise in _DISGUISES for runs in _RUNS)
    return list(dict.fromkeys(made))


class Reading(HTMLParser):
    """A page as a browser takes it apart: its words, and whatever of ours became more than words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.wrong: list[str] = []
        self._within = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = "data" if ("type", "application/json") in attrs else tag  # a browser runs no JSON
        if MARK in tag:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        self.words.append(value)
        bare = re.sub(r"[\x00-\x20]", "", value).lower()
        runs = name in {"style", "srcdoc"} or bare.startswith(("javascript:", "data:text", "vbscript:"))
        if MARK in name or name.startswith("on") or (runs and MARK in bare):
            self.wrong.append(f"<{tag} {name}={value[:60]!r}>")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within in {"script", "style"} and MARK in data:
            self.wrong.append(f"in <{self._within}>: {data[:60]!r}")
        self.words.append(data)


# Not words of people: parts of addresses, keys, what is chosen from a list.
NOT_WORDS = {
    *("slug", "time_zone", "region", "key", "kind", "language", "version", "state", "username", "password", "email"),
    *("location_code", "undo_digest", "scopes"),
}
# What the product alone writes: keys and seals, sessions, the record of letters and events, what a service answered.
OURS = {
    *("KeptAnswer", "Program", "ProgramKey", "Session", "AddressChange", "UnwantedLetters", "SignInService"),
    *("Delivery", "Event", "Receipt"),
}


def tables() -> list[type[models.Model]]:
    """All tables in which people write."""
    floors = [apps.get_app_config(name) for name in ("cards", "schools", "workgroups", "observations")]
    return [model for floor in floors for model in floor.get_models() if model.__name__ not in OURS]


def words_of(model: type[models.Model]) -> list[models.Field[object, object]]:
    """The fields of a table in which people's words stand."""
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, models.CharField | models.TextField) and not one.choices and one.name not in NOT_WORDS
    ]


@dataclass
class Planted:
    """Which texts of which tables bear some now, and which strings were written anywhere."""

    texts: set[str]
    strings: set[str]


def plant(start: int = 0) -> Planted:
    """Write them into every text of every row, as many as it holds, from this one on."""
    taken: set[str] = set()
    strings = _noted(cycle(corpus()[start:] + corpus()[:start]), taken)
    planted = Planted(set(), taken)
    for model in tables():
        for one in words_of(model):
            for pk in model._base_manager.values_list("pk", flat=True):
                if _put(model, pk, one, strings):
                    planted.texts.add(f"{model._meta.label}.{one.name}")
    return planted


def _noted(strings: Iterator[str], taken: set[str]) -> Iterator[str]:
    for words in strings:
        taken.add(words)
        yield words


def _put(model: type[models.Model], pk: object, one: models.Field[object, object], strings: Iterator[str]) -> bool:
    """Fill one text; not where the database says that it has to be empty, or to look otherwise."""
    try:
        with transaction.atomic():
            return bool(model._base_manager.filter(pk=pk).update(**{one.name: _packed(one.max_length or 600, strings)}))
    except IntegrityError:
        return False


def _packed(room: int, strings: Iterator[str]) -> str:
    """As many as there is room for, up to six; where none fits, the shortest that would be an element."""
    packed = ""
    for words in strings:
        longer = f"{packed} {words}" if packed else words
        if len(longer) > room:
            break
        packed = longer
        if packed.count(MARK) > MANY:
            break
    return packed or "<b kwaad>"[:room]
