"""The pages on which builders read about the API: all of it, for everybody, made from the description alone."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from samenspraak.reference import rows
from samenspraak.templatetags import marked

DOOR = 3  # what every request costs
pytestmark = pytest.mark.django_db


def _page(client: Client, path: str, language: str = "en") -> str:
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_it_leads_to_every_operation(client: Client, django_assert_num_queries: Any) -> None:
    rows.parts()
    with django_assert_num_queries(DOOR):
        page = _page(client, "/about/api/")
    for part in rows.parts():
        for one in part.operations:
            assert f'href="/about/api/{part.name}/#{one.name}"' in page


def test_each_part_tells_everything(client: Client, django_assert_num_queries: Any) -> None:
    for part in rows.parts():
        with django_assert_num_queries(DOOR):
            page = _page(client, f"/about/api/{part.name}/")
        named = [one.path for one in part.operations] + [one.curl for one in part.operations]
        named += [field.name for one in part.operations for field in (*one.parameters, *one.body)]
        named += [field.name for shape in part.shapes for field in shape.fields]
        named += [shape.example for shape in part.shapes]
        assert [name for name in named if name not in page] == []
        assert all(f'id="{one.name}"' in page for one in part.operations)
        assert all(f'id="{shape.name}"' in page for shape in part.shapes)


def test_its_frame_is_dutch_for_who_reads_dutch(client: Client) -> None:
    page = _page(client, "/about/api/goals/", "nl")
    assert "Wat je stuurt" in page
    assert '<h2 id="set_goal">Set a goal</h2>' in page


def test_a_part_that_there_is_not(client: Client) -> None:
    assert client.get("/about/api/nothing/").status_code == 404


def test_about_and_the_tokens_lead_there(client: Client) -> None:
    assert 'href="/about/api/"' in _page(client, "/about/")


def test_fields_tell_what_they_are() -> None:
    goals = rows.part("goals")
    assert goals is not None
    sent = {field.name: field for one in goals.operations if one.name == "set_goal" for field in one.body}
    assert sent["text"].kind.startswith("text, ")
    assert sent["agreements[].tip"].kind == "text or null, may be left out"
    shape = {field.name: field for one in goals.shapes if one.name == "Goal" for field in one.fields}
    assert shape["position"].kind == "1 to 3"
    assert shape["ended_on"].kind == "day or null"
    assert "`reached`: " in shape["noted_step"].told


def test_words_are_text_and_nothing_else() -> None:
    assert marked.inline("a <b> `<i>` **c**") == "a &lt;b&gt; <code>&lt;i&gt;</code> <b>c</b>"
    assert marked.marked("one\n\n* `a`: b\n* c") == (
        '<p>one</p>\n<ul class="dots"><li><span><code>a</code>: b</span></li><li><span>c</span></li></ul>'
    )


def test_one_finds_what_one_wants_to_do(client: Client) -> None:
    page = _page(client, "/about/api/?q=Plan+meeting")
    assert '#plan_meeting"' in page
    assert '#list_goals"' not in page
    nothing = _page(client, "/about/api/?q=%3Cb%3Eqqq")
    assert "Nergens staat “<b>qqq”" in nothing
    assert "#plan_meeting" not in nothing
