"""The look's promises: nothing inline, only known classes, readable colours, wired fields, errors that stand alone."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from observations.templatetags.paper import on_paper as on_paper_filter
from samenspraak import parts

TEMPLATES = sorted(settings.BASE_DIR.glob("templates/**/*.html"))
SHEET = (settings.PACKAGE_DIR / "static/samenspraak/samenspraak.css").read_text()
ASPECTS = range(1, 7)
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "alert") for ground in ("paper", "paper-2", "table")),
    *((f"a{number}", ground) for number in ASPECTS for ground in ("paper", "paper-2", "table", f"w{number}")),
    *(("print", f"p{number}") for number in ASPECTS),
    ("ink-on", "ink"),
    ("marker-ink", "marker"),
    ("alert", "alert-wash"),
]
EDGE_PAIRS = [("edge", "paper"), ("edge", "paper-2"), ("edge", "table"), ("focus", "marker")]


def _markup(path: Path) -> str:
    return re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_is_inline(path: Path) -> None:
    markup = _markup(path)

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", markup)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", markup))


@pytest.mark.parametrize("on_paper", [False, True], ids=["on screen", "on paper"])
def test_pages_use_only_what_the_stylesheet_knows(on_paper: bool) -> None:
    """What is printed as PDF has a sheet of its own, and so have the pictures in it."""
    look = render_to_string("observations/paper/look.css") + on_paper_filter(SafeString("<svg>")) if on_paper else SHEET
    known = set(re.findall(r"\.([a-z][\w-]*)", look))
    used = {
        (word, path.name)
        for path in TEMPLATES
        if path.parent.name != "letters" and (path.parent.name == "paper") is on_paper
        for words in re.findall(r'\bclass="([^"]*)"', re.sub(r"{%.*?%}|{{.*?}}", "\x00", _markup(path)))
        for word in words.split()
        if "\x00" not in word
    }

    assert {(word, page) for word, page in used if word not in known} == set()


def test_paper_draws_as_pages_do_by_day() -> None:
    """What prints has no tokens: its copy of them must not go its own way."""
    day = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}),", SHEET)) | {"paper": "#FFFFFF"}
    plot = {
        name: re.sub(r"var\(--([\w-]+)\)", lambda token: day[token[1]], rule)
        for name, rule in re.findall(r"\n  \.plot \.([\w-]+) { (.*?) }", SHEET)
    }
    pictures, page = on_paper_filter(SafeString("<svg>")), render_to_string("observations/paper/look.css")
    signs = dict(re.findall(r"\n\.([a-z-]+) { (.*?) }", pictures))
    assert signs.keys() >= {"own", "own-dot", "coach", "coach-box", "gap"}
    assert signs == {name: plot.get(name) for name in signs}
    for look in (pictures, page):
        inks = re.findall(r"\.(a\d) { color: (#\w{6}); }", look)
        assert inks == [(f"a{number}", day[f"a{number}"]) for number in ASPECTS]
        assert set(re.findall(r"#\w{6}", look)) <= set(day.values())


def _luminance(colour: str) -> float:
    parts_of_light = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts_of_light]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("night", [0, 1], ids=["day", "night"])
def test_colours_keep_their_contrast(night: int) -> None:
    tokens = {
        name: (day, dark)[night]
        for name, day, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", SHEET)
    }

    for ink, ground in TEXT_PAIRS:
        assert _contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
    for edge, ground in EDGE_PAIRS:
        assert _contrast(tokens[edge], tokens[ground]) >= 3, (edge, ground)


class _Wires(HTMLParser):
    """The ids of a page, and everything that points at one."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointers: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        own = found.get("id")
        self.ids += [own] if own else []
        link = found.get("href") or ""
        self.pointers |= {link[1:]} if link.startswith("#") else set()
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.pointers |= set((found.get(name) or "").split())


def _parts() -> str:
    return render_to_string("ui/parts.html", parts.PartsPage().get_context_data())


def test_every_label_hint_error_and_link_finds_its_field() -> None:
    wires = _Wires()
    wires.feed(_parts())

    assert {"id_why_error", "id_why_helptext", "id_outcome", "main"} <= wires.pointers | set(wires.ids)
    assert wires.pointers - set(wires.ids) == set()
    assert len(wires.ids) == len(set(wires.ids))


def test_an_error_is_told_above_the_form_and_beside_its_field() -> None:
    with translation.override("nl"):
        page = _parts()

    assert "2 dingen kloppen nog niet" in page
    assert '<a href="#id_why">' in page
    assert page.count("Dit is nog leeg.") == 2


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("400.html", "Dat begrepen we niet"),
        ("403.html", "Dit mag jij niet openen"),
        ("403_csrf.html", "Deze pagina stond lang open"),
        ("404.html", "Hier ligt niets"),
        ("500.html", "Er ging bij ons iets stuk"),
    ],
)
def test_an_error_page_needs_no_context(page: str, sentence: str) -> None:
    with translation.override("nl"):
        assert sentence in render_to_string(page)
