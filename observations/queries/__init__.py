"""What can be asked about visits, observations and profiles."""

from observations.queries.counts import groups_that_share_in_school, open_visits_by_school
from observations.queries.observation import (
    Pair,
    aspects_in_use,
    behaviours_in_use,
    marks_in,
    names_in,
    notes_in,
    own_observation,
    own_observations,
    pairs_of,
    people_in,
)
from observations.queries.profiles import profile_of, shares_profile
from observations.queries.visits import (
    AT_THE_TABLE,
    Feedback,
    feedback_of,
    group_for,
    next_meeting,
    own_visit,
    visit_for,
    visits_asked,
    visits_by_id,
    visits_of,
    visits_to,
    waiting_visits,
)

__all__ = [
    "AT_THE_TABLE",
    "Feedback",
    "Pair",
    "aspects_in_use",
    "behaviours_in_use",
    "feedback_of",
    "group_for",
    "groups_that_share_in_school",
    "marks_in",
    "names_in",
    "next_meeting",
    "notes_in",
    "open_visits_by_school",
    "own_observation",
    "own_observations",
    "own_visit",
    "pairs_of",
    "people_in",
    "profile_of",
    "shares_profile",
    "visit_for",
    "visits_asked",
    "visits_by_id",
    "visits_of",
    "visits_to",
    "waiting_visits",
]
