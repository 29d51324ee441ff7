"""The page round every workbook, in a browser, with stand-ins for the workbooks."""

from __future__ import annotations

import http.client
import re
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.standins import (
    ANALYSIS,
    COMPLAINT,
    FAILING,
    FRONT,
    MOVING,
    MOVING_TITLE,
    SLOW,
    UNTITLED,
)
from tests.browser.tools import NARROW, WIDE, Server, Watch, status, wait_for

pytestmark = pytest.mark.browser

Ready = Callable[[str], str]
Axe = Callable[[Page], list[str]]

both_widths = pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])


def kernel_status(shell: Server, kernel: str) -> int:
    """Ask whether a kernel is alive, as the page does."""
    return status(f"{shell.address}/api/kernels/{kernel}")


def end_kernel(page: Page, kernel: str) -> None:
    """End a page's kernel behind its back."""
    ended = page.evaluate(
        """async (kernel) => {
            const token = document.cookie.match(/_xsrf=([^;]*)/)[1];
            const asked = { method: "POST", headers: { "X-XSRFToken": token } };
            return (await fetch(`/voila/api/shutdown/${kernel}`, asked)).status;
        }""",
        kernel,
    )
    assert ended == 204


def move(page: Page, people: int) -> None:
    """Move the stand-in's slider."""
    page.get_by_label("People it is offered to").fill(str(people))


def test_page_has_its_name_language_and_landmarks(shell: Server, page: Page, ready: Ready) -> None:
    ready(shell.url(MOVING))
    assert page.title() == f"{MOVING_TITLE} – Retention Workbook"
    assert page.get_attribute("html", "lang") == "en-GB"
    expect(page.get_by_role("heading", level=1)).to_have_text(MOVING_TITLE)
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1)
    assert page.locator("#main").count() == 1


def test_navigation_lists_the_workbooks_alone(shell: Server, page: Page, ready: Ready) -> None:
    ready(shell.url(MOVING))
    links = page.get_by_role("navigation", name="Workbooks").get_by_role("link")
    assert links.all_text_contents() == ["Start here", "Incentives", "Broken", "Slow"]
    assert page.locator("[aria-current=page]").all_text_contents() == ["Incentives"]


def test_skip_link_works_by_keyboard(shell: Server, page: Page, ready: Ready) -> None:
    ready(shell.url(MOVING))
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("People it is offered to")).to_be_focused()


def test_first_bytes_say_what_is_starting(shell: Server) -> None:
    connection = http.client.HTTPConnection(urlsplit(shell.address).netloc, timeout=30)
    connection.request("GET", urlsplit(shell.url(SLOW)).path)
    first = connection.getresponse().read1().decode()
    connection.close()
    assert first.startswith("<!doctype html>")
    assert "<h1>How long does it take?</h1>" in first
    assert "Starting: " in first
    assert "</html>" not in first


def test_start_is_followed_in_words_until_it_is_over(shell: Server, page: Page) -> None:
    page.add_init_script("""
        window.said = new Set();
        new MutationObserver(() => {
            const line = document.getElementById("starting");
            if (line) window.said.add(line.textContent);
        }).observe(document, { childList: true, subtree: true, characterData: true });
    """)
    heard: set[str] = set()
    # Twice: one of the two is not ready before it is asked for.
    for _ in range(2):
        page.goto(shell.url(SLOW))
        page.wait_for_selector("body[data-ready]")
        said = page.evaluate("[...window.said]")
        expect(page.locator("#starting")).to_have_count(0)
        assert said[0] == "Starting: opening the workbook"
        heard |= set(said)
    assert "Starting: working out part 3 of 4" in heard


def test_control_reaches_python_and_back(shell: Server, page: Page, ready: Ready) -> None:
    ready(shell.url(MOVING))
    move(page, 100)
    expect(page.get_by_text("Twice that is 200.")).to_be_visible()
    expect(page.get_by_text("Net present value: -214,000")).to_be_visible()


def test_complaint_of_a_callback_is_printed(shell: Server, page: Page, ready: Ready) -> None:
    ready(shell.url(MOVING))
    move(page, 13)
    wait_for(lambda: COMPLAINT in shell.log(), "the complaint")


