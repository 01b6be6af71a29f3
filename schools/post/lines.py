"""Several lines to the mail server, kept open from letter to letter, each on a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from django.conf import settings

from schools.post import envelope, line
from schools.post.parcel import Parcel

# A few letters need no second line: to open one takes as long as to send several.
LETTERS_TO_A_LINE = 20


@dataclass(frozen=True)
class Answer:
    """What became of one message: its fate with a few words, or the error that kept it from leaving at all."""

    parcel: Parcel
    fate: line.Fate | None
    why: str = ""
    error: Exception | None = None


class Lines:
    """At most MAIL_CONNECTIONS of them, for as long as the block lasts; a line opens with its first letter."""

    def __init__(self) -> None:
        """Nothing is open yet."""
        self._lines: list[line.Line] = []
        self._threads = ThreadPoolExecutor(settings.MAIL_CONNECTIONS, thread_name_prefix="line")

    def __enter__(self) -> Self:
        """Give the lines."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let what is on its way arrive, and say goodbye to the mail server."""
        self._threads.shutdown()
        for one in self._lines:
            one.hang_up()

    def send(self, parcels: deque[Parcel], *, take: Callable[[], Parcel | None]) -> Iterator[list[Answer]]:
        """Send what ``take`` gives of the queue; yield the answers as they come, several where several came at once.

        A line gets its next letter when the caller, having noted the last answers, asks on: so no line ever has more
        than one letter that is not noted. What ``take`` leaves in the queue, or what went back there since its line
        could not be had, was not tried. Raises LineDownError when no line is left.
        """
        answers: SimpleQueue[tuple[line.Line, Answer]] = SimpleQueue()
        free, under_way, down = self._enough_for(len(parcels)), 0, ""
        while True:
            while free and parcels and (parcel := take()):
                self._threads.submit(_talk, free.pop(), parcel, answers)
                under_way += 1
            if not under_way:
                break
            came = _all_that_came(answers)
            under_way -= len(came)
            for one, answer in came:
                if isinstance(answer.error, line.LineDownError):
                    down = str(answer.error)
                    self._lines.remove(one)
                    if answer.fate is None:  # it was not tried: another line takes it
                        parcels.appendleft(answer.parcel)
                else:
                    free.append(one)
            yield [answer for _line, answer in came if answer.fate or not isinstance(answer.error, line.LineDownError)]
        if parcels and not free:
            raise line.LineDownError(down)

    def _enough_for(self, letters: int) -> list[line.Line]:
        number = min(settings.MAIL_CONNECTIONS, 1 + letters // LETTERS_TO_A_LINE)
        self._lines += [line.Line() for _missing in range(number - len(self._lines))]
        return self._lines[:number]


def _talk(one: line.Line, parcel: Parcel, answers: SimpleQueue[tuple[line.Line, Answer]]) -> None:
    """On a line's own thread: send one message. It touches no database."""
    try:
        fate, why = one.send(envelope.seal_parcel(parcel))
        answer = Answer(parcel, fate, why)
    except line.CutOffError as error:
        answer = Answer(parcel, line.Fate.LATER, str(error), error)
    except Exception as error:  # noqa: BLE001  # no line, or an address or a sign that no mail can carry
        answer = Answer(parcel, None, error=error)
    answers.put((one, answer))


def _all_that_came(answers: SimpleQueue[tuple[line.Line, Answer]]) -> list[tuple[line.Line, Answer]]:
    """Wait for one answer, and take along what else is there."""
    came = [answers.get()]
    while True:
        try:
            came.append(answers.get_nowait())
        except Empty:
            return came
