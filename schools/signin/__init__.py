"""Sign-in as the library does it, with our house rules: no sign-up, one door for mail, two steps where they count."""

from schools.signin.records import display_name, note_second_step, second_step_done
from schools.signin.telling import tell_change, tell_lifted

__all__ = ["display_name", "note_second_step", "second_step_done", "tell_change", "tell_lifted"]
