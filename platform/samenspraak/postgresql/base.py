"""The framework's connection to PostgreSQL, which can begin a transaction and say its first words in one message.

The driver sends BEGIN by itself, and waits for the answer, before the first statement of a transaction. A door of
tenancy opens for every request, and its first words are always the same: so they travel with their BEGIN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction


class DatabaseWrapper(base.DatabaseWrapper):
    """The connection of a thread."""

    _first_words: tuple[str, Mapping[str, Any]] | None = None

    @contextmanager
    def beginning_with(self, statement: str, values: Mapping[str, Any]) -> Iterator[None]:
        """``transaction.atomic`` that is no savepoint, and these statements at its beginning. One message."""
        self.validate_no_atomic_block()
        self._first_words = (statement, values)
        try:
            with transaction.atomic(using=self.alias):
                if self._first_words is not None:  # somebody else had ended autocommit, so nothing was begun here
                    raise transaction.TransactionManagementError("There is a transaction already.")
                yield
        finally:
            self._first_words = None

    def _start_transaction_under_autocommit(self) -> None:
        """What the framework asks a connection that begins its transactions itself, as with SQLite.

        Seen from the driver autocommit stays on meanwhile: it sends no BEGIN of its own, and COMMIT and ROLLBACK as
        ever, for these go by the state that the server tells.
        """
        words, self._first_words = self._first_words, None
        if words is None:
            with debug_transaction(self, "BEGIN"):
                self._set_autocommit(autocommit=False)  # type: ignore[attr-defined]  # not in its stubs
            return
        statement, values = words
        try:
            with self.cursor() as cursor:
                cursor.execute(f"BEGIN; {statement}", values)
        except BaseException:
            self.close()  # whatever is open there goes with it
            raise
