"""Meetings as calendars read them: one builder for the part in a letter and for the feeds; no names of people."""

from workgroups.calendars.build import Entry, feed, part_of
from workgroups.calendars.zones import time_zone

__all__ = ["Entry", "feed", "part_of", "time_zone"]
