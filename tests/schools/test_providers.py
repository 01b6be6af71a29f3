"""Signing in by the service of a board, against a real OpenID provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools import actions
from schools.models import Event, Membership, SignInService, User
from schools.models.providers import Shape
from schools.roles import Role, Steward
from tests import calls, factories
from tests.conftest import TestCast
from tests.schools import providers
from tests.schools.providers import Provider, at_the_service, leave
from workgroups.models import Seat


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """One provider for all of these."""
    with providers.serving(tmp_path_factory.mktemp("provider"), site.PUBLIC_URL) as running:
        yield running


@pytest.fixture(autouse=True)
def _counts_begin_anew() -> None:
    caches["default"].clear()


def come_back(client: Client, name: str, shape: Shape = Shape.MICROSOFT, **told: Any) -> Any:
    """Press the button, sign in at the service, and come back."""
    return client.get(at_the_service(leave(client, shape, **told), name))


def who(client: Client) -> int | None:
    """Who is signed in."""
    return int(client.session["_auth_user_id"]) if "_auth_user_id" in client.session else None


def on_paper(cast: TestCast, **name: str) -> str:
    """A code for somebody without an address, at De Wilg."""
    type(cast.schools["de-wilg"]).objects.update(consented_on=factories.LONG_AGO)
    cast.schools["de-wilg"].refresh_from_db()
    steward = Steward(cast.gerda, cast.schools["de-wilg"], None, for_board=True)
    names = {"given_name": "", "infix": "", "family_name": "", **name}
    _row, code = actions.invite_on_paper(name=names, role=Role.TEACHER, by=steward, now=timezone.now())
    return code


def test_it_works(cast: TestCast, client: Client, provider: Provider) -> None:
    made = providers.service(provider, cast.gerda)
    providers.link(made, cast.carla, "1")
    there = reverse("account")
    sly: dict[str, Any] = {
        "next": there,
        "remember": "on",
        "scope": "calendar",
        "auth_params": "prompt=none",
        "process": "connect",
    }
    address = leave(client, **sly)
    for asked in ("code_challenge_method=S256", "nonce=", "state=", "scope=openid&"):
        assert asked in address
    assert "calendar" not in address
    assert who(client) is None
    answer = client.get(at_the_service(address, "lotte"))
    assert (answer.status_code, answer.headers["Location"]) == (302, there)
    assert who(client) == cast.carla.pk
    assert client.session.get_expire_at_browser_close() is False
    assert SocialAccount.objects.get().extra_data == {}
    assert Event.objects.filter(what="signed_in", by=cast.carla).exists()
    again = client.get(address.replace(provider.issuer, ""))  # no way back in: the state was for one time
    assert again.status_code == 404


def test_without_an_address_by_a_code_on_paper(cast: TestCast, client: Client, provider: Provider) -> None:
    made = providers.service(provider, cast.gerda, Shape.ENTREE)
    code = on_paper(cast, given_name="Mees", family_name="Mulder")
    answer = come_back(client, "mees", Shape.ENTREE)
    assert answer.headers["Location"] == reverse("service-link")
    page = client.get(reverse("service-link"))
    assert (page.status_code, who(client)) == (200, None)
    wrong = client.post(reverse("service-link"), {"code": "0" * 28})
    assert (wrong.status_code, who(client)) == (422, None)
    came = client.post(reverse("service-link"), {"code": code})
    assert came.status_code == 302
    mees = User.objects.get(given_name="Mees")
    assert (mees.email, mees.has_usable_password(), who(client)) == (None, False, mees.pk)
    assert Membership.objects.filter(user=mees, school=cast.schools["de-wilg"], role="teacher").exists()
    assert SocialAccount.objects.get().provider == made.account_key
    other = calls.Browser()
    come_back(other, "mees", Shape.ENTREE)
    assert who(other) == mees.pk
    thief = calls.Browser()
    come_back(thief, "lotte", Shape.ENTREE)
    assert thief.post(reverse("service-link"), {"code": code}).status_code == 422
    assert who(thief) is None


def test_without_an_address_everything_works(cast: TestCast, as_: Any, provider: Provider) -> None:
    mees = User.objects.create_user(None, None, given_name="Mees")
    held = {"user": mees, "school": cast.schools["de-wilg"]}
    Membership.objects.create(**held, role="teacher", from_date=factories.LONG_AGO)
    Seat.objects.create(school=cast.reading.school, group=cast.reading, user=mees, from_date=factories.LONG_AGO)
    providers.link(providers.service(provider, cast.gerda), mees, "9")
    client = as_(mees)
    for name in (
        "account",
        "account-ways",
        "account-services",
        "account-letters",
        "account-calendar",
        "account-tokens",
    ):
        assert client.get(reverse(name)).status_code == 200, name
    for address in ("/s/de-wilg/", "/s/de-wilg/people/", "/me/address/", "/me/sessions/", "/me/events/"):
        assert client.get(address).status_code == 200, address
    group = reverse("workgroups:group", args=["de-wilg", cast.reading.pk])
    assert client.get(group).status_code == 200
    assert "vertrekt geen brief" in client.get(reverse("account-letters")).content.decode()
    refused = client.post(reverse("service-unlink", args=[90001, "microsoft"]), follow=True)
    assert "enige" in refused.content.decode()
    assert SocialAccount.objects.filter(user=mees).exists()


def test_an_invitation_goes_along(cast: TestCast, client: Client, provider: Provider) -> None:
    made = providers.service(provider, cast.gerda)
    code = on_paper(cast)
    answer = come_back(client, "noor", invitation=code)
    assert answer.headers["Location"] == reverse("service-link")
    assert client.get(reverse("service-link")).status_code == 302  # the code says where, the service says the name
    noor = User.objects.get(given_name="Noor", family_name="Bakker")
    assert who(client) == noor.pk
    other = on_paper(cast, given_name="Nog", family_name="Eens")  # who is known takes it with the own account
    come_back(calls.Browser(), "noor", invitation=other)
    assert not User.objects.filter(given_name="Nog").exists()
    assert SocialAccount.objects.filter(provider=made.account_key).count() == 1


def test_an_invitation_of_another_board_is_not_taken(cast: TestCast, client: Client, provider: Provider) -> None:
    providers.service(provider, cast.gerda)
    code = on_paper(cast, given_name="Noor")
    actions.invitation_of(code=code, now=timezone.now())
    type(cast.schools["de-wilg"]).objects.filter(slug="de-wilg").update(board=cast.schools["de-eik"].board)
    come_back(client, "noor")
    assert client.post(reverse("service-link"), {"code": code}).status_code == 422
    assert who(client) is None
    assert not SocialAccount.objects.exists()


def test_nobody_is_found_by_an_address(cast: TestCast, client: Client, provider: Provider) -> None:
    providers.service(provider, cast.gerda, Shape.GOOGLE)
    User.objects.filter(pk=cast.carla.pk).update(email="lotte@dewilg.example")  # what the service tells too
    answer = come_back(client, "lotte", Shape.GOOGLE)
    assert (answer.headers["Location"], who(client)) == (reverse("service-link"), None)
    assert not SocialAccount.objects.exists()
    assert "lotte@dewilg.example" not in client.get(reverse("service-link")).content.decode()
    assert "lotte@" not in str(dict(client.session.items()))


@pytest.mark.parametrize(
    ("shape", "name"),
    [("surfconext", "sem"), ("surfconext", "noor"), ("entree", "sem"), ("google", "sem"), ("google", "noor")],
)
def test_pupils_and_strangers_are_refused(
    cast: TestCast, client: Client, provider: Provider, shape: str, name: str
) -> None:
    made = providers.service(provider, cast.gerda, Shape(shape))
    providers.link(made, cast.carla, str(list(providers.PEOPLE).index(name) + 1))
    answer = come_back(client, name, Shape(shape))
    assert (answer.status_code, who(client)) == (403, None)


def test_staff_of_a_federation_come_in(cast: TestCast, client: Client, provider: Provider) -> None:
    providers.link(providers.service(provider, cast.gerda, Shape.SURFCONEXT), cast.carla, "1")
    come_back(client, "lotte", Shape.SURFCONEXT)
    assert who(client) == cast.carla.pk


def test_who_left_the_board_or_ended_is_refused(cast: TestCast, client: Client, provider: Provider) -> None:
    made = providers.service(provider, cast.gerda)
    providers.link(made, cast.irma, "1")  # of another board
    providers.link(made, cast.carla, "2")
    User.objects.filter(pk=cast.carla.pk).update(is_active=False)
    assert come_back(client, "lotte").status_code == 403
    come_back(client, "mees")
    assert who(client) is None


def test_a_service_opens_its_board_and_no_other(cast: TestCast, client: Client, provider: Provider) -> None:
    """Whoever keeps a board's service can come in as its people: not as what they are elsewhere."""
    providers.link(providers.service(provider, cast.gerda), cast.carla, "1")
    Membership.objects.create(
        user=cast.carla, school=cast.schools["de-eik"], role=Role.TEACHER, from_date=factories.LONG_AGO
    )
    refused = come_back(client, "lotte")
    assert refused.status_code == 403
    assert "buiten dit bestuur" in refused.content.decode()
    actions.add_passkey(name="Telefoon", credential={}, by=cast.carla, now=timezone.now())
    assert come_back(client, "lotte").headers["Location"] == reverse("mfa_authenticate")
    assert who(client) is None


