"""How a page of ours comes to life without Voilà's script, and what Voilà's script did for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from retention_lib.assumptions import register
from retention_lib.evaluation import evaluate
from retention_lib.scenario import Scenario
from retention_lib.views.notebooks import BENCHMARKS, INCENTIVES, PLANS
from tests.browser.standins import save
from tests.browser.tools import Server, Watch, serving, status, wait_for
from tests.serving import TINY

pytestmark = pytest.mark.browser

Ready = Callable[[str], str]

FALL = f"{register()['leaving_reduction'].label}, slider"

LOST = "This page waits for its connection"
A_LINK = "?case=torbay-recognition"
A_CASE = "Torbay's recognition programme"
CONVERTS = "Agency staff who convert: people it brings a year (from agency)"

# A network that lets no websocket through, and says nothing of it.
NO_SOCKETS = """
    const Plain = window.WebSocket;
    window.WebSocket = class extends EventTarget {
        static OPEN = Plain.OPEN;
        static CLOSED = Plain.CLOSED;
        readyState = Plain.CONNECTING;
        close() {}
    };
"""

# Every socket that the page opens, so that a test can close it. A network may swallow what is sent
# both ways and close nothing, all of it or on one socket; or lose only what a socket is told.
KEEP_SOCKETS = """
    window.sockets = [];
    const Plain = window.WebSocket;
    window.WebSocket = class extends Plain {
        constructor(...options) {
            super(...options);
            window.sockets.push(this);
        }
        get isCutOff() { return window.swallows || this.swallows; }
        send(message) {
            if (!this.isCutOff) super.send(message);
        }
        set onmessage(listener) {
            this.addEventListener("message", (event) => {
                if (!this.isCutOff && !this.isDeaf) listener(event);
            });
        }
    };
"""


def opened(page: Page, ready: Ready, url: str) -> tuple[Locator, str]:
    """Open a page whose sockets a test can close, and give its headline with the words of now."""
    page.add_init_script(KEEP_SOCKETS)
    ready(url)
    headline = page.locator(".rw-big")
    return headline, headline.inner_text()


def move(page: Page, steps: int) -> None:
    """Move the slider."""
    page.get_by_label(FALL).focus()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")


def opens_as_it_stands(page: Page) -> None:
    """Open the page's own link, and find the answer and the slider that stand here."""
    page.wait_for_timeout(1_500)
    expect(page.locator(".rw-refining progress")).to_be_hidden(timeout=20_000)
    link = page.get_by_label("Link that opens exactly this").input_value()
    said, value = page.locator(".rw-big").inner_text(), page.get_by_label(FALL).input_value()
    page.goto(link)
    page.wait_for_selector("body[data-ready]")
    expect(page.locator(".rw-big")).to_have_text(said, timeout=20_000)
    expect(page.get_by_label(FALL)).to_have_value(value)


def loaded(watch: Watch, name: str) -> bool:
    """Tell whether a page asked for a file."""
    return any(name in one for one in watch.requests)


def test_pages_of_ours_load_nothing_of_voilas(
    server: Server, page: Page, watch: Watch, ready: Ready
) -> None:
    for file in ("00_start_here.ipynb", INCENTIVES):
        ready(server.url(file))
    assert loaded(watch, "live.js")
    assert not loaded(watch, "workbook.js")
    assert not loaded(watch, "labextensions")


@pytest.mark.parametrize("last", ["number", "'as it is'"])
def test_page_with_anything_else_gets_voilas_script(
    root: Path, tmp_path: Path, page: Page, watch: Watch, ready: Ready, last: str
) -> None:
    code = "import ipywidgets\nnumber = ipywidgets.IntSlider(3, description='How many')\n"
    twice = "twice = ipywidgets.Label()\n"
    follow = (
        "number.observe(lambda it: twice.set_trait('value', f'Twice is {2 * it.new}'), 'value')\n"
    )
    save(tmp_path / TINY, [code + twice + follow + "number", "twice", last], "A number?")
    with serving(root, tmp_path / "log", RETENTION_WORKBOOKS=str(tmp_path)) as running:
        kernel = ready(running.url(TINY))
        assert loaded(watch, "workbook.js")
        page.locator(".noUi-handle").first.press("ArrowRight")
        expect(page.get_by_text("Twice is 8")).to_be_visible()
        assert page.locator("#main").count() == 1
        page.goto("about:blank")
        wait_for(lambda: status(f"{running.address}/api/kernels/{kernel}") == 404, "its end")


