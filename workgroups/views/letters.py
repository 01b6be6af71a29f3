"""Pages about letters: what goes out to a group and when, one letter as it will be, and what one wants to hear."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from schools import post, queries as schools_queries
from schools.pages import DeedMixin, FormMixin, PersonPage
from workgroups import actions, letters, permissions, queries
from workgroups.actions import notices
from workgroups.forms import rules as forms
from workgroups.models.group import GroupState
from workgroups.pages import OwnGroup, OwnMeeting, only

# A letter brings its own styles; it may show itself and lead out by a tap, and nothing else.
_LETTER_MAY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-top-navigation-by-user-activation"
)


class GroupLetters(FormMixin, OwnGroup):
    """What will go out to the group, and when; what went; and the rule behind it, which the chair chooses."""

    template_name = "workgroups/letters.html"
    form_class = forms.GroupRuleForm
    may = only(permissions.may_read_letters)
    done = _("Saved. The letters that wait have their new time.")

    def enter(self, **kwargs: Any) -> None:
        """Find the group and its rule; only the chair changes that."""
        super().enter(**kwargs)
        if self.request.method == "POST":
            permissions.demand(permissions.may_choose_letters(self.member, self.group))
        self.rule = queries.group_rule(self.group)

    def form_kwargs(self) -> dict[str, Any]:
        """The rule as it is, and that of the school."""
        otherwise = forms.SCHOOL if self.rule.is_on else forms.OFF
        own = None if self.rule.follows_school or not self.rule.is_on else queries.told_by(self.rule)
        school_rule = queries.school_rule(self.member.school)
        return {"initial": forms.initial_of(own, otherwise=otherwise), "school_rule": school_rule}

    def context(self) -> dict[str, Any]:
        """The group, its letters, and what the reader may do about them."""
        active = self.group.state == GroupState.ACTIVE
        return {
            "group": self.group,
            "rule": self.rule,
            "rule_words": forms.in_words(queries.told_by(self.rule) if self.rule.is_on else None),
            "letters": queries.letters_of(self.group, letters.KINDS, now=self.now),
            "stoppable": notices.TELLING,
            "may_choose": active and permissions.may_choose_letters(self.member, self.group),
        }

    def act(self, form: django_forms.Form) -> str:
        """Change the rule."""
        is_on = form.cleaned_data["when"] != forms.OFF
        rule = forms.rule_of(form)
        actions.remind_group(group=self.group, rule=rule, is_on=is_on, by=self.member, now=self.now)
        return self.address("letters", self.group.pk)


class OneLetter(OwnMeeting):
    """A page about the letters of one kind about a meeting; 404 where there are none."""

    may = only(permissions.may_read_letters)

    def enter(self, **kwargs: Any) -> None:
        """Find the letter."""
        super().enter(**kwargs)
        self.kind = kwargs["kind"]
        leaving = queries.letter_leaves_at(self.meeting, self.kind) if self.kind in letters.KINDS else None
        if leaving is None:
            raise Http404
        self.leaving = leaving

    def words(self) -> post.Letter:
        """The letter in the reader's language, as it is when it leaves."""
        self.meeting.school = self.member.school
        language = translation.get_language() or self.member.school.language
        return letters.preview(self.kind, self.meeting, language=language, now=self.leaving.at)


class LetterPreview(OneLetter):
    """The letter in plain words."""

    template_name = "workgroups/letter.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show its subject and its text."""
        given = {"meeting": self.meeting, "group": self.meeting.group, "kind": self.kind, "leaving": self.leaving}
        return self.show(letter=self.words(), **given)


class LetterPaper(OneLetter):
    """The letter as a mail program shows it: no script, no form, nothing from anywhere."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show its HTML alone."""
        return HttpResponse(self.words().html, headers={"Content-Security-Policy": _LETTER_MAY})


class LetterDeed(DeedMixin, OwnMeeting):
    """Something that the chair does about letters that wait."""

    may = only(permissions.may_choose_letters)

    def back(self) -> str:
        """What goes out to the group."""
        return self.address("letters", self.meeting.group_id)


class LetterBack(LetterDeed):
    """Do not send it."""

    done = _("This letter will not be sent.")

    def act(self) -> str:
        """Take it back."""
        actions.take_letter_back(meeting=self.meeting, kind=self.kwargs["kind"], by=self.member, now=self.now)
        return self.back()


class LetterSend(LetterDeed):
    """Send it after all."""

    done = _("This letter will be sent after all.")

    def act(self) -> str:
        """Let it wait again."""
        actions.send_letter_after_all(meeting=self.meeting, kind=self.kwargs["kind"], by=self.member, now=self.now)
        return self.back()


class MyLetters(FormMixin, PersonPage):
    """What one wants to hear by mail, when, and what letters tell one's calendar."""

    template_name = "workgroups/my_letters.html"
    nav_here = "me"
    form_class = forms.MyLettersForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """What one chose before."""
        user = self.request.user
        wishes, unwanted = schools_queries.wishes_of(user), schools_queries.unwanted_by(user.pk)
        rule = forms.initial_of(queries.own_rule(user), otherwise=forms.GROUP)
        around = [
            (one.group.name, queries.told_by(one) if one.is_on else None)
            for one in queries.rules_around(user, now=self.now)
        ]
        return {"initial": {**rule, **forms.initial_wishes(wishes, unwanted)}, "around": around}

    def act(self, form: django_forms.Form) -> str:
        """Choose."""
        actions.choose_letters(rule=forms.rule_of(form), **forms.wishes_of(form), by=self.request.user, now=self.now)
        return reverse("account-letters")
