"""How the server is, what it logs, and what it says when there is no room or a kernel dies."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from retention_lib.figures import release
from retention_lib.version import VERSION
from retention_lib.views.serving import logs, pool
from retention_lib.views.serving.kernels import WorkbookKernelManager
from tests.serving import NOBODY, PAGE, Running, body, in_time, running

# --- Health and log ----------------------------------------------------------------------------


def test_health_tells_how_many_pages_there_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "GRACE", 0.0)

    async def health(site: Running) -> tuple[int, dict[str, Any]]:
        answer = await site.get("/health")
        return answer.code, json.loads(answer.body)

    async def check() -> None:
        async with running(folder, warm=1, max_kernels=3) as site:
            code, told = await health(site)
            if not len(site.app.kernel_manager):
                assert (code, told["status"]) == (503, "starting")
            await site.spares(1)
            code, told = await health(site)
            assert code == 200
            assert told == {
                "status": "ok",
                "version": VERSION,
                "data": release(),
                "open": 0,
                "spares": 1,
                "room": 3,
            }
            await site.open()
            await site.spares(1)
            told = (await health(site))[1]
            assert (told["open"], told["spares"], told["room"]) == (1, 1, 2)
            head = await site.get("/health", method="HEAD")
            assert (head.code, head.body) == (200, b"")

    in_time(check)


def test_log_holds_no_query_and_nobody(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    kernels: list[str] = []

    async def check() -> None:
        async with running(folder) as site:
            secret = {"User-Agent": "Secret-Browser", "X-Forwarded-For": "10.1.2.3"}
            await site.get(f"{PAGE}?salary=34000", headers=secret)
            kernels.extend(site.app.kernel_manager.list_kernel_ids())
            await site.get(f"/api/kernels/{kernels[0]}?salary=34000")
            await site.get("/nothing%0aGET?salary=34000")

    with caplog.at_level(logging.INFO, logger=logs.ACCESS):
        in_time(check)
    formatter = logs.LineFormatter()
    lines = [formatter.format(one) for one in caplog.records if one.name == logs.ACCESS]
    when = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 INFO"
    path = re.escape(PAGE)
    assert len(lines) == 3
    assert re.fullmatch(rf"{when} GET {path} 200 \d+ms [1-9]\d+B", lines[0])
    assert re.fullmatch(rf"{when} GET /api/kernels/… 200 \d+ms \d+B", lines[1])
    assert re.fullmatch(rf"{when} GET /nothing%0aGET 404 \d+ms \d+B", lines[2])
    for line in lines:
        for word in ("34000", "Secret", "10.1.2.3", "127.0.0.1", kernels[0]):
            assert word not in line


def test_error_of_a_page_is_logged_without_its_query(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_manager: Any, _kernel: str) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(WorkbookKernelManager, "kernel_model", broken)

    async def check() -> None:
        async with running(folder) as site:
            answer = await site.get(f"/api/kernels/{NOBODY}?salary=34000")
            assert answer.code == 500
            assert json.loads(answer.body) == {"message": "Internal Server Error"}

    in_time(check)
    assert "broken on purpose" in caplog.text
    assert "salary" not in caplog.text


def test_traceback_of_a_callback_is_logged_without_what_was_typed() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "page.py", line 3, in read\n'
        "    raise ValueError(name)\n"
        "ValueError: Ann Example\nof Anytown\n\n"
        "During handling of the above exception, another exception occurred:\n\n"
        "Traceback (most recent call last):\n"
        '  File "page.py", line 5, in show\n'
        "\x1b[31mretention_lib.ScenarioError\x1b[0m: Ann's pay"
    )
    told = logs.without_values(text)
    assert "Ann" not in told
    assert "Anytown" not in told
    for word in ('File "page.py", line 3', "raise ValueError(name)", "ValueError", "ScenarioError"):
        assert word in told


# --- When there is no room ---------------------------------------------------------------------


def test_visitor_past_the_cap_is_told_when_to_come_back(folder: Path) -> None:
    async def check() -> None:
        async with running(folder, max_kernels=2) as site:
            answers = [await site.open() for _ in range(3)]
            assert [answer.code for answer in answers] == [200, 200, 503]
            assert answers[2].headers["Retry-After"] == "60"
            assert "no-store" in answers[2].headers["Cache-Control"]
            assert "<h1>The workbooks are busy</h1>" in body(answers[2])
            # A page that is closed makes room at once.
            kernel = site.app.kernel_manager.list_kernel_ids()[0]
            token = {"Cookie": "_xsrf=abcd1234", "X-XSRFToken": "abcd1234", "Origin": "null"}
            ending = f"/voila/api/shutdown/{kernel}"
            assert (await site.get(ending, method="POST", body="", headers=token)).code == 204
            assert (await site.open()).code == 200

    in_time(check)


def test_visitors_who_come_at_once_are_never_more_than_the_cap(folder: Path) -> None:
    async def check() -> None:
        async with running(folder, max_kernels=2) as site:
            answers = await asyncio.gather(*(site.open() for _ in range(4)))
            busy = ["The workbooks are busy" in body(answer) for answer in answers]
            assert sorted(busy) == [False, False, True, True]
            assert len(site.app.kernel_manager) == 2

    in_time(check)


def test_full_disk_is_told_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_manager: Any, **_options: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(WorkbookKernelManager, "start_kernel", full)

    async def check() -> None:
        async with running(folder) as site:
            text = body(await site.open())
            assert "the computer that runs the workbooks has no room left" in text
            assert "No space left" not in text
            assert "Traceback" not in text
            assert text.rstrip().endswith("</html>")

    in_time(check)


def test_kernel_that_is_killed_is_gone_for_its_page(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            await site.open()
            (kernel,) = site.app.kernel_manager.list_kernel_ids()
            assert (await site.get(f"/api/kernels/{kernel}")).code == 200
            provisioner = site.app.kernel_manager.get_kernel(kernel).provisioner
            await provisioner.send_signal(signal.SIGKILL)
            while (await site.get(f"/api/kernels/{kernel}")).code != 404:
                await asyncio.sleep(0.2)
            assert (await site.open()).code == 200

    in_time(check)