def test_kernel_ends_with_its_page(server: Server, page: Page, ready: Ready) -> None:
    kernel = ready(server.url(INCENTIVES))
    address = f"{server.address}/api/kernels/{kernel}"
    assert status(address) == 200
    page.reload()
    wait_for(lambda: status(address) == 404, "the kernel to end")


def test_moves_while_the_connection_is_lost_are_answered_when_it_is_back(
    server: Server, page: Page, ready: Ready
) -> None:
    headline, before = opened(page, ready, server.url(INCENTIVES))
    page.evaluate("window.sockets.at(-1).close()")
    move(page, 8)
    expect(headline).not_to_have_text(before, timeout=15_000)
    assert page.evaluate("window.sockets.length") == 2
    # And it goes on: nothing waits for what was lost.
    after = headline.inner_text()
    move(page, 8)
    expect(headline).not_to_have_text(after)
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)
    # The last of them counts, whatever was said in between.
    page.evaluate("window.sockets.at(-1).close()")
    move(page, 3)
    page.wait_for_function("() => window.sockets[2]?.readyState === 1")
    opens_as_it_stands(page)


def test_what_the_kernel_said_while_nobody_heard_is_asked_for(
    server: Server, page: Page, ready: Ready
) -> None:
    headline, before = opened(page, ready, server.url(INCENTIVES))
    page.evaluate("window.sockets.at(-1).isDeaf = true")
    page.get_by_label(FALL).press("End")  # one message, which the kernel gets
    page.wait_for_timeout(2_000)
    expect(headline).to_have_text(before)
    page.evaluate("window.sockets.at(-1).close()")
    expect(headline).not_to_have_text(before, timeout=15_000)
    opens_as_it_stands(page)


def test_what_was_set_while_the_connection_was_lost_is_told_in_its_order(
    server: Server, page: Page, ready: Ready
) -> None:
    page.add_init_script(KEEP_SOCKETS)
    ready(server.url(INCENTIVES) + A_LINK)
    said, value = page.locator(".rw-big").inner_text(), page.get_by_label(FALL).input_value()
    ready(server.url(INCENTIVES))
    page.evaluate("window.sockets.at(-1).close()")
    move(page, 8)
    page.get_by_label("Start from").select_option(label=A_CASE)
    # The case that was chosen last is as it always is: no number of the one before is left in it.
    expect(page.locator(".rw-big")).to_have_text(said, timeout=15_000)
    page.wait_for_timeout(1_500)
    expect(page.locator(".rw-big")).to_have_text(said)
    expect(page.get_by_label(FALL)).to_have_value(value)


def test_step_back_to_where_it_was_is_a_step(server: Server, page: Page, ready: Ready) -> None:
    page.add_init_script(KEEP_SOCKETS)
    ready(server.url(INCENTIVES))
    slider = page.get_by_label(FALL)
    before = slider.input_value()
    page.evaluate("window.sockets.at(-1).isDeaf = true")  # the kernel hears, nobody else
    slider.press("End")
    page.wait_for_timeout(500)
    page.evaluate("window.sockets.at(-1).close()")
    slider.press("Home")
    for _ in range(round(float(before) / 0.5)):
        slider.press("ArrowRight")
    assert slider.input_value() == before
    page.wait_for_function("() => window.sockets[1]?.readyState === 1")
    opens_as_it_stands(page)
    assert page.get_by_label(FALL).input_value() == before


def test_proxy_that_answers_for_a_stopped_server_is_understood(
    server: Server, page: Page, watch: Watch, ready: Ready
) -> None:
    watch.expect("503")
    page.route("**/api/kernels/*", lambda route: route.fulfill(status=503))
    ready(server.url(INCENTIVES))
    page.wait_for_timeout(3_100)
    move(page, 1)  # who uses the page has it look, when it has not for three seconds
    expect(page.get_by_role("heading", name="has lost its connection")).to_be_visible()
    page.unroute("**/api/kernels/*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)


def test_answer_in_the_kernels_place_is_no_loss(server: Server, page: Page, ready: Ready) -> None:
    """A page that works is not taken away because a sign-in has run out."""
    ready(server.url(INCENTIVES))
    page.route("**/api/kernels/*", lambda route: route.fulfill(body="<p>Sign in</p>"))
    page.wait_for_timeout(3_100)
    with page.expect_response("**/api/kernels/*"):
        move(page, 1)
    page.wait_for_timeout(500)
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)


def test_page_that_gets_no_connection_says_so(server: Server, page: Page, ready: Ready) -> None:
    page.add_init_script(NO_SOCKETS)
    ready(server.url(INCENTIVES))
    expect(page.get_by_role("heading", name=LOST)).to_be_visible(timeout=10_000)
    expect(page.locator(".rw-big")).to_be_visible()


