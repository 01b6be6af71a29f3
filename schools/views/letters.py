"""The page behind the link in a letter: no more letters like this one, without signing in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from schools import actions, pages, post, queries


# Mail programs post here by themselves, without a cookie or a key; all it can do is told by the address (RFC 8058).
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class StopLetters(pages.Page):
    """Stop a sort of letters, or want it again. Opening the page changes nothing: mail programs look ahead."""

    template_name = "schools/stop_letters.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find out whose letters these are; 404 where the link is not one of ours. Speak the reader's language."""
        found = post.stop.read(kwargs["signs"])
        reader = queries.reader(found[0]) if found else None
        if found is None or reader is None:
            raise Http404
        self.reader_id, self.sort = reader.pk, found[1]
        with translation.override(reader.language or request.LANGUAGE_CODE):
            answer = super().dispatch(request, *args, **kwargs)
            answer.headers["Content-Language"] = translation.get_language()
        return answer

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say which letters these are, and offer what can be done."""
        wanted = self._sorts() - queries.unwanted_by(self.reader_id)
        return self._lay_out(stage="asked" if wanted else "stopped", again=self._sorts())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Stop these letters; or with ``again`` want them again, as many as were stopped before."""
        again = self._sorts() & set(request.POST.getlist("again"))
        if again:
            actions.want_letters_again(user_id=self.reader_id, sorts=again)
            return self._lay_out(stage="wanted", again=again)
        stopped = self._sorts() - queries.unwanted_by(self.reader_id)
        actions.stop_letters(user_id=self.reader_id, sorts=stopped)
        return self._lay_out(stage="stopped", again=stopped or self._sorts())

    def _sorts(self) -> frozenset[str]:
        every = frozenset(one.name for one in post.sorts())
        return every if self.sort == post.EVERY else every & {self.sort}

    def _lay_out(self, *, stage: str, again: frozenset[str]) -> HttpResponse:
        sorts = [one for one in post.sorts() if one.name in self._sorts()]
        return self.show(stage=stage, sorts=sorts, again=sorted(again))
