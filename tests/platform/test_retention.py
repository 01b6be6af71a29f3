"""Row 76 of the faults: the clock moved to each limit, a day before it and a day after; and no table is forgotten."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, models, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from observations.models import (
    AspectNote,
    FeedbackPair,
    SelfScan,
    Snapshot,
    Visit,
)
from schools import actions, post, queries, retention, tasks, tenancy
from schools.models import (
    Delivery,
    Invitation,
    KeptAnswer,
    LetterWishes,
    Membership,
    Receipt,
    User,
)
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.platform import perishable
from tests.platform.perishable import DAY, YEAR
from workgroups.models import Goal, Meeting, Seat, WorkGroup

A_MOMENT = dt.timedelta(minutes=1)


def _is_there(row: models.Model, key: str) -> bool:
    kept = {"recipients": Q(user__isnull=False), "school-start": ~Q(started_because="")}
    return type(row)._base_manager.filter(kept.get(key, Q()), pk=row.pk).exists()


@pytest.fixture(autouse=True)
def _ledger(settings: Any, tmp_path: Any) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"


def test_every_kind_is_tried() -> None:
    assert list(perishable.PLANTS) == [kind.key for kind in retention.classes()]


def test_a_day_before_its_limit_it_is_there_and_a_day_after_it_is_gone(cast: TestCast) -> None:
    """Kind by kind, each planted, tried and taken back."""
    for key, put in perishable.PLANTS.items():
        with transaction.atomic():
            _try(key, *put(cast))
            transaction.set_rollback(True)


def _try(key: str, row: models.Model, limit: dt.datetime) -> None:
    kind = retention.kind(key)
    assert not kind.due(limit - DAY).exists(), key
    assert retention.forget_due(now=limit - DAY, only=[key])[key] == 0
    assert _is_there(row, key), key
    assert kind.due(limit + DAY).exists(), key
    assert retention.forget_due(now=limit + DAY, only=[key])[key] > 0, key
    assert not _is_there(row, key), key
    assert not kind.due(limit + DAY).exists(), key
    assert Receipt.objects.filter(kind=key, day=(limit + DAY).date()).exists() is (key != "receipts"), key


def test_every_table_has_a_limit_or_a_reason() -> None:
    """A new table fails here until somebody says in actions/forgetting.py how long its rows are kept, or why so."""
    untold = [model._meta.label for model in apps.get_models(include_auto_created=True) if not told_of(model)]
    assert untold == []
    unknown = [
        table
        for kind in retention.classes()
        for table in (*kind.tables, *retention.companions(kind.key))
        if table not in {model._meta.label for model in apps.get_models()}
    ]
    assert unknown == []


def told_of(model: type[models.Model]) -> list[str]:
    return retention.told_in(model._meta.label)


def test_what_goes_along_really_does() -> None:
    """What is said to go with a row falls with it in the database, not by a promise."""
    for kind in retention.classes():
        heads = {apps.get_model(table) for table in kind.tables}
        for table in retention.companions(kind.key):
            assert _falls_with(apps.get_model(table), heads), table


def _falls_with(model: type[models.Model], heads: set[type[models.Model]]) -> bool:
    ties = [
        one
        for one in model._meta.concrete_fields
        if one.remote_field is not None and one.remote_field.on_delete is models.CASCADE
    ]
    return any(one.related_model in heads or _falls_with(one.related_model, heads) for one in ties)  # type: ignore[arg-type]


def test_a_group_goes_whole_and_others_stay(cast: TestCast) -> None:
    """Meetings of a series, what was heard back, a picture of a scan: a year after the end nothing is left of it."""
    note = perishable.noted(cast)
    for group in (cast.reading, cast.maths):
        goal = Goal.objects.create(
            school=group.school, group=group, period=factories.period(group, cast.aspects["openness"]),
            position=1, text="Doorvragen", set_on=TODAY,
        )  # fmt: skip
        factories.papers(group, group.seats.earliest("pk").user, factories.person(f"Stil {group.pk}"))
        factories.meeting(group, TODAY + 9 * DAY, series=factories.series(group), series_day=TODAY + 9 * DAY)
    scan = SelfScan.objects.create(
        school=goal.school, group=cast.reading, edition=cast.aspects["openness"].edition, way="together",
        state="revealed", opened_on=TODAY, closed_on=TODAY,
    )  # fmt: skip
    Snapshot.objects.create(school=goal.school, group=cast.reading, scan=scan)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    gone, kept = (
        retention.forget_due(now=NOW + YEAR + DAY, only=["groups"]),
        Meeting.objects.filter(group=cast.maths).count(),
    )
    assert gone["groups"] == 1
    assert kept
    tables = [model for model in apps.get_models() if any(one.name == "group" for one in model._meta.concrete_fields)]
    left = [model._meta.label for model in tables if model._base_manager.filter(group_id=cast.reading.pk).exists()]
    assert left == []
    assert not AspectNote.objects.filter(pk=note.pk).exists()
    assert Goal.objects.get().group == cast.maths


def test_the_last_day_to_read_a_group_is_the_one_that_its_page_says(cast: TestCast) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    last = WorkGroup.objects.get(pk=cast.reading.pk).kept_until
    assert last
    kept, gone = (retention.kind("groups").due(perishable.midnight(day)).exists() for day in (last, last + DAY))
    assert (kept, gone) == (False, True)


def test_a_group_that_everybody_left_goes_too_but_not_a_young_one(cast: TestCast) -> None:
    empty = factories.group(cast.reading.school, "Zonder mensen")
    Seat.objects.filter(group=cast.reading).update(until_date=TODAY)
    now = NOW + YEAR + DAY
    assert retention.forget_due(now=now - 2 * DAY)["groups"] == 0
    assert retention.forget_due(now=now)["groups"] == 1
    assert set(WorkGroup.objects.all()) == {empty, cast.maths, cast.next_door, cast.elsewhere}


def test_a_school_that_opens_again_in_time_loses_nothing(cast: TestCast) -> None:
    perishable.closed(cast)
    retention.forget_due(now=NOW + YEAR - DAY)
    assert cast.reading in WorkGroup.objects.all()
    retention.forget_due(now=NOW + YEAR + DAY)
    assert not WorkGroup.objects.filter(school__slug="de-wilg").exists()
    assert not Membership.objects.filter(school__slug="de-wilg").exists()
    assert WorkGroup.objects.filter(school__slug="de-beuk").exists()


def test_what_was_shared_outlives_the_notes(cast: TestCast) -> None:
    note = perishable.noted(cast, state="shared", shared_at=NOW)
    assert retention.forget_due(now=NOW + 14 * DAY, only=["notes"])["notes"] == 1
    assert FeedbackPair.objects.filter(observation=note.observation_id).exists()


def test_a_letter_of_a_far_meeting_knows_its_people_until_then(cast: TestCast) -> None:
    """Who was invited months ahead still hears it when the meeting is called off."""
    row = perishable.letter(cast)
    Delivery.objects.filter(pk=row.pk).update(expires_at=NOW + 200 * DAY)
    retention.forget_due(now=NOW + 229 * DAY, only=["recipients"])
    assert Delivery.objects.get().user == cast.carla
    retention.forget_due(now=NOW + 231 * DAY, only=["recipients"])
    row.refresh_from_db()
    assert (row.user, row.key, row.message_id, row.state) == (None, f"gone:{row.pk}", "gone", "sent")
    assert str(cast.carla.pk) not in row.key.removesuffix(f"{row.pk}")


def test_a_letter_that_waits_is_left_alone(cast: TestCast) -> None:
    factories.reminder(factories.meeting(cast.reading), cast.carla)
    retention.forget_due(now=NOW + 3 * YEAR, only=["recipients", "letters"])
    assert Delivery.objects.get().user == cast.carla


def test_people_without_a_role_go_with_all_that_is_theirs(cast: TestCast) -> None:
    user, limit = perishable.PLANTS["people"](cast)
    LetterWishes.objects.create(user_id=user.pk)
    Authenticator.objects.create(user_id=user.pk, type="totp", data={})
    retention.forget_due(now=limit + DAY, only=["people"])
    assert not LetterWishes.objects.exists()
    assert not Authenticator.objects.exists()
    assert User.objects.filter(pk=cast.carla.pk).exists()


def test_who_is_asked_to_come_back_stays(cast: TestCast) -> None:
    user, limit = perishable.PLANTS["people"](cast)
    wanted = Invitation.objects.create(
        school=cast.schools["de-wilg"], role="teacher", email=User.objects.get(pk=user.pk).email, made_at=limit
    )
    assert retention.forget_due(now=limit + DAY, only=["people"])["people"] == 0
    wanted.delete()
    assert retention.forget_due(now=limit + DAY, only=["people"])["people"] == 1


def test_after_a_restore_nobody_goes_for_thirty_days_who_may_have_come_back(cast: TestCast) -> None:
    user, limit = perishable.PLANTS["people"](cast)
    restored_at = limit + DAY
    actions.note_restore(now=restored_at)
    for days in (0, 29):
        assert retention.forget_due(now=restored_at + days * DAY, only=["people"])["people"] == 0
    assert retention.forget_due(now=restored_at + 30 * DAY, only=["people"])["people"] == 1
    assert not User.objects.filter(pk=user.pk).exists()


def test_the_clock_lets_held_letters_keep_their_people(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading)
    letter = factories.reminder(meeting, cast.carla, kind="reminder", due_at=NOW, expires_at=NOW + DAY)
    Delivery.objects.filter(pk=letter.pk).update(state="held", reason=post.RESTORED)
    retention.forget_due(now=NOW + 90 * DAY, only=["recipients", "letters"])
    assert Delivery.objects.get(pk=letter.pk).user == cast.carla, "whoever releases it needs to know whose it is"


def test_nobody_is_erased_without_a_ledger(cast: TestCast, settings: Any, tmp_path: Any, caplog: Any) -> None:
    user, limit = perishable.PLANTS["people"](cast)
    settings.ERASURES_FILE = tmp_path / "nowhere" / "erasures.jsonl"
    with caplog.at_level(logging.ERROR):
        retention.forget_due(now=limit + DAY, only=["people"])
    assert User.objects.filter(pk=user.pk).exists()
    assert "1 people wait to be erased" in caplog.text


def test_what_breaks_down_stops_nothing_else(cast: TestCast, caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_now: dt.datetime, _most: int) -> retention.Gone:
        raise ValueError("Carla")

    nothing = retention.kind("calls")
    broken = retention.Kept("broken", "-", "-", (), nothing.due, breaks)
    monkeypatch.setitem(retention._KINDS, "broken", broken)
    perishable.call(cast)
    with caplog.at_level(logging.ERROR):
        assert retention.forget_due(now=NOW + 2 * DAY)["calls"] == 1
    assert "broken does not go: ValueError" in caplog.text
    assert "Carla" not in caplog.text


def test_it_goes_in_batches_and_no_further_than_its_time(cast: TestCast) -> None:
    KeptAnswer.objects.bulk_create(
        KeptAnswer(user=cast.carla, key_digest=str(number), call_digest="-", made_at=NOW) for number in range(1_200)
    )
    assert retention.forget("calls", now=NOW + 2 * DAY) == 500
    assert retention.forget_due(now=NOW + 2 * DAY, seconds=0)["calls"] in {0, 500}
    retention.forget_due(now=NOW + 2 * DAY)
    assert not KeptAnswer.objects.exists()
    assert sum(Receipt.objects.filter(kind="calls").values_list("number", flat=True)) == 700


def test_the_task_needs_nothing(cast: TestCast) -> None:
    perishable.call(cast)
    KeptAnswer.objects.update(made_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    tasks.forget()
    assert not KeptAnswer.objects.exists()


def test_words_hold_the_numbers_in_both_languages() -> None:
    for language in ("nl", "en"):
        with translation.override(language):
            told = {kind.key: (str(kind.what), str(kind.kept)) for kind in retention.classes()}
        assert all(what and kept and "%(" not in what + kept for what, kept in told.values())
        assert "12" in told["events"][1]
        assert "14" in told["notes"][1]
        assert "30" in told["recipients"][1]


@pytest.fixture
def clock() -> Iterator[Callable[[dt.datetime], Any]]:
    """Stand still at the tests' moment; clock(moment) goes to another one."""
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel.move_to


