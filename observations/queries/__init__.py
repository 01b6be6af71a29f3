"""What can be asked about visits, observations and profiles."""

from observations.queries.observation import (
    Pair,
    aspects_in_use,
    behaviours_in_use,
    names_in,
    own_observation,
    pairs_of,
)
from observations.queries.profiles import groups_that_share, profile_of, shares_profile

__all__ = [
    "Pair",
    "aspects_in_use",
    "behaviours_in_use",
    "groups_that_share",
    "names_in",
    "own_observation",
    "pairs_of",
    "profile_of",
    "shares_profile",
]
