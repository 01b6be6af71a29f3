"""A letter whose blanks were filled in reads as if it had been written whole."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings, strategies as st

from schools import post
from schools.post import form

SAYS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60)
WORDS = st.fixed_dictionaries(
    {
        "day": SAYS.filter(bool),
        "Day": SAYS.filter(bool),
        "time": SAYS.filter(bool),
        "end": SAYS.filter(bool),
        "days": st.integers(0, 3),
        "group": SAYS.filter(bool),
        "title": SAYS,
        "place": SAYS,
        "aspect": st.none() | st.fixed_dictionaries({"number": st.integers(1, 6), "name": SAYS, "question": SAYS}),
        "number": st.integers(0, 6),
        "agreements": st.lists(st.fixed_dictionaries({"text": SAYS.filter(bool), "last": SAYS}), max_size=3),
        "goals": st.lists(SAYS.filter(bool), max_size=2),
        "address": st.just("http://127.0.0.1:8000/s/de-wilg/meetings/1/"),
    }
)
PLAIN: dict[str, Any] = {"day": "dinsdag", "Day": "Dinsdag", "time": "15.15 uur", "end": "16.15 uur", "days": 1}
PLAIN |= {"group": "Rekenen", "title": "", "place": "", "aspect": None, "number": 0, "agreements": [], "goals": []}
PLAIN |= {"address": "http://127.0.0.1:8000/"}


class Seen(HTMLParser):
    """What a mail program reads: tags with what stands in them, and words."""

    def __init__(self, html: str) -> None:
        """Read it."""
        super().__init__()
        self.all: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.all.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        """Keep the words, save the page's title: a mail program shows the subject."""
        if self.lasttag != "title":
            self.all.append(data)


@pytest.mark.parametrize("kind", ["reminder", "invitation", "moved", "cancelled", "evaluate"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS, language=st.sampled_from(["nl", "en"]))
def test_it_reads_as_if_written_whole(kind: str, words: dict[str, Any], language: str) -> None:
    filled = post.fill_in(f"letters/{kind}", words, language=language)
    whole = post.compose(f"letters/{kind}", words, language=language)
    assert (filled.subject, filled.text) == (whole.subject, whole.text)
    assert Seen(filled.html).all == Seen(whole.html).all


def test_who_writes_a_blank_finds_it_as_written() -> None:
    blank = f"{form._MARK}0z"
    found = post.fill_in("letters/reminder", PLAIN | {"title": blank, "place": "Teamkamer"}, language="nl")
    assert blank in found.text
    assert blank in found.html


def test_html_is_escaped_and_text_is_not() -> None:
    found = post.fill_in("letters/reminder", PLAIN | {"title": "<b>&"}, language="nl")
    assert "<b>&" in found.text
    assert "&lt;b&gt;&amp;" in found.html
    assert "<b>" not in found.html


def test_nothing_slips_into_the_subject() -> None:
    found = post.fill_in("letters/moved", PLAIN | {"day": "dinsdag\r\nBcc: daan@debeuk.example"}, language="nl")
    assert found.subject == "Nieuwe tijd of plek: dinsdag Bcc: daan@debeuk.example, 15.15 uur (Rekenen)"


def test_alike_letters_are_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    form._form.cache_clear()
    for number in range(50):
        place, agreements = f"Lokaal {number}", [{"text": f"Afspraak {number}", "last": ""}]
        found = post.fill_in("letters/reminder", PLAIN | {"place": place, "agreements": agreements}, language="nl")
        assert f"Lokaal {number}, tot" in found.text
        assert f"1. Afspraak {number}\n" in found.text
    assert form._form.cache_info().misses == 1
    post.fill_in("letters/reminder", PLAIN | {"place": "Aula"}, language="en")
    assert form._form.cache_info().misses == 2


def test_another_address_of_the_site_is_another_form() -> None:
    post.fill_in("letters/reminder", PLAIN, language="nl")
    with override_settings(PUBLIC_URL="https://elders.example"):
        assert "https://elders.example/me/letters/" in post.fill_in("letters/reminder", PLAIN, language="nl").text