def _page(browser: Any) -> Any:
    answer = browser.get(reverse("school-retention", args=["de-wilg"]))
    assert answer.status_code == 200
    return answer


def _soon(cast: TestCast) -> None:
    """What goes within the month, of this school and of another; and what went already."""
    for number, group in enumerate((cast.reading, cast.next_door)):
        row = Invitation(school=group.school, role="teacher", digest=str(number), sent_at=NOW, made_at=NOW)
        row.expires_at = NOW - 80 * DAY
        row.save()
        for kind in ("groups", "seats", "guests"):
            Receipt.objects.create(day=TODAY, kind=kind, school=group.school, number=7 + number)
    perishable.note(cast)


def test_an_admin_reads_what_goes_and_what_went(
    cast: TestCast, as_: Any, clock: Any, django_assert_num_queries: Any
) -> None:
    _soon(cast)
    clock(NOW)
    frank = as_(cast.frank)
    context = _page(frank).context
    assert [(one.kind.key, one.number) for one in context["going"]] == [("invitations", 1)]
    lines = [(one.day, line.kind.key, line.number) for one in context["gone"] for line in one.lines]
    assert lines == [(TODAY, "groups", 7), (TODAY, "seats", 7)]
    with CaptureQueriesContext(connection) as once:
        _page(frank)
    Receipt.objects.create(day=TODAY - DAY, kind="groups", school=cast.reading.school, number=3)
    with django_assert_num_queries(len(once)):
        assert len(_page(frank).context["gone"]) == 2


