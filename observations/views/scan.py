"""The group's own mirror: its rounds, a new one, how one stands, and what the chair does with it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from observations import actions, pages, permissions, picture, queries
from observations.forms.scan import ScanForm
from observations.models.selfscan import ScanState, ScanWay
from observations.pages import OwnMirrorPage, ScanPage
from observations.views import sharing
from schools.pages import DeedMixin, FormMixin, state_answer
from schools.roles import Member
from workgroups import queries as groups
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState


def may_open(member: Member, group: WorkGroup) -> bool:
    """Whether a page offers a new round: to a seat, in a group that has not ended."""
    return group.state == GroupState.ACTIVE and permissions.may_open_scan(member, group)


class Scans(OwnMirrorPage):
    """What is under way, the rounds before, and the way to a new one."""

    template_name = "observations/scan/rounds.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show them."""
        rounds = queries.scans_of(self.group)
        under_way = next((scan for scan in rounds if scan.state in queries.UNDER_WAY), None)
        return self.show(
            group=self.group,
            scan=under_way,
            rounds=[scan for scan in rounds if scan != under_way],
            may_open=may_open(self.member, self.group),
            may_steer=self.member.chairs(self.group.pk),
            standing=queries.standing(under_way, self.member, today=self.today) if under_way else None,
        )


class NewScan(FormMixin, OwnMirrorPage):
    """A new round: about the card in focus or all six, with one voice or each alone first."""

    template_name = "observations/scan/new.html"
    form_class = ScanForm

    def enter(self, **kwargs: Any) -> None:
        """See what this group can choose now."""
        super().enter(**kwargs)
        permissions.demand(permissions.may_open_scan(self.member, self.group))
        self.card = queries.card_of(self.group, self.member)
        self.too_few = len(queries.people_in(self.group.pk, today=self.today)) < picture.ENOUGH
        self.sealed_from = queries.sealed_from(self.group, self.card, today=self.today)

    def form_kwargs(self) -> dict[str, Any]:
        """The card in focus, and the moments that fit."""
        zone = self.member.school.zone
        meeting = queries.next_meeting(self.group, now=self.now)
        return {
            "card": self.card,
            "sealed": not self.too_few and self.sealed_from is None,
            "now": self.now.astimezone(zone),
            "meets_at": meeting.starts_at.astimezone(zone) if meeting else None,
            "about": self.request.GET.get("aspect", ""),
            "how": self.request.GET.get("how", ""),
        }

    def context(self) -> dict[str, Any]:
        """The group, and from when it can answer each alone."""
        return {"group": self.group, "too_few": self.too_few, "sealed_from": self.sealed_from}

    def act(self, form: forms.Form) -> str:
        """Start it."""
        if not isinstance(form, ScanForm):
            raise TypeError
        aspect = self.card if form.cleaned_data["about"] == "focus" else None
        until = form.closes_at
        way = ScanWay.SEALED if until else ScanWay.TOGETHER
        scan = actions.open_scan(
            group=self.group, aspect=aspect, way=way, closes_at=until, by=self.member, now=self.now
        )
        return pages.address(self.member, "scan", scan.pk)


class OneScan(ScanPage):
    """How a round stands for this member; once it is revealed, its picture: whole, or a screen at a time (?at=1)."""

    template_name = "observations/scan/scan.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it as its state asks."""
        if self.scan.state == ScanState.REVEALED:
            return self._revealed()
        if self.scan.state == ScanState.VOID:
            return self._void()
        given = queries.own_answers(self.scan, self.member)
        asked = queries.behaviours_of(self.scan)
        standing = queries.standing(self.scan, self.member, today=self.today)
        steers = permissions.may_steer_scan(self.member, self.scan)
        return self.show(
            **self._about(),
            standing=standing,
            aspects=list(dict.fromkeys(line.aspect for line in asked)),
            answered={line.aspect.number for line in asked if line.pk in given},
            mark=mark_of(self.scan),
            may_steer=steers,
            may_drop=permissions.may_drop_scan(self.member, self.scan),
            may_close=bool(steers and standing.enough),
        )

    def _about(self) -> dict[str, Any]:
        start = groups.start_under_way(self.group)
        return {"scan": self.scan, "group": self.group, "start": start, "wall": self.wall}

    def _void(self) -> HttpResponse:
        self.template_name = "observations/scan/void.html"  # type: ignore[misc]
        again = "focus" if self.scan.aspect else "all"
        return self.show(**self._about(), again=again, may_open=may_open(self.member, self.group))

    def _revealed(self) -> HttpResponse:
        reveal = queries.reveal_of(self.scan)
        if reveal is None:
            raise Http404
        sheets = pages.sheets_of(reveal)
        about = self._about() | self._shown()
        slides = pages.slides_of(reveal, sheets)
        if about["is_asked"]:
            slides.append(pages.Slide("sharing", self.scan.aspect))
        at = self.request.GET.get("at", "")
        if at.isdecimal() and 1 <= int(at[:3]) <= len(slides):
            place = int(at[:3])
            self.template_name = "observations/scan/board.html"  # type: ignore[misc]
            later = slides[place] if place < len(slides) else None
            return self.show(**about, reveal=reveal, slides=slides, slide=slides[place - 1], at=place, later=later)
        self.template_name = "observations/scan/revealed.html"  # type: ignore[misc]
        return self.show(**about, reveal=reveal, sheets=sheets)

    def _shown(self) -> dict[str, Any]:
        """Whether the leader reads this picture, and whether the reveal ends with that question."""
        shown = queries.sharing_of(self.group)
        about = shown.about(self.scan.pk)
        is_asked = bool(about and about.shown is None and self.group.state == GroupState.ACTIVE)
        return {
            "sharing": shown,
            "about": about,
            "is_asked": is_asked,
            "may_share": sharing.may_share(self.member, self.group),
        }


def mark_of(scan: Any) -> str:
    """What changes with the state of the round, and with nothing else: answers leave no trace here."""
    return f"{scan.pk}-{scan.state}"


class State(ScanPage):
    """The mark that an open page asks for."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Say it."""
        return state_answer(request, mark_of(self.scan))


class _Deed(DeedMixin, ScanPage):
    """A button, the chair's unless it says otherwise."""

    deed: ClassVar[Any]
    may: ClassVar[Any] = staticmethod(permissions.may_steer_scan)

    def enter(self, **kwargs: Any) -> None:
        """For who may press it."""
        super().enter(**kwargs)
        permissions.demand(type(self).may(self.member, self.scan))

    def act(self) -> str:
        """Do it."""
        type(self).deed(scan=self.scan, by=self.member, now=self.now)
        return self.to("scan")

    def back(self) -> str:
        """The round as it stands."""
        return self.to("scan")


class Close(_Deed):
    """No more answers; there are enough."""

    deed = staticmethod(actions.close_scan)


class Drop(_Deed):
    """Let the round go, its answers unread."""

    deed = staticmethod(actions.drop_scan)
    may = staticmethod(permissions.may_drop_scan)
    done = _("This round is off. Its answers are thrown away.")


class Reveal(_Deed):
    """Open the picture for the whole group, and begin with its first screen."""

    deed = staticmethod(actions.reveal_scan)

    def act(self) -> str:
        """Open it."""
        return f"{super().act()}?at=1&{self.wall}".rstrip("&")