def test_link_that_gets_no_connection_says_so_and_shows_no_other_answer(
    server: Server, page: Page
) -> None:
    page.add_init_script(NO_SOCKETS)
    page.goto(server.url(INCENTIVES) + A_LINK, wait_until="commit")
    expect(page.get_by_role("heading", name=LOST)).to_be_visible(timeout=15_000)
    expect(page.locator("#starting")).to_be_visible()
    expect(page.locator(".rw-big")).to_have_count(0)


def test_page_that_draws_no_frame_still_knows_its_kernel(
    server: Server, page: Page, ready: Ready
) -> None:
    # A tab behind others: without it, nobody would be told that the kernel has ended.
    page.add_init_script("window.requestAnimationFrame = () => 0")
    assert ready(server.url(INCENTIVES)) not in {"", "None", "undefined"}


def test_number_box_loses_no_step_while_others_follow_it(
    server: Server, page: Page, ready: Ready
) -> None:
    ready(server.url(PLANS))
    box = page.get_by_label(CONVERTS, exact=True)
    box.focus()
    start = float(box.input_value())
    for _ in range(6):
        page.keyboard.press("ArrowUp")
        page.wait_for_timeout(25)  # less than an answer takes
    page.wait_for_timeout(1_500)
    assert float(box.input_value()) == start + 6 * 0.5


def test_slider_that_is_dragged_ends_where_it_was_let_go(
    server: Server, page: Page, ready: Ready
) -> None:
    ready(server.url(INCENTIVES))
    slider = page.get_by_label(FALL)
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 5, middle)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(box["x"] + 5 + step * (box["width"] - 10) / 80, middle)
    page.mouse.up()
    opens_as_it_stands(page)


def test_network_that_swallows_everything_is_found_out_and_nothing_is_lost(
    server: Server, page: Page, watch: Watch, ready: Ready
) -> None:
    """As a virtual private network that went away: nothing answers and nothing is closed."""
    headline, before = opened(page, ready, server.url(INCENTIVES))
    watch.expect("ERR_TIMED_OUT")
    page.route("**/api/kernels/*", lambda _route: None)  # neither an answer nor an end
    page.evaluate("window.swallows = true")
    page.wait_for_timeout(3_100)
    move(page, 8)
    page.get_by_role("button", name="Save this scenario").click()
    expect(page.get_by_role("heading", name="has lost its connection")).to_be_visible(
        timeout=20_000
    )
    assert headline.inner_text() == before
    # The connection that is tried meanwhile opens and gets no answer; it would wait long for one.
    page.wait_for_function("() => window.sockets.slice(1).some((each) => each.readyState === 1)")
    page.unroute("**/api/kernels/*")
    with page.expect_download(timeout=10_000) as download:
        # Both at once: a page that finds the network back by itself takes the button away.
        page.get_by_role("button", name="Try again").evaluate(
            "(button) => { window.swallows = false; button.click(); }"
        )
    expect(headline).not_to_have_text(before, timeout=20_000)
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)
    # The file is of what was set before it was asked for.
    saved = Scenario.from_json(download.value.path().read_text(encoding="utf-8"))
    assert headline.inner_text() == evaluate(saved).headline
    opens_as_it_stands(page)


def test_socket_that_has_died_beside_a_server_that_answers_is_found_out(
    server: Server, page: Page, ready: Ready
) -> None:
    """As where a firewall has forgotten a connection that was quiet for long."""
    headline, before = opened(page, ready, server.url(INCENTIVES))
    page.wait_for_timeout(1_000)
    page.evaluate("window.sockets.at(-1).swallows = true")
    move(page, 8)
    page.wait_for_timeout(5_100)
    assert headline.inner_text() == before
    move(page, 1)  # and the page has a look
    expect(headline).not_to_have_text(before, timeout=15_000)
    assert page.evaluate("window.sockets.length") == 2
    opens_as_it_stands(page)


def test_choices_made_while_the_connection_was_lost_all_count(
    server: Server, page: Page, ready: Ready
) -> None:
    page.add_init_script(KEEP_SOCKETS)
    ready(server.url(BENCHMARKS))
    page.evaluate("window.sockets.at(-1).close()")
    for label, value in (("Measure", "Vacancy rate"), ("Council", "Torbay")):
        page.get_by_label(label, exact=True).select_option(label=value)
    expect(page.locator(".rw-big")).to_contain_text("Torbay", timeout=15_000)
    expect(page.locator(".rw-big")).to_contain_text("vacancy")