def test_a_colleague_reads_less_and_no_preview(cast: TestCast, as_: Any, clock: Any) -> None:
    _soon(cast)
    clock(NOW)
    context = _page(as_(cast.carla)).context
    assert context["going"] == []
    assert [line.kind.key for one in context["gone"] for line in one.lines] == ["groups"]
    assert as_(cast.daan).get(reverse("school-retention", args=["de-wilg"])).status_code == 404


def test_numbers_that_would_tell_of_a_person_name_no_school(cast: TestCast) -> None:
    """That somebody was visited, or how many answered, nobody reads from a receipt."""
    for key in ("notes", "guests", "scan-answers", "pulse-answers"):
        _row, limit = perishable.PLANTS[key](cast)
        retention.forget_due(now=limit + DAY, only=[key])
        Visit.objects.all().delete()
    told = Receipt.objects.filter(kind__in=["notes", "guests", "scan-answers", "pulse-answers"])
    assert {row.school for row in told} == {None}
    assert not {"notes", "guests", "scan-answers", "pulse-answers"} & {
        kind.key for kind in queries.kinds_told(cast.hat("frank"))
    }


def test_over_rest_it_is_the_same(cast: TestCast, api: Any, clock: Any) -> None:
    _soon(cast)
    clock(NOW)
    frank, carla = api(cast.frank), api(cast.carla)
    kinds = {one["key"]: one for one in frank.get("schools/de-wilg/retention/").body}
    assert list(kinds) == [kind.key for kind in retention.classes()]
    assert (kinds["invitations"]["going"], kinds["groups"]["going"], kinds["notes"]["going"]) == (1, 0, None)
    assert {one["going"] for one in carla.get("schools/de-wilg/retention/").body} == {None}
    gone = frank.get("schools/de-wilg/retention/receipts/").body["results"]
    assert {(one["kind"], one["number"]) for one in gone} == {("groups", 7), ("seats", 7)}
    assert [one["kind"] for one in carla.get("schools/de-wilg/retention/receipts/").body["results"]] == ["groups"]
    assert api(cast.daan).get("schools/de-wilg/retention/").status == 404


