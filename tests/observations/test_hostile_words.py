"""What people write is text: no page about what groups share and ask gets an element or an attribute more by it."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pypdf
import pytest

from observations.models import FeedbackPair, Remark
from tests import factories
from tests.conftest import TestCast
from tests.observations import files, steps
from tests.observations.test_showing_pages import revealed, show
from workgroups import actions as group_actions
from workgroups.models import Agreement, HelpRequest, WorkGroup

HOSTILE = [
    '<script>kwaad("1")</script>',
    "\"><img src=x onerror='kwaad(2)'>",
    "</title></textarea></style></svg><svg onload=kwaad(3)>",
    "{{ kwaad }}{% kwaad %}&lt;kwaad&gt;",
    "javascript:kwaad(4)//' onfocus='kwaad(5)",
    "=HYPERLINK(kwaad),+kwaad|' /C calc'!A0",
    "kwaad\x01\x0b\x1f\ufffe\u2028\u202e 👩‍🏫",
]
OF_GROUP = ["profile/", "profile/openness/", "sharing/", "help/"]


class Marks(HTMLParser):
    """The elements of a page and the names of their attributes; nothing of what people read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.feed(page)
        self.found.sort()  # groups stand by name

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _value in attrs)))


@pytest.fixture
def told(cast: TestCast, clock: Any) -> TestCast:
    """A group that shares what a coach and it itself heard, and asked for help, all in plain words."""
    factories.agreement(factories.goal(factories.period(cast.reading, cast.aspects["openness"])))
    visit, scan = steps.shared(cast), revealed(cast, manner="Gewoon")
    show(cast, scan)
    asked = group_actions.ask_help(group=cast.reading, kind="time", text="Tijd", by=cast.hat("els"), now=factories.NOW)
    group_actions.answer_help(help_request=asked, answer="Ja", version=1, by=cast.hat("anna"), now=factories.NOW)
    clock(steps.after(visit.meeting, hours=2))
    return cast


def write(words: str) -> None:
    """The same with other words, however they came there."""
    WorkGroup.objects.filter(name=HelpRequest.objects.get().group.name).update(name=words[-80:])
    HelpRequest.objects.update(text=words, answer=words)
    FeedbackPair.objects.update(strong=words[:280], improvement=words[:280])
    Agreement.objects.update(text=words)
    Remark.objects.update(text=words)


def pages(cast: TestCast) -> dict[tuple[str, str], str]:
    """Who opens what: the group, its guest, its leader and a colleague."""
    mine = f"/s/de-wilg/groups/{cast.reading.pk}/"
    help_id = HelpRequest.objects.values_list("pk", flat=True)[0]
    asked = [("els", mine + name) for name in OF_GROUP]
    asked += [("els", f"{mine}profile/?as=leader"), ("bram", f"{mine}profile/"), ("anna", f"{mine}profile/")]
    asked += [("anna", f"/s/de-wilg/help/{help_id}/answer/"), ("joris", "/s/de-wilg/dashboard/")]
    return {(who, address): address for who, address in asked}


def test_words_are_words_on_every_page(told: TestCast, as_: Any) -> None:
    plain = {one: Marks(as_(told.people[one[0]]).get(one[1]).text).found for one in pages(told)}
    for words in HOSTILE:
        write(words)
        for one, marks in plain.items():
            answer = as_(told.people[one[0]]).get(one[1])
            assert answer.status_code == 200, one
            assert "kwaad" in answer.text, one
            assert Marks(answer.text).found == marks, (one, words)


def test_words_are_words_in_every_file(told: TestCast, as_: Any) -> None:
    for words in HOSTILE:
        write(words)
        for who, address in (("els", f"groups/{told.reading.pk}/profile"), ("joris", "dashboard")):
            browser = as_(told.people[who])
            rows = files.table_of_csv(browser.get(f"/s/de-wilg/{address}.csv").content)
            assert "kwaad" in str(rows)
            assert not [cell for row in rows for cell in row.values() if cell.lstrip()[:1] in set("=+@")]
            wide = browser.get(f"/s/de-wilg/{address}.xlsx")
            assert "kwaad" in str(files.table_of_xlsx(wide.content)), words


@pytest.mark.pdf
def test_words_are_words_on_paper(told: TestCast, as_: Any) -> None:
    els = as_(told.els)
    write("".join([*HOSTILE[:-1], "kwaad\x01\x0b"]))  # the last one has signs that pypdf cannot read
    body = els.get(f"/s/de-wilg/groups/{told.reading.pk}/profile.pdf")
    assert body["Content-Type"] == "application/pdf"
    made = pypdf.PdfReader(BytesIO(body.content))
    assert all(sign not in body.content for sign in (b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile"))
    assert "kwaad" in files.text_of_pdf(body.content)
    assert made.metadata
    assert "\x01" not in str(made.metadata.title)
