"""Several lines to the mail server, kept open from letter to letter, each on a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self

from django.conf import settings

from schools.post import envelope, line
from schools.post.parcel import Parcel

# A few letters need no second line: to open one takes as long as to send several.
LETTERS_TO_A_LINE = 8


@dataclass(frozen=True)
class Answer:
    """What became of one message: its fate with a few words, or the error that kept it from leaving at all."""

    parcel: Parcel
    fate: line.Fate | None
    why: str = ""
    error: Exception | None = None

    @property
    def line_is_down(self) -> bool:
        """Whether the line that it went by has ended."""
        return isinstance(self.error, line.LineDownError)

    @property
    def was_tried(self) -> bool:
        """Whether there was a line for it at all."""
        return self.fate is not None or not self.line_is_down


class Lines:
    """At most MAIL_CONNECTIONS of them, for as long as the block lasts; a line opens with its first letter."""

    def __init__(self) -> None:
        """Nothing is open yet."""
        self.have_broken = False  # one of them, since ``send`` was called; the next call opens it anew
        self._open = 0
        self._threads: list[Thread] = []
        self._parcels: SimpleQueue[Parcel | None] = SimpleQueue()
        self._answers: SimpleQueue[Answer] = SimpleQueue()

    def __enter__(self) -> Self:
        """Give the lines."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let what is on its way arrive, and say goodbye to the mail server."""
        for _one in range(self._open):
            self._parcels.put(None)
        for thread in self._threads:
            thread.join()

    def send(self, parcels: deque[Parcel], *, take: Callable[[], Parcel | None]) -> Iterator[list[Answer]]:
        """Send what ``take`` gives of the queue; yield the answers as they come, several where several came at once.

        A line gets its next letter when the caller, having noted the last answers, asks on: so no line ever has more
        than one letter that is not noted. The queue may grow meanwhile. What ``take`` leaves in it, or what went back
        there since its line could not be had, was not tried. Raises LineDownError when no line is left.
        """
        self.have_broken = False
        self._open_enough_for(len(parcels))
        under_way, down = 0, ""
        while True:
            while under_way < self._open and (parcel := take()):
                self._parcels.put(parcel)
                under_way += 1
            if not under_way:
                break
            came = _all_that_came(self._answers)
            under_way -= len(came)
            for answer in came:
                if answer.line_is_down:
                    down = str(answer.error)
                    self._open -= 1
                    self.have_broken = True
                if not answer.was_tried:  # another line takes it
                    parcels.appendleft(answer.parcel)
            yield [answer for answer in came if answer.was_tried]
        if parcels and not self._open:
            raise line.LineDownError(down)

    def _open_enough_for(self, letters: int) -> None:
        number = min(settings.MAIL_CONNECTIONS, 1 + letters // LETTERS_TO_A_LINE)
        more = [Thread(target=self._carry, name="line") for _missing in range(number - self._open)]
        for thread in more:
            thread.start()
        self._threads += more
        self._open += len(more)

    def _carry(self) -> None:
        """On a thread of its own: one line's letters, until it breaks or is no longer needed."""
        with line.Line() as one:
            while parcel := self._parcels.get():
                answer = _talk(one, parcel)
                self._answers.put(answer)
                if answer.line_is_down:
                    return


def _talk(one: line.Line, parcel: Parcel) -> Answer:
    """Send one message. It touches no database."""
    try:
        fate, why = one.send(parcel.message or envelope.seal_parcel(parcel))
    except line.CutOffError as error:
        return Answer(parcel, line.Fate.LATER, str(error), error)
    except Exception as error:  # noqa: BLE001  # no line, or an address or a sign that no mail can carry
        return Answer(parcel, None, error=error)
    return Answer(parcel, fate, why)


def _all_that_came(answers: SimpleQueue[Answer]) -> list[Answer]:
    """Wait for one answer, and take along what else is there."""
    came = [answers.get()]
    while True:
        try:
            came.append(answers.get_nowait())
        except Empty:
            return came