def test_the_command_tells_before_it_does(cast: TestCast, capsys: Any, clock: Any) -> None:
    perishable.call(cast)
    clock(NOW + 12 * A_MOMENT)
    call_command("retention", "--preview")
    line = next(one for one in capsys.readouterr().out.splitlines() if one.startswith("calls"))
    assert line.split()[1:3] == ["0", "1"]
    assert KeptAnswer.objects.exists()
    clock(NOW + 2 * DAY)
    call_command("retention")
    line = next(one for one in capsys.readouterr().out.splitlines() if one.startswith("calls"))
    assert line.split()[1] == "1"
    assert not KeptAnswer.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_count_each_row_once() -> None:
    with tenancy.acting_for_system("tests"):
        user = factories.person("Stil")
        KeptAnswer.objects.bulk_create(
            KeptAnswer(user=user, key_digest=str(number), call_digest="-", made_at=NOW) for number in range(1_600)
        )

    def round_of(_clock: int) -> int:
        try:
            return retention.forget_due(now=NOW + 2 * DAY, only=["calls"])["calls"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as clocks:
        assert sum(clocks.map(round_of, range(2))) == 1_600
    with tenancy.acting_for_system("tests"):
        assert not KeptAnswer.objects.exists()
        assert sum(Receipt.objects.values_list("number", flat=True)) == 1_600
