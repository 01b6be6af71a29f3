"""Why a series cannot be planned, or its meetings moved."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools import refusals


class NoEnd(refusals.Refused):
    """A series ends on a day or after a number of meetings."""

    message = _("Choose a last day or a number of meetings, one of the two.")
    field = "last_day"
    code = "no_end"


class EndsTooEarly(refusals.Refused):
    """The last day lies before the first."""

    message = _("The last day lies before the first meeting. Choose a later day.")
    field = "last_day"
    code = "ends_too_early"


class TooMany(refusals.Refused):
    """A slip of the pen, or more than a group can mean."""

    message = _("A series has 60 meetings at most. Choose fewer, or an earlier last day.")
    field = "count"
    code = "too_many"


class TooLong(refusals.Refused):
    """Nobody knows the calendar further ahead."""

    message = _("A series reaches 18 months ahead at most. Choose fewer meetings, or an earlier last day.")
    field = "last_day"
    code = "too_long"


class NotTheLast(refusals.Refused):
    """The first meeting sets the rhythm."""

    message = _("This day is not the last of its kind in the month. Choose the last one, or another rhythm.")
    field = "day"
    code = "not_the_last"


class NothingLeft(refusals.Refused):
    """All its days fall in holidays, or are planned already."""

    message = _("No meeting is left: all these days are days without school, or your group already meets then.")
    field = "every"
    code = "nothing_left"


class LongBreak(refusals.Refused):
    """A break of more than three weeks outside summer may be a slip in the calendar."""

    message = _("Say whether school is really closed in this long break.")
    field = "believes"
    code = "long_break"


class SeriesMoved(refusals.Refused):
    """What would be planned is not what was looked at."""

    message = _("The dates have changed since you looked. Look again and confirm.")
    code = "series_moved"


class NotInSeries(refusals.Refused):
    """A meeting on its own has none that follow."""

    message = _("This meeting does not belong to a series.")
    code = "not_in_series"


class NothingAhead(refusals.Refused):
    """All its meetings are over, open or called off."""

    message = _("No meeting of this series lies ahead any more.")
    code = "nothing_ahead"
