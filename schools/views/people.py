"""Who works at a school: the directory, and what its admins do about roles and time there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from schools import actions, forms, pages, permissions, queries, tenancy
from schools.models import Membership, School, User
from schools.roles import Role


class People(pages.SchoolPage):
    """The directory: names and roles, for everybody who is somebody at the school; no addresses."""

    template_name = "schools/people.html"
    nav_here = "groups"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """List the people."""
        return self.show(
            people=queries.staff_of(self.member, today=self.today),
            may_keep=self.member.has(Role.ADMIN),
            may_invite=self.member.has(Role.ADMIN, Role.LEADER),
        )


class PeopleKept(pages.StewardPage):
    """The people with their addresses, roles and last days, for whoever keeps them."""

    template_name = "schools/people_kept.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """List them."""
        return self.show(
            school=self.school,
            people=queries.kept_people(self.school, today=self.today),
            invited=len(queries.open_invitations(self.school)),
            today=self.today,
        )


class _PersonDoor(pages.RecentlyProved, pages.StewardPage):
    """A page about somebody of the school."""

    proved_for = frozenset({"POST"})

    def enter(self, **kwargs: Any) -> None:
        """Find the person among those of the school."""
        super().enter(**kwargs)
        self.person = tenancy.fetch(queries.people_of(self.school, today=self.today), pk=kwargs["user_id"])
        self.held = queries.roles_at(self.school, self.person, today=self.today)


class _RoleDoor(_PersonDoor):
    """A page about a role that somebody holds."""

    def enter(self, **kwargs: Any) -> None:
        """Find the role among the person's."""
        super().enter(**kwargs)
        rows = Membership.objects.filter(pk__in=[row.pk for row in self.held])
        self.membership = tenancy.fetch(rows.select_related("user", "school"), pk=kwargs["membership_id"])


class _About(pages.FormMixin):
    """A form about somebody of the school."""

    school: School
    person: User
    held: list[Membership]
    today: dt.date

    def context(self) -> dict[str, Any]:
        """The person, and what is held here."""
        return {
            "school": self.school,
            "person": self.person,
            "held": self.held,
            "today": self.today,
            "may_open": actions.may_open_on_paper(self.person, school=self.school, today=self.today),
        }


class Person(_About, _PersonDoor):
    """The roles of somebody, and one more."""

    template_name = "schools/person.html"
    form_class = forms.RoleForm
    done = _("Saved. It holds from now on.")

    def form_kwargs(self) -> dict[str, Any]:
        """Offer the roles that the person does not hold."""
        mine = {row.role for row in self.held}
        return {"may": [role for role in permissions.may_be_invited_as(self.steward) if role not in mine]}

    def act(self, form: django_forms.Form) -> str:
        """Give the role."""
        actions.give_role(user=self.person, role=form.cleaned_data["role"], by=self.steward, now=self.now)
        return self.address("person", self.person.pk)


class PersonLeaves(_About, _PersonDoor):
    """The end of somebody's time at the school."""

    template_name = "schools/person_leaves.html"
    form_class = forms.RoleEndForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Ask whether one is sure where the person is the last admin."""
        return {"asks": queries.is_last_admin(self.school, self.person, today=self.today)}

    def act(self, form: django_forms.Form) -> str:
        """End it."""
        last_day, sure = form.cleaned_data["last_day"], bool(form.cleaned_data.get("sure"))
        actions.end_time(user=self.person, last_day=last_day, sure=sure, by=self.steward, now=self.now)
        return self.address("people-kept")


class RoleEnd(_About, _RoleDoor):
    """The end of a role."""

    template_name = "schools/role_end.html"
    form_class = forms.RoleEndForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Ask whether one is sure where it is the last admin's."""
        last = queries.is_last_admin(self.school, self.person, today=self.today)
        return {"asks": self.membership.role == Role.ADMIN and last}

    def context(self) -> dict[str, Any]:
        """The role too, and whether it is the only one."""
        return {**super().context(), "membership": self.membership, "is_only": len(self.held) == 1}

    def act(self, form: django_forms.Form) -> str:
        """End it."""
        last_day, sure = form.cleaned_data["last_day"], bool(form.cleaned_data.get("sure"))
        actions.end_role(membership=self.membership, last_day=last_day, sure=sure, by=self.steward, now=self.now)
        return self.address("people-kept")


class RoleStay(pages.DeedMixin, _RoleDoor):
    """Take the last day of a role back."""

    done = _("Saved. The role goes on.")

    def act(self) -> str:
        """Take it back."""
        actions.stay_in_role(membership=self.membership, by=self.steward, now=self.now)
        return self.back()

    def back(self) -> str:
        """The person."""
        return self.address("person", self.person.pk)
