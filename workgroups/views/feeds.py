"""One's meetings in one's own calendar: the page about it, and the feeds that calendars fetch."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from schools import tenancy
from schools.pages import DeedMixin, PersonPage, RecentlyProved
from workgroups import actions, calendars, queries


class Feed(View):
    """What a calendar fetches, without signing in, by the secret in the address; no feed, or no more, is 404.

    It acts as the feed's person: what that person may not read any more is gone from it.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, signed: str) -> HttpResponseBase:
        """The person's meetings, or 304 while nothing changed."""
        feed = queries.feed_at(signed, now=timezone.now())
        if feed is None:
            raise Http404
        with tenancy.acting_as(feed.user):
            shown = queries.calendar_of(feed, now=timezone.now())
        language = feed.user.language or settings.LANGUAGE_CODE
        body = calendars.feed(shown.entries, name=shown.name, language=language)
        etag = quote_etag(hashlib.sha256(body).hexdigest())
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=_HEADERS)
        answer["Content-Language"] = language
        answer["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=answer) or answer


_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Disposition": 'inline; filename="samenspraak.ics"',
    "X-Robots-Tag": "noindex",
}


@method_decorator(never_cache, name="dispatch")
class Calendar(RecentlyProved, PersonPage):
    """One's addresses for calendars: keys, which their person alone reads again here."""

    template_name = "workgroups/calendar.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lay out the page."""
        return self.show(feeds=queries.feeds_of(self.request.user, now=self.now))


class CalendarDeed(DeedMixin, PersonPage):
    """A button on the page about calendars; what opens something asks for a proof, what shuts it does not."""

    def back(self) -> str:
        """The page with the button."""
        return reverse("account-calendar")


class CalendarNew(RecentlyProved, CalendarDeed):
    """An address for the meetings of all one's groups."""

    def act(self) -> str:
        """Make it."""
        actions.make_feed(by=self.request.user, now=self.now)
        return self.back()


class CalendarGroup(RecentlyProved, CalendarDeed):
    """An address for the meetings of one's group alone."""

    def act(self) -> str:
        """Make it; back to the group among the others on the page."""
        group_id: int = self.kwargs["group_id"]
        actions.make_feed(group_id=group_id, by=self.request.user, now=self.now)
        return f"{self.back()}#group-{group_id}"


class CalendarRenew(RecentlyProved, CalendarDeed):
    """Another address in the place of one."""

    done = _("This is your new address. The old one shows nothing any more.")

    def act(self) -> str:
        """Change it."""
        actions.renew_feed(feed_id=self.kwargs["feed_id"], by=self.request.user, now=self.now)
        return self.back()


class CalendarRemove(CalendarDeed):
    """Take an address away."""

    done = _("The address shows nothing any more. Your calendar can forget it.")

    def act(self) -> str:
        """Remove it."""
        actions.remove_feed(feed_id=self.kwargs["feed_id"], by=self.request.user)
        return self.back()
