"""Invitations: who sends them, when they leave, what their key opens and how often."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from schools import actions, codes, post, queries, retention
from schools.actions import keys
from schools.models import Event, Invitation, Membership, School, User, invitation
from schools.roles import Role, Steward
from schools.templatetags import signing
from tests import calls, factories
from tests.conftest import TestCast

NOW = factories.NOW
A_WHILE = invitation.PAUSE + dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _today(settings: Any) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "inv"}}
    caches["default"].clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def wilg(cast: TestCast) -> School:
    """De Wilg, whose council agreed."""
    School.objects.filter(pk=cast.schools["de-wilg"].pk).update(consented_on=factories.LONG_AGO)
    return School.objects.get(slug="de-wilg")


def steward(user: User, slug: str = "de-wilg") -> Steward:
    return queries.steward_at(user=user, slug=slug, now=NOW)


def asked(email: str, role: Role = Role.TEACHER, **names: str) -> actions.Invitee:
    return actions.Invitee(email, role, **names)


def code_in(letter: Any) -> str:
    found = re.search(r"/invitation/([0-9A-Z]+)/", letter.body)
    assert found
    return found[1]


def invited(cast: TestCast, email: str = "nieuw@school.example", role: Role = Role.TEACHER, **names: str) -> str:
    """Invite somebody by the school's admin, and read the code in the letter."""
    actions.invite(people=[asked(email, role, **names)], by=steward(cast.frank), now=NOW)
    return code_in(mail.outbox[-1])


def test_a_code_is_long_and_forgives_how_it_is_typed() -> None:
    made = {codes.make() for _ in range(200)}
    assert len(made) == 200
    assert all(codes.read(codes.written(code).lower().replace("-", " ")) == code for code in made)
    code = codes.make()
    assert len(code) * 5 >= 128
    assert codes.read("o1il" + "0" * 24) == "0111" + "0" * 24
    assert [codes.read(odd) for odd in ("", code[1:], code + "0", "U" * 28, "é" * 28)] == [None] * 5
    assert code not in codes.digest(code)
    assert codes.digest(code) != codes.digest(codes.make())


def test_it_works(cast: TestCast, wilg: School, client: Client) -> None:
    """From the sheet to the seat of a teacher: one letter, one key, one use; the key itself is kept nowhere."""
    browser = calls.Browser()
    browser.force_login(cast.frank)
    answer = browser.post(
        reverse("people-invite", args=["de-wilg"]),
        {"people": "Bram van der Meer <Bram.M@School.example>\n", "role": "teacher"},
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("people-invitations", args=["de-wilg"]))
    [letter] = mail.outbox
    code, row = code_in(letter), Invitation.objects.get()
    assert letter.to == ["bram.m@school.example"]
    assert "De Wilg" in letter.subject
    assert row.digest == codes.digest(code)
    assert code not in str(Invitation.objects.values())
    address = reverse("invitation", args=[code])
    shown = client.get(address)
    assert b"van der" in shown.content
    assert "no-store" in shown["Cache-Control"]
    told = {"given_name": "Bram", "infix": "van der", "family_name": "Meer", "password": "een lange zomer 26"}
    weak = client.post(address, told | {"password": "bram.m@school.example"})
    assert (weak.status_code, User.objects.filter(email="bram.m@school.example").exists()) == (422, False)
    came = client.post(address, told)
    assert (came.status_code, came["Location"]) == (302, reverse("school-home", args=["de-wilg"]))
    assert client.get(came["Location"]).status_code == 200
    user = User.objects.get(email="bram.m@school.example")
    assert (user.name, user.check_password("een lange zomer 26")) == ("Bram van der Meer", True)
    assert [row.role for row in user.memberships.all()] == ["teacher"]
    assert {event.what for event in Event.objects.filter(school=wilg)} >= {"invited", "invitation_accepted"}
    again = calls.Browser().post(address, told | {"password": "een andere lange zomer"})
    assert again.status_code == 404
    assert User.objects.get(pk=user.pk).check_password("een lange zomer 26")