def test_opening_the_address_leads_to_the_first_workbook(shell: Server, page: Page) -> None:
    page.goto(f"{shell.address}/?people=7")
    assert page.url == f"{shell.url(FRONT)}?people=7"
    page.wait_for_selector("body[data-ready]")
    # The notebook's own heading, for JupyterLab, is not shown a second time.
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("leave", ["close", "reload", "go on"])
def test_kernel_ends_with_its_page(shell: Server, page: Page, ready: Ready, leave: str) -> None:
    kernel = ready(shell.url(MOVING))
    assert kernel_status(shell, kernel) == 200
    if leave == "close":
        with page.expect_event("close"):
            page.close(run_before_unload=True)
    elif leave == "reload":
        page.reload()
    else:
        page.get_by_role("link", name="Start here").click()
    wait_for(lambda: kernel_status(shell, kernel) == 404, "the kernel to end")


def test_dead_page_says_so_and_starts_again_where_it_was(
    shell: Server, page: Page, ready: Ready, watch: Watch, axe: Axe
) -> None:
    watch.expect("404")
    kernel = ready(shell.url(MOVING))
    move(page, 100)
    expect(page.get_by_text("Twice that is 200.")).to_be_visible()
    end_kernel(page, kernel)
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("This page has gone to sleep", timeout=30_000)
    assert axe(page) == []
    banner.get_by_role("button", name="Start again from where you were").click()
    page.wait_for_function("kernel => document.body.dataset.kernelId !== kernel", arg=kernel)
    page.wait_for_selector("body[data-ready]")
    assert page.url.endswith("?people=100")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_page_without_a_server_says_so(
    shell: Server, page: Page, ready: Ready, watch: Watch
) -> None:
    watch.expect("ERR_")
    ready(shell.url(MOVING))
    page.route("**/api/kernels/*", lambda route: route.abort())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert")).to_contain_text("This page has lost its connection")
    page.unroute("**/api/kernels/*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_template_cannot_be_chosen_by_a_visitor(shell: Server, page: Page, ready: Ready) -> None:
    ready(f"{shell.url(MOVING)}?template=lab&theme=dark")
    expect(page.get_by_role("banner")).to_contain_text("Retention Workbook")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    "path",
    [
        "/no-such-page",
        "/voila/render/99_none.ipynb",
        f"/voila/render/{ANALYSIS}",
        f"/voila/render/{ANALYSIS.replace('/', '%2F')}",
        f"/voila/render/{UNTITLED}",
        "/voila/tree",
        f"/voila/files/{MOVING}",
        "/voila/api/contents/",
        "/api/kernels",
        "/login",
    ],
)
def test_what_is_not_served_is_refused_in_words(
    shell: Server, page: Page, watch: Watch, path: str
) -> None:
    watch.expect("404")
    answer = page.goto(shell.address + path)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert page.title() == "Page not found – Retention Workbook"


def test_failing_cell_is_told_in_words(shell: Server, page: Page, ready: Ready) -> None:
    ready(shell.url(FAILING))
    expect(page.get_by_text("Above the fault.")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert "Error" not in page.inner_text("body")
    assert "never" not in page.inner_text("main")
    wait_for(lambda: "ZeroDivisionError" in shell.log(), "the details in the terminal")


def test_page_without_scripts_says_what_is_missing(shell: Server) -> None:
    with urllib.request.urlopen(shell.url(FRONT)) as answer:
        text = answer.read().decode()
    assert re.search(r"<noscript>.*needs JavaScript.*</noscript>", text)


@both_widths
@pytest.mark.parametrize("file", [FRONT, MOVING, FAILING])
def test_page_is_accessible_and_fits(
    shell: Server, page: Page, ready: Ready, axe: Axe, viewport: ViewportSize, file: str
) -> None:
    ready(shell.url(file))
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@both_widths
def test_refusal_is_accessible_and_fits(
    shell: Server, page: Page, watch: Watch, axe: Axe, viewport: ViewportSize
) -> None:
    watch.expect("404")
    page.goto(f"{shell.address}/no-such-page")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


def test_long_page_flows_onto_many_sheets(shell: Server, page: Page, ready: Ready) -> None:
    ready(shell.url(FRONT))
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    sheets = re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))
    assert len(sheets) > 2
