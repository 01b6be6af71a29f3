"""Signing in by the service of a board, in a real browser that goes there and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from schools import tenancy
from schools.models import User
from tests.browser.conftest import Visitor
from tests.schools import providers

pytestmark = pytest.mark.browser


def test_there_and_back(visit_as: Any, live_server: LiveServer, settings: Any, tmp_path: Path) -> None:
    settings.PUBLIC_URL = live_server.url
    with providers.serving(tmp_path, live_server.url) as provider:
        visitor: Visitor = visit_as()
        with tenancy.acting_for_system("tests"):
            gerda, carla = (User.objects.get(email__startswith=name) for name in ("gerda", "carla"))
            providers.link(providers.service(provider, gerda), carla, "1")
        page = visitor.go("/account/login/?next=/me/services/")
        visitor.press("a[href*='/account/board/']")
        page.fill("input[name=q]", "de wilg")
        visitor.press("main form button")
        assert visitor.find_barriers() == []
        visitor.press("main ul a")
        assert visitor.find_barriers() == []
        visitor.page.locator("main form button").first.click()
        page.wait_for_url(f"{provider.issuer}/account/login/**")  # form-action 'self' held: a page of ours led on
        page.fill("input[name=login]", "lotte")
        page.fill("input[name=password]", "lotte")
        page.locator("button[type=submit], button").last.click()
        expect(page).to_have_url(f"{live_server.url}/me/services/")
        expect(page.locator("main")).to_contain_text("Microsoft")
        assert visitor.find_barriers() == []
        visitor.wrong = [one for one in visitor.wrong if not one.startswith(f"other host: {provider.issuer}")]
