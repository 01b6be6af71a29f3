"""Pages about who sits in a group, from when until when, and who holds the chair."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from schools.pages import DeedMixin, FormMixin
from workgroups import actions, permissions, queries
from workgroups.forms import life as forms
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage, InsideGroup, OneSeat, only


class GroupSeats(FormMixin, GroupPage):
    """Who sits in the group, and a seat for one more."""

    template_name = "workgroups/seats.html"
    form_class = forms.SeatForm
    may = only(permissions.may_read_seats)
    done = _("There is one more at the table.")

    def enter(self, **kwargs: Any) -> None:
        """Find the group; only the chair, leaders and admins give seats."""
        super().enter(**kwargs)
        self.group = self.find(WorkGroup.objects.seats_open_to(self.member), kwargs["group_id"])
        if self.request.method == "POST":
            permissions.demand(permissions.may_seat(self.member, self.group))

    def form_kwargs(self) -> dict[str, Any]:
        """Offer the people without a seat."""
        return {"people": queries.may_be_seated(self.group, today=self.today)}

    def context(self) -> dict[str, Any]:
        """Who sits there, and what the reader may do about it; nothing changes in a group that ended."""
        active = self.group.state == GroupState.ACTIVE
        places = queries.table_of(self.group, member=self.member, today=self.today)
        return {
            "group": self.group,
            "places": places,
            "next_chair": queries.next_in_turn([place.seat for place in places if not place.is_coming]),
            "is_active": active,
            "may_seat": active and permissions.may_seat(self.member, self.group),
            "may_invite": active and permissions.may_invite_to_group(self.member, self.group),
            "may_end_seat": active and permissions.may_end_seat(self.member, self.group),
            "may_rotate": active and permissions.may_rotate_chair(self.member, self.group),
        }

    def act(self, form: django_forms.Form) -> str:
        """Give the seat."""
        actions.seat(group=self.group, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("group-seats", self.group.pk)


class SeatDeed(FormMixin, OneSeat):
    """Something about one seat that is asked once more before it is done."""

    template_name = "workgroups/seat_sure.html"
    form_class = django_forms.Form
    deed = ""

    def context(self) -> dict[str, Any]:
        """The seat it is about, and what is asked."""
        return {"seat": self.seat, "group": self.seat.group, "deed": self.deed}


class SeatLeave(SeatDeed):
    """End a seat, at once or after a last day."""

    form_class = forms.LeaveForm
    deed = "leave"
    done = _("Saved.")

    def act(self, form: django_forms.Form) -> str:
        """End it."""
        actions.leave(seat=self.seat, last_day=form.cleaned_data["last_day"], by=self.member, now=self.now)
        return self.address("group-seats", self.seat.group_id)


class SeatChair(SeatDeed):
    """Hand the chair to this seat."""

    may = only(permissions.may_hand_over_chair)
    deed = "chair"
    done = _("The chair has been handed over.")

    def act(self, form: django_forms.Form) -> str:
        """Hand it over."""
        actions.hand_over_chair(group=self.seat.group, to=self.seat, by=self.member, now=self.now)
        return self.address("group-seats", self.seat.group_id)


class SeatStay(DeedMixin, OneSeat):
    """Take the last day of a seat back."""

    done = _("Saved. This person stays.")

    def act(self) -> str:
        """Take it back."""
        actions.stay(seat=self.seat, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The seats of the group."""
        return self.address("group-seats", self.seat.group_id)


class SeatLine(FormMixin, OneSeat):
    """The own line on what colleagues may come and ask (P8)."""

    template_name = "workgroups/seat_line.html"
    form_class = forms.LineForm
    may = only(permissions.may_write_line)
    done = _("Saved. Your group reads it with your name.")

    def form_kwargs(self) -> dict[str, Any]:
        """The line as it is now."""
        return {"initial": {"text": self.seat.ask_me_about}}

    def context(self) -> dict[str, Any]:
        """The group that reads it."""
        return {"group": self.seat.group}

    def act(self, form: django_forms.Form) -> str:
        """Write it down."""
        actions.say_line(seat=self.seat, text=form.cleaned_data["text"], by=self.member, now=self.now)
        return self.address("group-seats", self.seat.group_id)


class _ChairDeed(DeedMixin, InsideGroup):
    """A button of the chair's about the chair."""

    may = only(permissions.may_rotate_chair)

    def back(self) -> str:
        """The seats of the group."""
        return self.address("group-seats", self.group.pk)


class ChairRotate(_ChairDeed):
    """Let the chair go round, or no longer."""

    done = _("Saved.")

    def act(self) -> str:
        """Switch it."""
        rotates = self.request.POST.get("rotates") == "on"
        actions.rotate_chair(group=self.group, rotates=rotates, by=self.member, now=self.now)
        return self.back()


class ChairKeep(_ChairDeed):
    """Hold the chair for one more meeting although it goes round."""

    done = _("You hold the chair for one more meeting.")

    def act(self) -> str:
        """Keep it."""
        actions.keep_chair(group=self.group, by=self.member, now=self.now)
        return self.address("group", self.group.pk)
