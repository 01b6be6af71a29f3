"""The group wants a visit otherwise: then the visitor says yes or no (C2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from observations import actions
from observations.models import Visit
from schools.models import Delivery
from schools.refusals import Refused
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps, test_visits
from workgroups.models import Guest, Meeting

NOW = factories.NOW
WORDS = "Laten we elkaar uitpraten?"


def agree(cast: TestCast, visit: Visit, **values: Any) -> Visit:
    return actions.agree_visit(visit=visit, by=cast.hat("bram"), now=NOW, **values)


def test_it_works(cast: TestCast) -> None:
    visit = steps.amended(cast)
    assert (visit.state, visit.asks, visit.group_words, visit.target_minutes) == ("proposed", "visitor", WORDS, 25)
    assert visit.waits_for_visitor
    assert not Guest.objects.exists()
    agree(cast, visit)
    assert (visit.state, visit.asks, visit.target_minutes) == ("accepted", "group", 25)
    assert cast.hat("bram").visits(cast.reading.pk)


def test_a_yes_waits_until_the_visitor_agrees(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    change: dict[str, Any] = {"group_words": "", "target_minutes": 15, "by": cast.hat("els"), "now": NOW}
    actions.amend_visit(visit=visit, **change)
    assert visit.state == "proposed"
    assert not cast.hat("bram").visits(cast.reading.pk)
    with pytest.raises(actions.NotPossibleNow):
        actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)
    agree(cast, visit)
    assert Guest.objects.count() == 1


@pytest.mark.parametrize("who", ["carla", "bram", "anna", "frank", "joris"])
def test_only_the_chair_amends(cast: TestCast, who: str) -> None:
    visit = steps.proposed(cast)
    with pytest.raises(PermissionDenied):
        actions.amend_visit(visit=visit, group_words=WORDS, target_minutes=20, by=cast.hat(who), now=NOW)


@pytest.mark.parametrize("who", ["els", "carla", "anna", "frank", "joris"])
def test_only_the_visitor_agrees(cast: TestCast, who: str) -> None:
    visit = steps.amended(cast)
    with pytest.raises(PermissionDenied):
        actions.agree_visit(visit=visit, by=cast.hat(who), now=NOW)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"group_words": "  "}, actions.NothingAmended),
        ({"target_minutes": 14}, actions.BadTarget),
        ({"target_minutes": 31}, actions.BadTarget),
        ({"group_words": "a" * 301}, Refused),
    ],
)
def test_what_does_not_fit_changes_nothing(cast: TestCast, values: dict[str, Any], refusal: type[Refused]) -> None:
    visit = steps.proposed(cast)
    given: dict[str, Any] = {"group_words": WORDS, "target_minutes": 20, **values, "by": cast.hat("els"), "now": NOW}
    with pytest.raises(refusal):
        actions.amend_visit(visit=visit, **given)
    visit.refresh_from_db()
    assert (visit.asks, visit.version, visit.group_words) == ("group", 1, "")


def test_a_later_change_is_not_agreed_to_unseen(cast: TestCast) -> None:
    visit = steps.amended(cast)
    read = visit.version
    change: dict[str, Any] = {"group_words": "Iets anders.", "target_minutes": 25, "by": cast.hat("els"), "now": NOW}
    actions.amend_visit(visit=visit, **change)
    with pytest.raises(actions.NotPossibleNow):
        agree(cast, visit, version=read)
    assert agree(cast, visit, version=visit.version).state == "accepted"


def test_without_a_change_there_is_nothing_to_agree_to(cast: TestCast) -> None:
    with pytest.raises(actions.NotPossibleNow):
        agree(cast, steps.proposed(cast))


def test_the_chair_does_not_answer_for_the_visitor(cast: TestCast) -> None:
    with pytest.raises(actions.NotPossibleNow):
        actions.accept_visit(visit=steps.amended(cast), by=cast.hat("els"), now=NOW)


def test_it_is_for_a_meeting_ahead(cast: TestCast) -> None:
    visit = steps.amended(cast)
    with pytest.raises(actions.MeetingPassed):
        actions.agree_visit(visit=visit, by=cast.hat("bram"), now=visit.meeting.ends_at)
    Meeting.objects.update(state="cancelled")
    with pytest.raises(actions.MeetingPassed):
        agree(cast, visit)
    with pytest.raises(actions.MeetingPassed):
        actions.amend_visit(visit=visit, group_words="", target_minutes=30, by=cast.hat("els"), now=NOW)


def test_a_meeting_that_moved_meanwhile_needs_the_groups_yes(cast: TestCast) -> None:
    """What the group offered was for the time at which the meeting stood then."""
    visit = steps.amended(cast)
    test_visits.move(visit.meeting)
    agree(cast, visit)
    assert visit.needs_new_yes
    assert not cast.hat("bram").visits(cast.reading.pk)
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)
    assert not visit.needs_new_yes
    assert cast.hat("bram").visits(cast.reading.pk)
    assert Guest.objects.count() == 1


def test_any_member_postpones_it_unnamed(cast: TestCast) -> None:
    visit = steps.amended(cast)
    actions.postpone_visit(visit=visit, by=cast.hat("carla"), now=NOW)
    assert (visit.state, visit.asks, visit.accepted_for) == ("proposed", "group", None)
    assert not visit.waits_for_visitor
    with pytest.raises(actions.NotPossibleNow):
        actions.postpone_visit(visit=visit, by=cast.hat("carla"), now=NOW)


@pytest.mark.parametrize("state", ["listening", "noting", "shared", "declined", "withdrawn"])
def test_once_listening_began_nothing_is_amended(cast: TestCast, state: str) -> None:
    visit = test_visits.bring_to(cast, state)
    with pytest.raises(actions.NotPossibleNow):
        actions.amend_visit(visit=visit, group_words=WORDS, target_minutes=20, by=cast.hat("els"), now=NOW)


def test_an_older_letter_does_not_go_out_any_more(cast: TestCast) -> None:
    visit = steps.amended(cast)
    agree(cast, visit)
    assert set(Delivery.objects.filter(subject_id=visit.pk, version=visit.version).values_list("kind")) == {
        ("visit_agreed",)
    }
    assert not Delivery.objects.filter(kind="visit_answered", version=visit.version).exists()


# --- The pages ----------------------------------------------------------------------------


def page(visit: Visit, deed: str = "") -> str:
    return f"/s/de-wilg/visits/{visit.pk}/{deed}"


@pytest.mark.usefixtures("clock")
class TestPages:
    """What each side sees, and the buttons."""

    def test_the_chair_writes_it_and_the_visitor_agrees(self, cast: TestCast, as_: Any) -> None:
        visit = steps.proposed(cast)
        chair = as_(cast.els)
        assert page(visit, "amend/") in chair.get(page(visit)).text
        answer = chair.post(page(visit, "amend/"), {"group_words": WORDS, "target_minutes": "25"})
        assert (answer.status_code, answer["Location"]) == (302, page(visit))
        told = chair.get(page(visit)).text
        assert WORDS in told
        assert page(visit, "accept/") not in told
        visitor = as_(cast.bram)
        told = visitor.get(page(visit)).text
        assert WORDS in told
        assert "25 minuten" in told
        visit.refresh_from_db()
        visitor.post(page(visit, "agree/"), {"version": str(visit.version)})
        visit.refresh_from_db()
        assert visit.state == "accepted"
        assert page(visit, "agree/") not in visitor.get(page(visit)).text

    @pytest.mark.parametrize("version", ["", "1", "٢", "9" * 5000])
    def test_what_nobody_read_is_not_agreed_to(self, cast: TestCast, as_: Any, version: str) -> None:
        visit = steps.amended(cast)
        actions.amend_visit(visit=visit, group_words="", target_minutes=30, by=cast.hat("els"), now=NOW)
        answer = as_(cast.bram).post(page(visit, "agree/"), {"version": version}, follow=True)
        assert "Dat kan bij dit bezoek niet meer." in answer.text
        visit.refresh_from_db()
        assert visit.waits_for_visitor

    def test_what_does_not_fit_comes_back_with_a_sentence(self, cast: TestCast, as_: Any) -> None:
        visit = steps.proposed(cast)
        for minutes, words, sentence in [("45", WORDS, "Luister 15 tot 30 minuten."), ("20", "", "Er is niets anders")]:
            answer = as_(cast.els).post(page(visit, "amend/"), {"group_words": words, "target_minutes": minutes})
            assert answer.status_code == 422
            assert sentence in answer.text
            assert words in answer.text

    def test_it_needs_the_chair(self, cast: TestCast, as_: Any) -> None:
        visit = steps.proposed(cast)
        for who in ("carla", "bram"):
            browser = as_(cast.people[who])
            assert page(visit, "amend/") not in browser.get(page(visit)).text
            assert browser.get(page(visit, "amend/")).status_code == 403
            assert browser.post(page(visit, "amend/"), {"target_minutes": "30"}).status_code == 403

    @pytest.mark.parametrize("who", ["anna", "frank", "joris", "daan", "hugo"])
    @pytest.mark.parametrize("deed", ["amend/", "agree/"])
    def test_others_see_nothing(self, cast: TestCast, as_: Any, who: str, deed: str) -> None:
        visit = steps.amended(cast)
        browser = as_(cast.people[who])
        assert browser.post(page(visit, deed)).status_code == 404
        visit.refresh_from_db()
        assert visit.waits_for_visitor

    def test_when_it_is_too_late_the_visit_says_how_it_stands(self, cast: TestCast, as_: Any, clock: Any) -> None:
        begun = steps.listening(cast)
        assert as_(cast.els).get(page(begun, "amend/"))["Location"] == page(begun)
        week = dt.timedelta(days=7)
        late = steps.proposed(
            cast, factories.meeting(cast.reading, begun.meeting.day + week), now=begun.meeting.ends_at
        )
        clock(late.meeting.ends_at)
        assert as_(cast.els).get(page(late, "amend/"))["Location"] == page(late)

    @pytest.mark.parametrize("who", ["els", "carla", "bram"])
    def test_both_sides_read_who_sees_what(self, cast: TestCast, as_: Any, who: str) -> None:
        visit = steps.amended(cast)
        told = as_(cast.people[who]).get(page(visit)).text
        assert "Wie ziet wat" in told
        assert (page(visit, "postpone/") in told) == (who != "bram")


def test_the_api_says_so(cast: TestCast, api: Any) -> None:
    visit = steps.amended(cast)
    for who in ("els", "carla", "bram"):
        told = api(cast.people[who]).get(f"schools/de-wilg/visits/{visit.pk}/").body
        assert (told["asks"], told["group_words"], told["target_minutes"]) == ("visitor", WORDS, 25)


@pytest.mark.parametrize(("minutes", "can"), [(16, True), (15, False), (-30, False)])
def test_once_the_visitor_may_listen_nothing_is_amended(cast: TestCast, minutes: int, can: bool) -> None:
    visit = steps.accepted(cast)
    now = steps.before(visit.meeting, minutes=minutes)
    change: dict[str, Any] = {"group_words": WORDS, "target_minutes": 15, "by": cast.hat("els"), "now": now}
    if can:
        assert actions.amend_visit(visit=visit, **change).state == "proposed"
        return
    with pytest.raises(actions.MayHaveBegun):
        actions.amend_visit(visit=visit, **change)
    kept, _is_new = steps.log(visit, cast.hat("bram"), listened=20, now=steps.after(visit.meeting, minutes=40))
    assert kept.notes.count() == len(steps.NOTES)


def test_a_proposal_is_amended_until_the_meeting_ends(cast: TestCast) -> None:
    """Nobody listens without a yes."""
    meeting = factories.meeting(cast.reading)
    assert steps.amended(cast, meeting, now=steps.after(meeting, minutes=10)).waits_for_visitor


def test_for_another_day_it_can_be_amended_though_the_old_time_passed(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    Meeting.objects.filter(pk=visit.meeting_id).update(
        day=visit.meeting.day + dt.timedelta(days=7), starts_at=steps.after(visit.meeting, days=7)
    )
    change: dict[str, Any] = {"group_words": WORDS, "target_minutes": 15, "by": cast.hat("els")}
    assert actions.amend_visit(visit=visit, **change, now=steps.after(visit.meeting, minutes=5)).waits_for_visitor


@pytest.mark.parametrize(("minutes", "is_offered"), [(16, True), (15, False)])
def test_nor_is_it_offered_then(cast: TestCast, as_: Any, clock: Any, minutes: int, is_offered: bool) -> None:
    visit = steps.accepted(cast)
    clock(steps.before(visit.meeting, minutes=minutes))
    els = as_(cast.els)
    assert (page(visit, "amend/") in els.get(page(visit)).content.decode()) is is_offered
    assert els.get(page(visit, "amend/")).status_code == (200 if is_offered else 302)
