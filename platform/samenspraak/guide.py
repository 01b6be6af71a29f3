"""The help pages: one screen for each step of the group's plan, in its order; and beside them one on the letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from schools.pages import Page


@dataclass(frozen=True)
class Help:
    """One step: what it is for, what to do, and what is good to know.

    ``picture``: a file in docs/pictures/help, or none.
    """

    key: str
    title: str | Promise
    lead: str | Promise
    steps: tuple[str | Promise, ...]
    know: tuple[str | Promise, ...]
    picture: str = ""
    picture_says: str | Promise = ""


GUIDE = (
    Help(
        key="choose",
        title=_("Choose one card"),
        lead=_("You work on one thing at a time. That is why it works."),
        steps=(
            _("Read the six questions aloud. Which one is about you?"),
            _("Choose that card together. You can always pick another one later."),
            _("Write down in a line or two why this matters for your group."),
        ),
        know=(
            _("No card is better than another. If you do not know, start with the first."),
            _("When you go on to another card, you look back on your goals and agreements first."),
        ),
        picture="choose.webp",
        picture_says=_("The six cards, each with its question"),
    ),
    Help(
        key="start",
        title=_("The start, in twenty minutes"),
        lead=_("Five steps, once, with the whole group around one table."),
        steps=(
            _("Put it on the big screen. Who has a phone scans the code or types it in."),
            _("Read the card, say why it matters, look at your own talk, choose goals and agree on something."),
            _("Time is up? Press pause. Next time you go on where you stopped."),
        ),
        know=(
            _("Only members of the group come in with the code. For others it opens nothing."),
            _("You need no phones: one person can fill in everything for all."),
        ),
        picture="start.webp",
        picture_says=_("The start on the big screen, with the code to join"),
    ),
    Help(
        key="scan",
        title=_("The self-scan"),
        lead=_("How do you talk now? You answer that yourselves, in two ways."),
        steps=(
            _("Choose: together, with one answer for all, or each alone first (with four people or more)."),
            _("Say for each behaviour how much you hear it, and in a few words how that goes."),
            _("The chair turns the cards over when you are together. Then you talk about what you see."),
        ),
        know=(
            _("Until then you see only your own answers. Nobody sees who has answered."),
            _("When the scan closes, the answers of each person are deleted. What stays is one value for the group."),
            _("With fewer than four answers nothing is shown."),
            _(
                "In a small group somebody can sometimes guess well. We round and trim the values against that. "
                "Certainty is rare: at most 3 in 100 cases."
            ),
        ),
        picture="scan.webp",
        picture_says=_("The picture of a self-scan, with what the group said about it"),
    ),
    Help(
        key="goals",
        title=_("Goals and agreements"),
        lead=_("A goal is what you want to do better. An agreement is what you do about it in every meeting."),
        steps=(
            _("Write one goal, or at most three, in your own words."),
            _("With each goal goes at least one agreement. The tips on the card help."),
            _("Note now and then how it goes. That takes two taps on your home page."),
        ),
        know=(
            _("You have five agreements at most: that is what you can read aloud in two minutes."),
            _("An agreement lives until you end it: a habit now, changed, or dropped."),
            _("Only members write goals and agreements. A coach can suggest one, and you decide."),
        ),
        picture="goals.webp",
        picture_says=_("An agreement and how it went over the last meetings"),
    ),
    Help(
        key="meeting",
        title=_("The meeting, in three acts"),
        lead=_("Two minutes at the start, three at the end. The rest is your own conversation."),
        steps=(
            _("Start: read the agreements aloud in turn, and tick that you did."),
            _("Middle: your agenda, the card at hand, and a sentence to start with when the talk gets stuck."),
            _("End: say together of each agreement whether it was kept, and of each goal how far you are."),
        ),
        know=(
            _("One phone is enough. With a big screen everybody sees the same."),
            _("You judge the agreement, never a person. “No occasion” is an answer too."),
            _("No time to look back? Skip it and say why. The agreements come back next time."),
        ),
        picture="meeting.webp",
        picture_says=_("The big screen at the start of a meeting"),
    ),
    Help(
        key="profile",
        title=_("Two mirrors"),
        lead=_("Your own self-scan beside what a coach heard. There is no total, no mark and no rank."),
        steps=(
            _("Does a coach ask to come and listen? You say yes or no, and what for."),
            _("The coach listens for some twenty minutes, and gives you strong points and as many points to improve."),
            _("Do the two mirrors differ? Then that is a question to talk about, and both can be right."),
        ),
        know=(
            _("Feedback is for the group, and never about one person."),
            _("Your school leader sees the profile only if you share it, and then in three words."),
            _("Remarks from the self-scan never leave the group."),
        ),
        picture="profile.webp",
        picture_says=_("The dialogue profile as a picture and a table"),
    ),
)

LETTERS = Help(
    key="letters",
    title=_("Letters and calendar"),
    lead=_("You hear what you agreed before each meeting, without doing anything for it."),
    steps=(
        _("You get a letter by mail: when, where, and what you agreed. Mostly that is the day before."),
        _("Does that not suit you? Under “Me”, “Your letters”, you choose which letters you get, and when."),
        _("Do you want the meetings in your own calendar? Under “Me”, “Your calendar”, you make an address for that."),
    ),
    know=(
        _("Has a meeting moved, or is it off? Then you get one letter that says what holds now."),
        _("The chair chooses when your group hears its agreements, and can read the letter before it goes out."),
        _("Your calendar shows what you agreed only if you choose so yourself."),
    ),
)


class GuidePage(Page):
    """The steps at a glance; for everybody, also without signing in."""

    template_name = "samenspraak/guide.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them in order."""
        return self.show(guide=GUIDE, letters=LETTERS)


class GuideStep(Page):
    """One step on one screen, and the next; ``?back=`` leads to the page where the question came up."""

    template_name = "samenspraak/guide_step.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it; 404 for a step that there is not."""
        number = next((number for number, one in enumerate(GUIDE, 1) if one.key == kwargs["step"]), 0)
        if not number and kwargs["step"] != LETTERS.key:
            raise Http404
        step = GUIDE[number - 1] if number else LETTERS
        after = GUIDE[number] if 0 < number < len(GUIDE) else None
        back = request.GET.get("back", "")
        ours = back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""
        return self.show(step=step, number=number, of=len(GUIDE), after=after, came_from=ours)