def test_each_try_belongs_to_one_browser(cast: TestCast, client: Client, provider: Provider) -> None:
    made = providers.service(provider, cast.gerda)
    providers.link(made, cast.carla, "1")
    theirs = at_the_service(leave(calls.Browser()), "lotte")
    own = leave(client)
    assert client.get(theirs).status_code == 401  # a state of somebody else
    state = own.partition("state=")[2].partition("&")[0]
    stolen = theirs.partition("code=")[2].partition("&")[0]
    back = providers.BACK.format("microsoft").replace("{}", "")
    assert client.get(f"{back}?code={stolen}&state={state}").status_code == 401  # a code of somebody else: PKCE
    assert client.get(f"{back}?code=x").status_code == 401
    assert client.get(back).status_code == 401
    state = leave(client).partition("state=")[2].partition("&")[0]
    stopped = client.get(f"{back}?error=access_denied&state={state}")
    assert stopped.headers["Location"] == reverse("account_login")
    right = at_the_service(leave(client), "lotte")
    SignInService.objects.update(opened_at=None)
    assert client.get(right).status_code == 404
    assert who(client) is None


def test_a_signed_in_person_links_and_unlinks(cast: TestCast, as_: Any, provider: Provider) -> None:
    made = providers.service(provider, cast.gerda)
    client = as_(cast.carla)
    answer = client.get(at_the_service(leave(client, name="service-connect"), "lotte"))
    assert answer.headers["Location"] == reverse("account-services")
    assert SocialAccount.objects.get().user_id == cast.carla.pk
    assert Event.objects.filter(what="service_linked", by=cast.carla).exists()
    other = calls.Browser()
    other.force_login(cast.joris)
    taken = other.get(at_the_service(leave(other, name="service-connect"), "lotte"))
    assert taken.status_code == 401
    assert SocialAccount.objects.get().user_id == cast.carla.pk
    client.post(reverse("service-unlink", args=[90001, "microsoft"]))
    assert not SocialAccount.objects.exists()
    address = leave(client, name="service-connect")
    client.post(reverse("account_logout"))
    assert client.get(at_the_service(address, "lotte")).status_code == 401  # who began is gone
    assert (SocialAccount.objects.count(), made.board.number) == (0, 90001)


