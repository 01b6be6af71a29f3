"""Meetings as calendars read them: one builder for the part in a letter and for the feeds; no names of people."""

from workgroups.calendars.addresses import read, sign
from workgroups.calendars.build import Method, feed, part_of
from workgroups.calendars.entries import Entry
from workgroups.calendars.zones import time_zone

__all__ = ["Entry", "Method", "feed", "part_of", "read", "sign", "time_zone"]
