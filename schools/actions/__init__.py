"""What can be done on the schools floor."""

from schools.actions.account import TokenNameTakenError, TooManyTokensError, make_token, revoke_token, speak
from schools.actions.calendar import (
    DaysKnownError,
    DaysOverError,
    EndsTooEarlyError,
    OddBreakError,
    add_days_off,
    load_holidays,
    remove_days_off,
)
from schools.actions.letters import QuietHoursError, choose_letters, stop_letters, want_letters_again
from schools.actions.people import (
    AccountEndedError,
    NameNeededError,
    NoSuchPlaceError,
    NotAnAddressError,
    Seated,
    seat_at_board,
    seat_at_school,
    seat_at_site,
    split_name,
)
from schools.actions.places import create_board
from schools.actions.registry import BoardNotListedError, Tally, import_registry

__all__ = [
    "AccountEndedError",
    "BoardNotListedError",
    "DaysKnownError",
    "DaysOverError",
    "EndsTooEarlyError",
    "NameNeededError",
    "NoSuchPlaceError",
    "NotAnAddressError",
    "OddBreakError",
    "QuietHoursError",
    "Seated",
    "Tally",
    "TokenNameTakenError",
    "TooManyTokensError",
    "add_days_off",
    "choose_letters",
    "create_board",
    "import_registry",
    "load_holidays",
    "make_token",
    "remove_days_off",
    "revoke_token",
    "seat_at_board",
    "seat_at_school",
    "seat_at_site",
    "speak",
    "split_name",
    "stop_letters",
    "want_letters_again",
]