def test_a_service_proves_again_who_one_is(cast: TestCast, as_: Any, provider: Provider) -> None:
    providers.link(providers.service(provider, cast.gerda), cast.carla, "1")
    client = as_(cast.carla)
    prove = reverse("service-prove", args=[90001, "microsoft"])
    assert client.get(prove).status_code == 200
    address = leave(client, name="service-prove", next=reverse("account-tokens"))
    assert "prompt=login" in address
    assert client.get(at_the_service(address, "lotte")).headers["Location"] == reverse("account-tokens")
    assert [one["method"] for one in client.session["account_authentication_methods"]] == ["socialaccount"]
    other = client.get(at_the_service(leave(client, name="service-prove"), "mees"))
    assert (other.status_code, who(client)) == (403, cast.carla.pk)


def test_an_admin_of_the_board_sets_it(cast: TestCast, as_: Any, provider: Provider) -> None:
    client = as_(cast.gerda)
    here = reverse("service", args=[90001, "microsoft"])
    told = {"issuer": provider.issuer, "client_id": providers.CLIENT, "secret": "no", "domains": "@Waterkant.example"}
    assert client.post(here, told | {"secret": ""}).status_code == 422
    assert client.post(here, told | {"domains": "lotte@waterkant"}).status_code == 422
    assert client.post(here, told).status_code == 302
    assert "geheim" in client.post(f"{here}try/", follow=True).content.decode()
    assert "Probeer" in client.post(f"{here}open/", follow=True).content.decode()
    assert not SignInService.objects.filter(checked_at__isnull=False).exists()
    assert client.post(here, told | {"secret": providers.SECRET}).status_code == 302
    assert "werkt" in client.post(f"{here}try/", follow=True).content.decode()
    client.post(f"{here}open/")
    page = client.get(here).content.decode()
    assert providers.SECRET not in page
    assert site.PUBLIC_URL + providers.BACK.format("microsoft") in page
    made = SignInService.objects.get()
    assert providers.SECRET not in made.secret
    assert (made.domains, made.opened_at is None) == (" waterkant.example ", False)
    providers.link(made, cast.carla, "1")
    assert client.post(here, told | {"secret": "", "domains": "dewilg.example"}).status_code == 302
    assert SignInService.objects.get().opened_at  # the same service stays open
    client.post(here, told | {"client_id": "another"})
    assert not SocialAccount.objects.exists()  # another service: nobody is linked to it
    client.post(f"{here}remove/")
    assert not SignInService.objects.exists()
    assert Event.objects.filter(what="service_changed", by=cast.gerda).count() >= 4
    assert [as_(cast.frank).get(here).status_code, as_(cast.hugo).get(here).status_code] == [404, 404]


