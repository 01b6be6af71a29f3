"""Pages of the papers that a group writes on together: a routine (A2), a source and an interview (A5)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from schools.pages import FormMixin
from workgroups.actions import papers as actions
from workgroups.forms import papers as forms
from workgroups.queries import papers
from workgroups.views.papers.doors import NewPaper, OfAspect, OnePaper

FACTS = ("may_record",)
NOT_SAID = {"version", *FACTS}


def _sorted_out(form: django_forms.Form) -> dict[str, Any]:
    """What was typed as ``written``, and what was ticked by its own name."""
    data = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    facts = {name: data.pop(name) for name in FACTS if name in data}
    return {"written": data, **facts}


class PaperNew(FormMixin, NewPaper):
    """Begin a paper."""

    begin: ClassVar[staticmethod[..., Any]]
    page: ClassVar[str]

    def act(self, form: django_forms.Form) -> str:
        """Begin it."""
        paper = type(self).begin(group=self.group, **_sorted_out(form), by=self.member, now=self.now)
        return self.address(self.page, paper.pk)


class PaperEdit(FormMixin, OnePaper):
    """Write on."""

    rewrite: ClassVar[staticmethod[..., Any]]
    page: ClassVar[str]
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from what stands there."""
        return {"initial": {name: getattr(self.paper, name) for name in self.form_class.base_fields}}

    def context(self) -> dict[str, Any]:
        """The way back to the paper."""
        return {"home": self.address(self.page, self.paper.pk)}

    def act(self, form: django_forms.Form) -> str:
        """Rewrite it."""
        values = {self.page: self.paper, "version": form.cleaned_data["version"], **_sorted_out(form)}
        type(self).rewrite(**values, by=self.member, now=self.now)
        return self.address(self.page, self.paper.pk)


class PaperHome(OnePaper):
    """Read it; what is still empty asks its question."""

    form_class: ClassVar[type[django_forms.Form]]
    page: ClassVar[str]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what was written, under the questions of the form."""
        fields = self.form_class.base_fields
        texts = [(field.label, getattr(self.paper, name)) for name, field in fields.items() if name not in NOT_SAID]
        return self.show(
            paper=self.paper,
            said=[(label, text) for label, text in texts[1:] if text],
            open_questions=[label for label, text in texts if not text],
            edit=self.address(f"{self.page}-edit", self.paper.pk),
            may_write=self.may_write,
        )


class _Routine(OfAspect):
    """A routine, looked at again (A2)."""

    number = papers.ROUTINE
    form_class: ClassVar[type[django_forms.Form]] = forms.RoutineForm
    rows, word, page = staticmethod(papers.routines_for), "routine_id", "routine"


class RoutineNew(_Routine, PaperNew):
    """Look at one routine again."""

    template_name = "workgroups/papers/routine_form.html"
    begin = staticmethod(actions.review_routine)


class RoutineHome(_Routine, PaperHome):
    """Read what came of it."""

    template_name = "workgroups/papers/routine.html"


class RoutineEdit(_Routine, PaperEdit):
    """Write on."""

    template_name = "workgroups/papers/routine_form.html"
    rewrite = staticmethod(actions.rewrite_routine)


class _Source(OfAspect):
    """A source on the shelf (A5)."""

    number = papers.OUTSIDE
    form_class: ClassVar[type[django_forms.Form]] = forms.SourceForm
    rows, word, page = staticmethod(papers.sources_for), "source_id", "source"


class SourceNew(_Source, PaperNew):
    """Put it there."""

    template_name = "workgroups/papers/source_form.html"
    begin = staticmethod(actions.add_source)


class SourceHome(_Source, PaperHome):
    """Read what it says."""

    template_name = "workgroups/papers/source.html"


class SourceEdit(_Source, PaperEdit):
    """Write on."""

    template_name = "workgroups/papers/source_form.html"
    rewrite = staticmethod(actions.rewrite_source)


class _Interview(OfAspect):
    """An interview, prepared or held (A5)."""

    number = papers.OUTSIDE
    form_class: ClassVar[type[django_forms.Form]] = forms.InterviewForm
    rows, word, page = staticmethod(papers.interviews_for), "interview_id", "interview"


class InterviewNew(_Interview, PaperNew):
    """Prepare it."""

    template_name = "workgroups/papers/interview_form.html"
    begin = staticmethod(actions.prepare_interview)


class InterviewHome(_Interview, PaperHome):
    """Read the questions, and what was learned."""

    template_name = "workgroups/papers/interview.html"


class InterviewEdit(_Interview, PaperEdit):
    """Write on."""

    template_name = "workgroups/papers/interview_form.html"
    rewrite = staticmethod(actions.rewrite_interview)
