"""A live server, a Chromium, and people who sign in on a phone of 360 by 740."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app.demo.world import DOMAIN, PASSWORD
from tests.chromium import FLAGS, find

PHONE = {"width": 360, "height": 740}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests write for real; without a browser they are skipped, but never under CI."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.committed)
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    path = find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("No Chromium under CI: `python -m tests.chromium` installs one.")
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live(world) -> Iterator[str]:
    """The application on a port of its own; yields its address."""
    house = world[0]
    server = make_server("127.0.0.1", 0, house, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def read_whole(page: Page) -> Callable[..., None]:
    """`page.click` that returns when the page it led to is read to its end.

    Playwright's own returns when that page has begun to arrive: what asks it at once whether something is there may be too early.
    """
    click = page.click

    def clicked(selector: str, **options: Any) -> None:
        click(selector, **options)
        page.wait_for_load_state("domcontentloaded")

    return clicked


@pytest.fixture
def opens(browser: Browser, live: str, house) -> Iterator[Callable[..., Page]]:
    """A new browser on a phone, signed in as someone of Saint-Mars or of the network."""
    contexts = []

    def open_page(who: str | None = None, **options: object) -> Page:
        context = browser.new_context(viewport=PHONE, locale="fr-FR", base_url=live, **options)
        # Long, because two cores may be busy with something else; what is awaited comes in a fraction of a second.
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.click = read_whole(page)  # type: ignore[method-assign]
        page.troubles = []  # type: ignore[attr-defined]
        page.on("console", lambda message: page.troubles.append(message.text) if message.type == "error" else None)  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.troubles.append(str(error)))  # type: ignore[attr-defined]
        if who:
            page.goto("/connexion")
            page.fill("[name=email]", f"{who}@{DOMAIN}")
            page.fill("[name=password]", PASSWORD)
            page.click("main .btn-primary")
            page.wait_for_url(lambda url: "/connexion" not in url)
        return page

    yield open_page
    for each in contexts:
        each.close()
