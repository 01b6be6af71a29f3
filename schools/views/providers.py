"""For admins of a board: by which service its staff sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from schools import actions, links, pages, tenancy
from schools.models import SignInService
from schools.models.providers import Shape
from schools.providers import forms


class Services(pages.BoardPage):
    """The kinds of services, and how far each has come."""

    template_name = "schools/services/list.html"
    nav_here = "today"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """List the four."""
        held = {service.shape: service for service in links.every_service_of(self.board)}
        return self.show(board=self.board, kinds=[(shape, held.get(shape)) for shape in Shape])


class _OfAKind(pages.RecentlyProved, pages.BoardPage):
    """A page about one kind of service; ``self.service`` is the board's, if it has one."""

    def enter(self, **kwargs: Any) -> None:
        """Find the board, the kind, and the service."""
        super().enter(**kwargs)
        if kwargs["shape"] not in Shape.values:
            raise Http404
        self.shape = Shape(kwargs["shape"])
        self.service = SignInService.objects.filter(board=self.board, shape=self.shape).first()
        if self.service:
            self.service.board = self.board

    def here(self) -> str:
        """The page about this kind."""
        return reverse("service", args=[self.board.number, self.shape])


@method_decorator(never_cache, name="dispatch")
class Service(pages.FormMixin, _OfAKind):
    """How the service is reached, and what is left to do before staff can use it."""

    template_name = "schools/services/service.html"
    nav_here = "today"
    form_class: ClassVar[type[django_forms.Form]] = forms.ServiceForm
    done = _("Saved. Now try whether it works.")

    def form_kwargs(self) -> dict[str, Any]:
        """What is known; a secret is never shown again."""
        told: dict[str, Any] = {"shape": self.shape, "is_new": self.service is None}
        if self.service:
            known = {name: getattr(self.service, name).strip() for name in ("issuer", "client_id", "domains")}
            told["initial"] = known
        return told

    def context(self) -> dict[str, Any]:
        """The board, and the address that the service must know."""
        bare = self.service or SignInService(board=self.board, shape=self.shape)
        linked = links.how_many_linked(self.service) if self.service else 0
        told = {"board": self.board, "service": self.service, "kind": self.shape, "linked": linked}
        return told | {"address_back": actions.address_back(bare), "unproved": self._unproved()}

    def _unproved(self) -> list[str]:
        """The mail domains at which nobody of the board has an address: people do not find the board by them yet."""
        named = self.service.domains.split() if self.service else []
        known = links.domains_of(self.board, today=timezone.localdate(self.now)) if named else set()
        return [domain for domain in named if domain not in known]

    def act(self, form: django_forms.Form) -> str:
        """Save it."""
        actions.set_service(board=self.board, shape=self.shape, **form.cleaned_data, by=self.request.user, now=self.now)
        return self.here()


class _Deed(pages.DeedMixin, _OfAKind):
    """A button on the page about a kind."""

    def enter(self, **kwargs: Any) -> None:
        """There must be a service."""
        super().enter(**kwargs)
        self.known = self.service or tenancy.fetch(SignInService.objects.none())

    def back(self) -> str:
        """The page with the button."""
        return self.here()


class ServiceTry(_Deed):
    """Try whether it works; what is wrong stands on the page."""

    done = _("It works: the service answers, shows its keys and knows us.")

    def act(self) -> str:
        """Ask the service."""
        actions.try_service(service=self.known, now=self.now)
        return self.here()


class ServiceOpen(_Deed):
    """Let staff use it."""

    done = _("From now on your staff can sign in with it.")

    def act(self) -> str:
        """Open it."""
        actions.open_service(service=self.known, by=self.request.user, now=self.now)
        return self.here()


class ServiceClose(_Deed):
    """Let nobody use it for now."""

    done = _("Nobody signs in with it now. Who was linked stays linked.")

    def act(self) -> str:
        """Close it."""
        actions.close_service(service=self.known, by=self.request.user, now=self.now)
        return self.here()


class ServiceRemove(_Deed):
    """Forget the service and every link to it; asks first how many people it concerns."""

    template_name = "schools/services/remove.html"
    http_method_names = ["get", "post"]
    done = _("The service is gone, with every link to it.")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say what goes."""
        linked = links.how_many_linked(self.known)
        return self.show(board=self.board, kind=self.shape, service=self.known, linked=linked)

    def act(self) -> str:
        """Remove it."""
        actions.remove_service(service=self.known, by=self.request.user, now=self.now)
        return reverse("services", args=[self.board.number])
