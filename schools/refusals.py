"""How the domain says no: one sentence for the reader, and the field it belongs to."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):  # noqa: N818  # reads as a sentence: except actions.Refused
    """Base of every domain error that people may see; the pages and the API show ``message`` beside ``field``."""

    message: ClassVar[str | Promise] = _("That cannot be done now.")
    field: str | None = None
    code: ClassVar[str] = "refused"

    def __init__(self, message: str | Promise | None = None, *, field: str | None = None) -> None:
        """Take the class's own sentence and field, or more exact ones."""
        self.sentence = message or self.message
        self.field = field or self.field
        super().__init__(str(self.sentence))


class Gone(Refused):
    """What was deleted, or had its time, does not come back."""

    code = "gone"


class Conflict(Refused):
    """Something else was saved since this version was read: nothing is overwritten unseen, and both texts are kept.

    ``theirs`` maps each field of the form onto what is stored now, ``version`` is the one to send along next time.
    """

    message = _("Other words were saved here in the meantime. Saving again replaces them by yours.")
    code = "conflict"

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        theirs: Mapping[str, Any] | None = None,
        version: int | None = None,
        field: str | None = None,
    ) -> None:
        """Take what is stored now, and its version."""
        self.theirs = dict(theirs or {})
        self.version = version
        super().__init__(message, field=field)
