"""How the domain says no: one sentence for the reader, and the field it belongs to."""

from typing import ClassVar

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
