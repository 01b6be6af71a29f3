"""What somebody sends to wear us down: refused within a second, and held in little memory (faults.md 61 and 63)."""

from __future__ import annotations

import base64
import gzip
import io
import time
import tracemalloc
from typing import Any

import pytest
from django.test import Client

from schools.models import Roster
from tests import calls
from tests.conftest import TestCast

LIST = "/s/de-wilg/people/list/"
FILE = b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n'
FIELD = b'Content-Disposition: form-data; name="seen"\r\n'
BASE64 = b"Content-Transfer-Encoding: base64\r\n"
MOST = 10_000_000  # a byte more is not read at all
MOST_HELD = 20_000_000
# How each begins, and what follows again and again.
BOMBS = {
    "a large file": (b"--b\r\n" + FILE + b"\r\n", b"x"),
    "a file of empty lines": (b"--b\r\n" + FILE + b"\r\n", b"\n"),
    "white space as base64": (b"--b\r\n" + FILE + BASE64 + b"\r\n", b" "),
    "base64 among white space": (b"--b\r\n" + FILE + BASE64 + b"\r\n", b"Q \n\t" + b" " * 60),
    "many short base64 words": (b"--b\r\n" + FILE + BASE64 + b"\r\n", b"Q "),
    "base64 that never comes to four": (b"--b\r\n" + FILE + BASE64 + b"\r\nQ", b"\r\n"),
    "a field of white space as base64": (b"--b\r\n" + FIELD + BASE64 + b"\r\n", b" "),
    "a large field": (b"--b\r\n" + FIELD + b"\r\n", b"x"),
    "a file without a name": (b"--b\r\n" + FILE.replace(b"a.csv", b"") + b"\r\n", b"x"),
    "a part without a head": (b"--b\r\n\r\n", b"x"),
    "a head without an end": (b"--b\r\n", b"X-Head: x\r\n"),
    "no first part": (b"", b"x"),
    "ten thousand fields": (b"", b"--b\r\n" + FIELD + b"\r\na\r\n"),
    "ten thousand files": (b"", b"--b\r\n" + FILE + b"\r\na\r\n"),
    "ten thousand parts without a head": (b"", b"--b\r\n\r\n\r\n"),
}


class Stream(io.RawIOBase):
    """What is sent, without anybody holding it."""

    def __init__(self, begins: bytes, goes_on: bytes) -> None:
        self.rest, self.goes_on, self.read_so_far = begins, goes_on, 0

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size:
            self.rest += self.goes_on * (size // len(self.goes_on) + 1)
        self.read_so_far += size
        given, self.rest = self.rest[:size], self.rest[size:]
        return given


def send(client: Client, stream: io.IOBase, length: int | str | None, **more: Any) -> Any:
    sent: dict[str, Any] = {"CONTENT_TYPE": "multipart/form-data; boundary=b", "wsgi.input": stream, **more}
    return client.generic("POST", LIST, **sent | ({} if length is None else {"CONTENT_LENGTH": str(length)}))


@pytest.fixture
def frank(cast: TestCast, as_: Any) -> Client:
    client: Client = as_(cast.frank)
    return client


def test_each_is_refused_within_a_second_and_little_memory(frank: Client) -> None:
    slow, large, taken = {}, {}, []
    for name, bomb in BOMBS.items():
        began = time.process_time()
        answer = send(frank, Stream(*bomb), MOST)
        slow[name] = time.process_time() - began
        if answer.status_code not in {400, 422}:
            taken.append(name)
    for name, bomb in BOMBS.items():
        if "base64" not in name and "large" not in name:
            continue
        tracemalloc.start()
        send(frank, Stream(*bomb), MOST)
        large[name] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert {name: took for name, took in slow.items() if took > 1} == {}
    assert {name: held for name, held in large.items() if held > MOST_HELD} == {}
    assert (taken, Roster.objects.count()) == ([], 0)


def test_more_is_not_read_at_all(frank: Client) -> None:
    frank.get("/account/login/")
    stranger = calls.Browser(enforce_csrf_checks=True)
    stranger.get("/account/login/")  # brings the cookie without which nothing is read anyway
    for client in (frank, stranger):
        for bomb in BOMBS.values():
            stream = Stream(*bomb)
            assert send(client, stream, MOST + 1).status_code == 400
            assert stream.read_so_far == 0


def test_no_length_is_nothing(frank: Client) -> None:
    for length in (None, "", "-1", "many", "0", "1e9"):
        stream = Stream(*BOMBS["a large file"])
        assert send(frank, stream, length).status_code in {400, 422}, length
        assert stream.read_so_far == 0


def test_what_is_packed_is_not_unpacked(frank: Client) -> None:
    body = b"--b\r\n" + FILE + b"\r\nvoornaam\r\nKim\r\n--b--\r\n"
    for packed, how in ((gzip.compress(body), "gzip"), (base64.b64encode(body), "base64")):
        for head in ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_TRANSFER_ENCODING"):
            assert send(frank, io.BytesIO(packed), len(packed), **{head: how}).status_code == 422, (how, head)
    assert Roster.objects.count() == 0
