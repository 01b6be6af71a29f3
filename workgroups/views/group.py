"""Pages about a group and who sits in it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from schools.pages import FormMixin
from workgroups import actions, forms, permissions, queries
from workgroups.forms import rewording
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage, OneGroup, only


class GroupNew(FormMixin, GroupPage):
    """Start a group: its name, its theme and who chairs it."""

    template_name = "workgroups/group_new.html"
    form_class = forms.NewGroupForm
    done = _("The group is there. Now give its members a seat.")

    def enter(self, **kwargs: Any) -> None:
        """For leaders and admins."""
        super().enter(**kwargs)
        permissions.demand(permissions.may_start_group(self.member))

    def form_kwargs(self) -> dict[str, Any]:
        """Offer the people of the school."""
        return {"people": queries.people_at(self.member.school.pk, today=self.today)}

    def act(self, form: django_forms.Form) -> str:
        """Start the group."""
        group = actions.start_group(**form.cleaned_data, by=self.member, now=self.now)
        return self.address("group-seats", group.pk)


class GroupHome(OneGroup):
    """The group's own page; who has no seat there sees what the school may know."""

    template_name = "workgroups/group_outside.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the inside to members and guests, the outside to the rest of the school."""
        if permissions.may_enter(self.member, self.group):
            return self._inside()
        dated = permissions.may_read_meetings(self.member, self.group)
        active = self.group.state == GroupState.ACTIVE
        return self.show(
            group=self.group,
            chair=queries.chairs_of([self.group.pk], today=self.today).get(self.group.pk),
            meetings=queries.meetings_of(self.group, now=self.now) if dated else None,
            may_describe=active and permissions.may_describe_group(self.member, self.group),
            may_read_seats=permissions.may_read_seats(self.member, self.group),
        )

    def _inside(self) -> HttpResponse:
        self.template_name = "workgroups/group.html"  # type: ignore[misc]
        active = self.group.state == GroupState.ACTIVE
        return self.show(
            group=self.group,
            today=self.today,
            inside=queries.group_inside(self.group, member=self.member, today=self.today, now=self.now),
            may_describe=active and permissions.may_describe_group(self.member, self.group),
            may_plan=active and permissions.may_plan_meetings(self.member, self.group),
            may_write=active and permissions.may_write_goals(self.member, self.group),
            may_end=active and permissions.may_end_group(self.member, self.group),
        )


class GroupEdit(FormMixin, OneGroup):
    """Change what the group is called and works on; its why is for the group's own chair."""

    template_name = "workgroups/group_edit.html"
    may = only(permissions.may_describe_group)
    done = _("Saved.")

    def form(self, data: Any = None) -> django_forms.Form:
        """The chair's form has the why; a leader's and an admin's has not."""
        is_ours = permissions.may_write_why(self.member, self.group)
        form_class = rewording.GroupWhyForm if is_ours else rewording.GroupWordsForm
        return form_class(data, initial={name: getattr(self.group, name) for name in form_class.base_fields})

    def context(self) -> dict[str, Any]:
        """The group it is about."""
        return {"group": self.group}

    def act(self, form: django_forms.Form) -> str:
        """Describe it; what the form does not ask stays."""
        actions.describe_group(group=self.group, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("group", self.group.pk)
