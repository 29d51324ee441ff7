"""What a screen reader hears of the answer: the block itself, with no kernel behind it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from retention_lib.views.widgets import Answer

pytestmark = pytest.mark.browser

# A model as the block sees it, and a way to change several traits at once, in any order.
STAND_IN = """async (script) => {
    const state = { html: "", headline: "It pays", spoken: "It pays. At once.", tone: "pays" };
    state.behind = false;
    const listeners = {};
    const model = {
        get: (name) => state[name],
        on: (name, listener) => (listeners[name] ??= []).push(listener),
    };
    window.tell = (told) => {
        const names = Object.keys(told).filter((name) => told[name] !== state[name]);
        Object.assign(state, told);
        for (const name of names) for (const each of listeners[`change:${name}`] ?? []) each();
    };
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const { render } = (await import(address)).default;
    const el = document.body.appendChild(document.createElement("div"));
    render({ model, el });
    window.heard = [];
    const status = el.querySelector("[role=status]");
    new MutationObserver(() => window.heard.push(status.textContent))
        .observe(status, { childList: true, characterData: true, subtree: true });
}"""

FIRST = {"headline": "It costs 1", "behind": True}
FIRST_WORDS = {"spoken": "It costs 1. Over four years."}
SECOND = {"headline": "It costs 2"}
SECOND_WORDS = {"spoken": "It costs 2. Over four years."}
DONE = {"behind": False}
REST = 1_000  # milliseconds, a little more than a block waits before it speaks


@pytest.fixture
def block(page: Page) -> Page:
    """Draw the block alone."""
    page.goto("about:blank")
    page.evaluate(STAND_IN, Answer._esm)
    return page


def heard(block: Page, *steps: dict[str, Any] | int) -> list[str]:
    """Tell the block something, or wait; gives what was said."""
    for step in steps:
        if isinstance(step, int):
            block.wait_for_timeout(step)
        else:
            block.evaluate("(told) => window.tell(told)", step)
    said: list[str] = block.evaluate("window.heard")
    return said


def test_answer_is_heard_once_it_rests(block: Page) -> None:
    assert heard(block, FIRST, FIRST_WORDS, DONE, 500) == []
    assert heard(block, REST) == [FIRST_WORDS["spoken"]]


def test_words_of_the_answer_before_are_not_heard(block: Page) -> None:
    """The slider has gone on while the rest of an answer is worked out, which stays behind."""
    assert heard(block, FIRST, FIRST_WORDS, 200, SECOND, REST) == []
    assert heard(block, SECOND_WORDS, DONE, REST) == [SECOND_WORDS["spoken"]]


def test_same_headline_with_other_words_waits_for_them(block: Page) -> None:
    other = {"spoken": "It costs 1. Over two years."}
    assert heard(block, FIRST, FIRST_WORDS, 200, {"behind": True}, REST) == []
    assert heard(block, other, DONE, REST) == [other["spoken"]]


def test_words_that_never_come_are_not_replaced_by_others(block: Page) -> None:
    """What was to follow has failed, which the page says elsewhere."""
    assert heard(block, FIRST, DONE, REST) == []


@pytest.mark.parametrize("order", [FIRST | FIRST_WORDS, FIRST_WORDS | FIRST])
def test_words_that_come_with_the_headline_are_heard(block: Page, order: dict[str, Any]) -> None:
    assert heard(block, order, DONE, REST) == [FIRST_WORDS["spoken"]]


def test_end_of_the_page_stays_clear_of_a_headline_that_grows(block: Page) -> None:
    block.add_style_tag(content="body { padding-bottom: 4000px !important; }")
    block.mouse.wheel(0, 3_000)
    block.wait_for_selector(".rw-pinned:not([hidden])")
    for words in ("Short", "Long " * 200):
        block.evaluate("(headline) => window.tell({ headline })", words)
        block.wait_for_function(
            "() => document.documentElement.style.getPropertyValue('--rw-pinned')"
            " === `${document.querySelector('.rw-pinned').offsetHeight}px`"
        )
