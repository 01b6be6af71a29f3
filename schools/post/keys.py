"""Keys: mails that carry a secret, such as the link to choose a password. Sent at once, stored nowhere."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.post import claim, envelope, line, paper

_log = logging.getLogger(__name__)


class NotSentError(refusals.Refused):
    """The mail server did not take it."""

    message = _("The message could not be sent just now. Try again in a few minutes.")
    code = "not_sent"


def send_key(name: str, context: Mapping[str, Any], *, to: str, language: str, now: dt.datetime) -> None:
    """Render (see ``compose``) and send one mail at once; raises NotSentError with a sentence for the page."""
    letter = paper.compose(name, context, language=language)
    message_id = f"<{uuid.uuid4().hex}@{claim.domain()}>"
    with line.Line() as open_line:
        try:
            fate, why = open_line.send(envelope.seal(letter, to=to, message_id=message_id, date=now))
        except (line.LineDownError, ValueError) as error:
            _log.error("A key could not be sent: %s.", type(error).__name__)  # its words name the address
            raise NotSentError from error
    if fate is not line.Fate.ACCEPTED:
        _log.error("A key could not be sent: %s.", why)
        raise NotSentError
