"""What every test shares."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run, and no clock: a slow machine must not fail a right answer.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one tiny workbook, for a server to serve."""
    from tests.browser.standins import save
    from tests.serving import TINY

    save(tmp_path / TINY, ["print('Net: -214,000')"], "A question?", "Tiny")
    return tmp_path


@pytest.fixture(autouse=True)
def no_loop_of_others(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide the loop that browser tests leave running in this thread: a page would wait in it."""
    if "browser" in request.node.path.parts:
        yield
        return
    left = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(left)