def test_a_board_is_found_without_a_word_about_people(
    cast: TestCast, client: Client, provider: Provider, django_assert_num_queries: Any
) -> None:
    providers.service(provider, cast.gerda)
    User.objects.filter(pk=cast.carla.pk).update(email="carla@waterkant.example")
    find = reverse("find-board")

    def found(said: str) -> bool:
        return "Stichting De Waterkant" in client.get(find, {"q": said}).content.decode()

    assert all(map(found, ["de wilg", "DE BEUK", "Waterkant", "carla@waterkant.example", "niemand@waterkant.example"]))
    assert not any(map(found, ["de eik", "carla@dewilg.example", "ca", "%", "x\x00y", "@", "carla"]))
    known, unknown = (client.get(find, {"q": f"{name}@waterkant.example"}) for name in ("carla", "nobody"))
    lines = zip(known.content.replace(b"carla", b"nobody").splitlines(), unknown.content.splitlines(), strict=True)
    assert [one for one, other in lines if one != other and b"csrf" not in one] == []
    with django_assert_num_queries(4):
        client.get(find, {"q": "de wilg"})
    buttons = reverse("board-services", args=[90001])
    with django_assert_num_queries(5):
        assert "Microsoft" in client.get(buttons).content.decode()
    providers.service(provider, cast.gerda, Shape.GOOGLE)
    providers.service(provider, cast.gerda, Shape.ENTREE)
    with django_assert_num_queries(5):
        assert "Entree" in client.get(buttons).content.decode()
    leave(client)
    assert "Stichting De Waterkant" in client.get(find).content.decode()  # remembered on this device
    for number in (90002, 7):
        assert client.get(reverse("board-services", args=[number])).status_code == 404
    away = leave(client, next="https://elders.example/")
    assert "elders" not in str(dict(client.session.items())), away


def test_a_neighbours_domain_leads_nobody_away(cast: TestCast, as_: Any, provider: Provider) -> None:
    made = providers.service(provider, cast.gerda)
    told = {"issuer": provider.issuer, "client_id": providers.CLIENT, "secret": "", "domains": "park.example"}
    board = as_(cast.gerda)
    assert board.post(reverse("service", args=[90001, "microsoft"]), told).status_code == 302
    User.objects.filter(pk=cast.irma.pk).update(email="irma@park.example")  # works at another board
    find, seeker = reverse("find-board"), calls.Browser()

    def found() -> bool:
        return "Stichting De Waterkant" in seeker.get(find, {"q": "iemand@park.example"}).content.decode()

    page = board.get(reverse("service", args=[90001, "microsoft"])).content.decode()
    assert (found(), "een adres bij park.example" in page) == (False, True)
    for person in (cast.carla, cast.gerda):  # somebody at one of its schools, or its own admin
        User.objects.filter(pk=person.pk).update(email="samen@park.example")
        assert found()
        User.objects.filter(pk=person.pk).update(email=None)
    assert not found()
    # And who went there all the same would not come in by it, not even with an invitation of the own board.
    code = on_paper(cast, given_name="Noor")
    type(cast.schools["de-wilg"]).objects.filter(slug="de-wilg").update(board=cast.schools["de-eik"].board)
    come_back(seeker, "noor")
    assert seeker.post(reverse("service-link"), {"code": code}).status_code == 422
    assert (who(seeker), SocialAccount.objects.filter(provider=made.account_key).count()) == (None, 0)


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_the_same_for_any_number(
    cast: TestCast, as_: Any, provider: Provider, number: int, django_assert_num_queries: Any
) -> None:
    for shape in list(Shape)[:number]:
        providers.link(providers.service(provider, cast.gerda, shape), cast.carla, "1")
    client = as_(cast.carla)
    client.get(reverse("account-services"))
    with django_assert_num_queries(7):
        client.get(reverse("account-services"))
    client = as_(cast.gerda)
    client.get(reverse("services", args=[90001]))
    with django_assert_num_queries(7):
        client.get(reverse("services", args=[90001]))