def test_who_may_invite_whom(cast: TestCast, wilg: School) -> None:
    every = tuple(Role)
    for user, may in ((cast.frank, every), (cast.gerda, every), (cast.anna, (Role.TEACHER, Role.COACH))):
        for role in Role:
            person = asked(f"{role}.{user.pk}@school.example", role)
            if role in may:
                assert actions.invite(people=[person], by=steward(user), now=NOW).left == 1
            else:
                with pytest.raises(PermissionDenied):
                    actions.invite(people=[person], by=steward(user), now=NOW)
    for user in (cast.carla, cast.els, cast.joris, cast.bram, cast.daan, cast.irma, cast.hugo):
        with pytest.raises(Http404):
            steward(user)
    row = Invitation.objects.filter(school=wilg).first()
    assert row is not None
    for deed in (actions.invite_again, actions.withdraw_invitation, actions.code_on_paper):
        with pytest.raises(PermissionDenied):
            deed(invitation_id=row.pk, by=steward(cast.anna), now=NOW)
        with pytest.raises(Http404):
            deed(invitation_id=row.pk, by=steward(cast.gerda, "de-beuk"), now=NOW)


def test_none_leaves_before_the_council_agreed(cast: TestCast) -> None:
    """It waits, in vain also for the round; then the day is written down, and the round sends it once."""
    admin, board = steward(cast.frank), steward(cast.gerda)
    assert actions.invite(people=[asked("een@school.example")], by=admin, now=NOW) == (0, 1, 0)
    assert actions.send_invitations(now=NOW) == 0
    [row] = Invitation.objects.all()
    with pytest.raises(actions.NoConsentError):
        actions.invite_again(invitation_id=row.pk, by=admin, now=NOW)
    with pytest.raises(actions.NoConsentError):
        actions.invite_on_paper(name={"given_name": "Wim"}, role=Role.TEACHER, by=admin, now=NOW)
    assert mail.outbox == []
    with pytest.raises(PermissionDenied):
        actions.start_without_consent(because="De raad besluit volgende week.", by=admin, now=NOW)
    with pytest.raises(actions.WhyNeededError):
        actions.start_without_consent(because="Daarom.", by=board, now=NOW)
    actions.start_without_consent(because="De raad besluit volgende week.", by=board, now=NOW)
    assert [actions.send_invitations(now=NOW) for _ in range(2)] == [1, 0]
    actions.start_without_consent(because="", by=board, now=NOW)
    actions.invite(people=[asked("twee@school.example")], by=steward(cast.frank), now=NOW)
    for odd in (factories.TODAY + dt.timedelta(days=1), dt.date(1990, 1, 1)):
        with pytest.raises(actions.OddConsentError):
            actions.write_consent(consented_on=odd, by=admin, now=NOW)
    actions.write_consent(consented_on=factories.TODAY, by=admin, now=NOW)
    assert actions.send_invitations(now=NOW) == 1
    assert [letter.to for letter in mail.outbox] == [["een@school.example"], ["twee@school.example"]]


def test_a_list_that_was_read_in_leaves_by_the_round(cast: TestCast, wilg: School) -> None:
    """One letter for all roles of an address at one school, and one yes takes them all."""
    beuk = cast.schools["de-beuk"]
    rows = [(wilg, "teacher", "a@x.example"), (wilg, "coach", "a@x.example"), (wilg, "teacher", "b@x.example")]
    rows += [(beuk, "teacher", "a@x.example")]
    Invitation.objects.bulk_create(
        Invitation(school=school, role=role, email=email, given_name="Ans", invited_by=cast.gerda, made_at=NOW)
        for school, role, email in rows
    )
    assert actions.send_invitations(now=NOW) == 2
    assert [letter.to for letter in mail.outbox] == [["a@x.example"], ["b@x.example"]]
    user = actions.accept_as_new(code=code_in(mail.outbox[0]), now=NOW)
    assert user.given_name == "Ans"
    assert {(row.school.slug, row.role) for row in user.memberships.all()} == {
        ("de-wilg", "teacher"),
        ("de-wilg", "coach"),
    }
    assert Invitation.objects.open().count() == 2


