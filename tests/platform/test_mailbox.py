"""The demo's letter box: whole letters, sorted by time, shown safely, and not there in production."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.utils import timezone

from samenspraak.demo import mailbox

BACKEND = "samenspraak.demo.mailbox.EmailBackend"
CARLA = "Carla de Boer <carla@dewilg.example>"
LINK = "https://samenspraak.example/s/de-wilg/"
PAGES = ("/mailbox/", "/mailbox/{}/", "/mailbox/{}/paper/", "/mailbox/{}/file/")


@pytest.fixture
def folder(settings: Any, tmp_path: Path, db: None) -> Path:
    settings.MAIL_DIR = tmp_path / "mail"
    return tmp_path / "mail"


def _send(*subjects: str, html: str = "<head><title>x</title></head><p>Beste <b>Carla</b></p>") -> None:
    letters = []
    for subject in subjects:
        letter = EmailMultiAlternatives(
            subject,
            f"Dag Carla,\n\nLees mee: {LINK}",
            "post@samenspraak.example",
            ["Carla de Boer <carla@dewilg.example>"],
        )
        if html:
            letter.attach_alternative(html, "text/html")
        letters.append(letter)
    assert get_connection(BACKEND).send_messages(letters) == len(letters)


def _only(folder: Path) -> str:
    (path,) = folder.iterdir()
    return path.name


def test_every_letter_becomes_one_whole_file(folder: Path) -> None:
    before = timezone.now()
    _send("Morgen: jullie bijeenkomst", "Nog een")
    assert sorted(path.suffix for path in folder.iterdir()) == [".eml", ".eml"]
    heads, count = mailbox.letters()
    assert count == 2
    assert [head.subject for head in heads] == ["Nog een", "Morgen: jullie bijeenkomst"]
    assert heads[0].arrived >= heads[1].arrived >= before
    assert heads[0].to == CARLA
    letter = mailbox.letter(heads[1].name)
    assert letter is not None
    assert LINK in letter.text
    assert "<b>Carla</b>" in letter.html


def test_it_works(folder: Path, client: Client) -> None:
    assert "Nog geen brief" in client.get("/mailbox/").text
    _send("Morgen: jullie bijeenkomst")
    name = _only(folder)
    listed = client.get("/mailbox/").text
    assert "Morgen: jullie bijeenkomst" in listed
    assert "carla@dewilg.example" in listed
    opened = client.get(f"/mailbox/{name}/")
    assert f'<a href="{LINK}"' in opened.text
    assert f'src="/mailbox/{name}/paper/"' in opened.text
    assert "Beste <b>Carla</b>" not in opened.text
    file = client.get(f"/mailbox/{name}/file/")
    assert file["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"".join(file.streaming_content) == (folder / name).read_bytes()  # type: ignore[attr-defined]


def test_the_paper_may_do_nothing_but_show_itself(folder: Path, client: Client) -> None:
    _send("Plaatje", html="<head></head><script>alert(1)</script><img src=https://elders.example/p.png>")
    name = _only(folder)
    paper = client.get(f"/mailbox/{name}/paper/")
    policy = paper["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert paper["X-Frame-Options"] == "SAMEORIGIN"
    around = client.get(f"/mailbox/{name}/")
    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert "unsafe" not in around["Content-Security-Policy"]
    assert around["X-Frame-Options"] == "DENY"
    assert "<script>alert" not in around.text


def test_a_letter_without_html_has_no_paper(folder: Path, client: Client) -> None:
    _send("Kaal", html="")
    name = _only(folder)
    assert "<iframe" not in client.get(f"/mailbox/{name}/").text
    assert client.get(f"/mailbox/{name}/paper/").status_code == 404


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_it_says_what_a_calendar_takes_from_a_letter(folder: Path, client: Client, method: str) -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", f"METHOD:{method}", "BEGIN:VEVENT", "UID:1@samenspraak"]
    lines += ["SUMMARY:Begrijpend lezen", "SEQUENCE:2", "DTSTART:20261201T141500Z", "END:VEVENT", "END:VCALENDAR", ""]
    letter = EmailMultiAlternatives("Verzet", "Dag", "post@samenspraak.example", ["carla@dewilg.example"])
    letter.attach_alternative("\r\n".join(lines), f"text/calendar; method={method}")
    get_connection(BACKEND).send_messages([letter])
    page = client.get(f"/mailbox/{_only(folder)}/").text
    for said in ("<b>Begrijpend lezen</b>", "dinsdag 1 december 2026, 15.15", "Versie 2:"):
        assert said in page
    assert ("Afgezegd" in page) == (method == "CANCEL")


def test_no_name_leads_out_of_the_letter_box(folder: Path, client: Client) -> None:
    _send("Binnen")
    name = _only(folder)
    outside = folder.parent / name
    outside.write_bytes(b"Subject: buiten\r\n\r\nbuiten")
    (folder / "sign-ins.txt").write_text("geheim")
    for wrong in (f"..%2F{name}", f"%2E%2E%2F{name}", "sign-ins.txt", f"{name}.tmp", "%00", f"{name}%00", f"x{name}"):
        for page in PAGES[1:]:
            assert client.get(page.format(wrong)).status_code == 404, wrong
    for wrong in (f"../{name}", f"../mail/{name}", str(outside), "", "."):
        assert mailbox.file_of(wrong) is None
    assert mailbox.file_of(name) == folder / name


def test_a_long_list_shows_the_newest(folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "SHOWN", 2)
    _send("Een", "Twee", "Drie")
    listed = client.get("/mailbox/").text
    assert "Drie" in listed
    assert "Een" not in listed
    assert "2" in listed


def test_production_has_no_mailbox(folder: Path, client: Client, settings: Any) -> None:
    _send("Morgen: jullie bijeenkomst")
    name = _only(folder)
    settings.DEMO = False
    for page in (*PAGES, "/parts/"):
        assert client.get(page.format(name)).status_code == 404


def test_the_style_page_shows_every_part(client: Client, db: None) -> None:
    assert client.get("/parts/").status_code == 200
