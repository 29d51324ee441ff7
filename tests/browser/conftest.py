"""A server, a browser, and pages of each kind, for the tests that look at them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.standins import write_workbooks
from tests.browser.tools import BROWSERS, OPTIONS, RULES, WIDE, Server, Watch, serving
from tests.browser.workbook import Workbook, opened


@pytest.fixture(scope="session")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The project's own workbooks, served."""
    with serving(root, tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def shell(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The stand-ins, served."""
    folder = tmp_path_factory.mktemp("shell")
    workbooks = str(write_workbooks(folder / "workbooks"))
    with serving(root, folder / "log", RETENTION_WORKBOOKS=workbooks) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as play:
        bundled = play.chromium.executable_path
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        if not found and not Path(bundled).exists():
            reason = "there is no Chromium, Chrome or Edge on this computer"
            wanted = os.environ.get("CI") == "true" or os.environ.get("RETENTION_REQUIRE_BROWSER")
            (pytest.fail if wanted else pytest.skip)(reason)
        launched = play.chromium.launch(args=list(OPTIONS), executable_path=found or bundled)
        yield launched
        launched.close()


@pytest.fixture
def viewport() -> ViewportSize:
    """How large the page is; parametrise it by its name for another size."""
    return WIDE


@pytest.fixture
def watch() -> Watch:
    """What the page of this test asks for and complains of."""
    return Watch()


@pytest.fixture
def page(browser: Browser, viewport: ViewportSize, watch: Watch) -> Iterator[Page]:
    """A page of a new visitor; it must ask nobody else for anything, and have no errors."""
    context = browser.new_context(locale="en-GB", viewport=viewport)
    opened = context.new_page()
    watch.follow(opened)
    yield opened
    if not opened.is_closed():
        # A page that just vanishes leaves its kernel for two minutes more.
        opened.goto("about:blank")
    context.close()
    assert watch.foreign() == []
    assert watch.unexpected() == []


@pytest.fixture
def ready(page: Page) -> Callable[[str], str]:
    """Open a workbook's page and wait until it can be used; gives its kernel's name."""

    def open_page(url: str) -> str:
        page.goto(url, wait_until="commit")
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        return str(page.evaluate("document.body.dataset.kernelId"))

    return open_page


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Look for what WCAG 2.2 AA or good practice forbids; gives one line for each kind."""

    def run(page: Page) -> list[str]:
        options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
        found = Axe().run(page, options=options).response["violations"]
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]

    return run


@pytest.fixture(scope="module")
def shared(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Workbook]:
    """One page of the workbook that a file of tests is about: its `OPENS`."""
    with opened(request.module.OPENS, browser, server) as one:
        yield one


@pytest.fixture
def app(shared: Workbook) -> Workbook:
    """That page with its first case, as it is when it is opened."""
    shared.start_again()
    return shared