def test_what_cannot_be_delivered_stands_in_nobodys_way(
    cast: TestCast, wilg: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server that refuses one address: the others leave, and the one is tried again later, ten times at most."""
    real = post.send_key

    def refuses(name: str, context: Any, *, to: str, **how: Any) -> None:
        if to == "dicht@x.example":
            raise post.NotSentError
        real(name, context, to=to, **how)

    monkeypatch.setattr(post, "send_key", refuses)
    people = [asked("dicht@x.example"), asked("open@x.example")]
    Invitation.objects.bulk_create(
        Invitation(school=wilg, role=one.role, email=one.email, made_at=NOW) for one in people
    )
    assert actions.send_invitations(now=NOW) == 1
    assert actions.send_invitations(now=NOW) == 0
    for turn in range(1, 15):
        actions.send_invitations(now=NOW + turn * A_WHILE)
    assert Invitation.objects.get(email="dicht@x.example").sends == invitation.MOST_SENDS
    assert Invitation.objects.get(email="dicht@x.example").digest is None


def _over(code: str, now: dt.datetime = NOW) -> None:
    """Whatever the reason: one and the same answer."""
    with pytest.raises(actions.InvitationOverError) as refused:
        actions.invitation_of(code=code, now=now)
    assert str(refused.value) == str(actions.InvitationOverError.message)
    with pytest.raises(actions.InvitationOverError):
        actions.accept_as_new(code=code, given_name="Piet", password="een lange zomer", now=now)


def test_a_key_opens_once_in_time_and_until_it_is_sent_again(cast: TestCast, wilg: School) -> None:
    admin = steward(cast.frank)
    first = invited(cast)
    [row] = Invitation.objects.all()
    _over(codes.make())
    _over("geen code")
    _over(first, NOW + keys.LIFETIME + dt.timedelta(seconds=1))
    with pytest.raises(actions.JustSentError):
        actions.invite_again(invitation_id=row.pk, by=admin, now=NOW)
    actions.invite_again(invitation_id=row.pk, by=admin, now=NOW + A_WHILE)
    second = code_in(mail.outbox[-1])
    _over(first, NOW + A_WHILE)
    assert actions.invitation_of(code=second.lower(), now=NOW + A_WHILE).pk == row.pk
    actions.withdraw_invitation(invitation_id=row.pk, by=admin, now=NOW + A_WHILE)
    _over(second, NOW + A_WHILE)
    with pytest.raises(Http404):
        actions.withdraw_invitation(invitation_id=row.pk, by=admin, now=NOW + A_WHILE)
    third = invited(cast)
    School.objects.filter(pk=wilg.pk).update(closed_on=factories.TODAY)
    _over(third)
    School.objects.filter(pk=wilg.pk).update(closed_on=None)
    actions.accept_as_new(code=third, given_name="Piet", password="een lange zomer", now=NOW)
    _over(third)
    ended = factories.person("Weg", email="weg@school.example", is_active=False)
    with pytest.raises(actions.InvitationOverError):
        actions.accept_as_new(code=invited(cast, ended.email or ""), given_name="Weg", now=NOW)


def test_a_key_is_for_one_address_and_its_role(cast: TestCast, wilg: School) -> None:
    """Somebody else who is signed in takes nothing; the mailbox's own account does, and only what was offered."""
    code = invited(cast, "daan@example.example", Role.COACH)
    daan = User.objects.filter(pk=cast.daan.pk)
    daan.update(email="daan@example.example", last_login=NOW)
    with pytest.raises(actions.OtherAddressError):
        actions.accept_as(code=code, by=cast.irma, now=NOW)
    with pytest.raises(actions.AccountThereError):
        actions.accept_as_new(code=code, given_name="Dief", password="een lange zomer", now=NOW)
    assert daan.get().given_name == "Daan"
    actions.accept_as(code=code, by=daan.get(), now=NOW)
    assert list(Membership.objects.filter(school=wilg, user=cast.daan).values_list("role", flat=True)) == ["coach"]
    with pytest.raises(actions.InvitationOverError):
        actions.accept_as(code=code, by=daan.get(), now=NOW)


def test_known_and_unknown_addresses_look_alike(cast: TestCast, wilg: School, client: Client) -> None:
    """To whoever invites, and to whoever opens the link: same status, same words, one letter each (row 48)."""
    known = factories.person("Ver", cast.schools["de-eik"], email="a.known@elders.example")
    User.objects.filter(pk=known.pk).update(last_login=NOW)
    client.force_login(cast.frank)
    pages: list[tuple[int, int, str, str]] = []
    letters = []
    for email in ("a.known@elders.example", "b.fresh@elders.example"):
        sent = client.post(reverse("people-invite", args=["de-wilg"]), {"people": email, "role": "teacher"})
        listed = client.get(sent["Location"]).content.decode().replace(email, "...")
        letters.append(mail.outbox[-1])
        shown = calls.Browser().get(reverse("invitation", args=[code_in(letters[-1])]))
        pages.append((sent.status_code, shown.status_code, _bare(listed), _bare(shown.content.decode())))
        Invitation.objects.open().update(revoked_at=NOW)
    assert pages[0][:3] == pages[1][:3]
    assert pages[0][3].splitlines() == pages[1][3].splitlines()
    assert _bare(str(letters[0].body)).replace("a.known", "") == _bare(str(letters[1].body)).replace("b.fresh", "")


def test_who_reads_no_addresses_does_not_hear_which_are_known(cast: TestCast, client: Client) -> None:
    """Also where letters wait for the council: a colleague's address counts as any other."""
    client.force_login(cast.anna)
    told = []
    for email in (cast.carla.email, "wie.is.dat@elders.example"):
        answer = client.post(
            reverse("people-invite", args=["de-wilg"]), {"people": email, "role": "teacher"}, follow=True
        )
        told.append([str(said) for said in answer.context["messages"]])
    assert told[0] == told[1]
    assert "wacht" in told[0][0]


def _bare(page: str) -> str:
    """A page without what differs each time: keys of forms, codes, numbers of rows."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return re.sub(r"(%2F)?[0-9A-Z]{28}|/invitations/\d+/", "", page)


def test_who_guesses_is_halted(cast: TestCast, wilg: School, client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "invitation": "5/5m/ip"}
    code = invited(cast)
    guesses = [client.get(reverse("invitation", args=[codes.make()])).status_code for _ in range(7)]
    assert guesses == [404] * 5 + [429] * 2
    assert client.get(reverse("invitation", args=[code])).status_code == 429
    assert calls.Browser(REMOTE_ADDR="10.1.2.3").get(reverse("invitation", args=[code])).status_code == 200


def test_who_sends_very_many_is_halted(cast: TestCast, wilg: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.actions.invitations.MOST_A_DAY", 2)
    people = [asked(f"{number}@x.example") for number in range(3)]
    actions.invite(people=people, by=steward(cast.frank), now=NOW)
    with pytest.raises(actions.TooManyInvitationsError):
        actions.invite(people=[asked("meer@x.example")], by=steward(cast.frank), now=NOW)
    actions.invite(people=[asked("meer@x.example")], by=steward(cast.gerda), now=NOW)


def test_an_account_that_nobody_used_becomes_the_persons(cast: TestCast, wilg: School) -> None:
    """As a command or a list made it: no second account, and the role is held once."""
    made = factories.person("Oud", wilg, email="oud@school.example")
    assert actions.invite(people=[asked("oud@school.example")], by=steward(cast.frank), now=NOW) == (0, 0, 1)
    actions.invite(people=[asked("oud@school.example", Role.COACH)], by=steward(cast.frank), now=NOW)
    code = code_in(mail.outbox[-1])
    user = actions.accept_as_new(code=code, given_name="Nieuw", password="een lange zomer", now=NOW)
    assert (user.pk, user.given_name, user.check_password("een lange zomer")) == (made.pk, "Nieuw", True)
    assert sorted(user.memberships.values_list("role", flat=True)) == ["coach", "teacher"]


def test_a_code_on_paper_needs_no_address(cast: TestCast, wilg: School, client: Client) -> None:
    """It is shown once, typed in small letters, opens an account without address; and again while no way leads in."""
    browser = calls.Browser()
    browser.force_login(cast.frank)
    shown = browser.post(reverse("people-paper", args=["de-wilg"]), {"name": "Wim Bos", "role": "teacher"})
    found = re.search(r"<code>([0-9A-Z-]+)</code>", shown.content.decode())
    assert found
    direct = f"{settings.PUBLIC_URL}{reverse('invitation', args=[codes.read(found[1])])}"
    drawn = re.search(r'<svg role="img"[^>]*class="qr".*?</svg>', shown.content.decode())
    assert drawn
    assert drawn[0].split("<path")[1] == signing.scan(direct, "").split("<path")[1]
    assert found[1] not in browser.get(reverse("people-invitations", args=["de-wilg"])).content.decode()
    typed = client.post(reverse("invitation-type"), {"code": found[1].lower()})
    came = client.post(typed["Location"], {"given_name": "Wim", "infix": "", "family_name": "Bos"})
    assert (came.status_code, came["Location"]) == (302, reverse("account-ways"))
    wim = User.objects.get(given_name="Wim")
    assert (wim.email, wim.has_usable_password(), mail.outbox) == (None, False, [])
    again = browser.post(reverse("person-paper", args=["de-wilg", wim.pk]))
    found = re.search(r"<code>([0-9A-Z-]+)</code>", again.content.decode())
    assert found
    assert client.get(reverse("account")).status_code == 200
    assert actions.accept_as_new(code=found[1], now=NOW).pk == wim.pk
    assert client.get(reverse("account")).status_code == 302, "the lost phone is out"
    for user in (cast.carla, wim):
        Membership.objects.get_or_create(
            school=cast.schools["de-beuk"], user=wim, role=Role.TEACHER, from_date=factories.LONG_AGO
        )
        assert browser.post(reverse("person-paper", args=["de-wilg", user.pk])).status_code == 302
    assert not Invitation.objects.open().exists()
    assert client.post(reverse("invitation-type"), {"code": "onzin"}).status_code == 422


def test_somebody_signed_in_says_yes_with_a_button(cast: TestCast, wilg: School, client: Client) -> None:
    code = invited(cast, str(cast.daan.email))
    client.force_login(cast.irma)
    other = client.get(reverse("invitation", args=[code]))
    assert b"account/logout" in other.content
    assert str(cast.daan.email).encode() not in other.content
    client.post(reverse("invitation", args=[code]))
    assert not Membership.objects.filter(school=wilg, user=cast.irma).exists()
    client.force_login(cast.daan)
    came = client.post(reverse("invitation", args=[code]))
    assert client.get(came["Location"]).status_code == 200


def test_lines_that_are_no_address_are_named(cast: TestCast, wilg: School, client: Client) -> None:
    client.force_login(cast.frank)
    address = reverse("people-invite", args=["de-wilg"])
    for typed in (
        "goed@x.example\nfout@",
        "<x>",
        " , ;",
        "\n".join(f"{n}@x.example" for n in range(51)),
    ):
        answer = client.post(address, {"people": typed, "role": "teacher"})
        assert answer.status_code == 422, typed
    assert "fout@" in client.post(address, {"people": "goed@x.example\nfout@", "role": "teacher"}).content.decode()
    several = client.post(address, {"people": "fout@\nG <g@x.example>\nook fout\nfout@", "role": "teacher"})
    sentences = several.context["form"].errors["people"]
    assert [line in told for line, told in zip(("fout@", "ook fout"), sentences, strict=True)] == [True, True]
    twice = client.post(address, {"people": "G <g@x.example>; g@x.example, h@x.example", "role": "coach"})
    assert twice.status_code == 302
    assert Invitation.objects.count() == len(mail.outbox) == 2


def test_whoever_is_invited_again_after_the_key_expired_gets_another(cast: TestCast, wilg: School) -> None:
    first = invited(cast)
    later = NOW + keys.LIFETIME + dt.timedelta(days=1)
    again = [asked("nieuw@school.example")]
    assert actions.invite(people=again, by=steward(cast.frank), now=NOW) == (0, 0, 1)
    assert actions.invite(people=again, by=steward(cast.frank), now=later) == (1, 0, 0)
    _over(first, later)
    assert actions.invitation_of(code=code_in(mail.outbox[-1]), now=later).sends == 2
    assert Invitation.objects.count() == 1


def test_old_ones_are_forgotten(cast: TestCast, wilg: School) -> None:
    invited(cast, "stil@x.example")
    actions.accept_as_new(code=invited(cast, "ja@x.example"), given_name="Ja", now=NOW)
    month, season = keys.KEPT_CLOSED + dt.timedelta(days=1), keys.LIFETIME + keys.KEPT_OPEN + dt.timedelta(days=1)
    assert retention.forget("invitations", now=NOW) == 0
    assert retention.forget("invitations", now=NOW + month) == 1
    assert retention.forget("invitations", now=NOW + season) == 1
