"""What the server serves, refuses and says, without a browser."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec

from retention_lib.paths import ROOT
from retention_lib.views import server
from retention_lib.views.server import Options
from retention_lib.views.serving import pool
from retention_lib.views.serving.app import TEMPLATE
from retention_lib.views.serving.kernels import OwnKernelSpecManager
from retention_lib.views.serving.settings import (
    EXTENSIONS,
    MESSAGE_LIMIT,
    Settings,
    local_transport,
    voila_config,
)
from retention_lib.views.serving.workbooks import Shelf
from tests.browser.standins import ANALYSIS, FAILING, FRONT, UNTITLED, save, write_workbooks
from tests.serving import TINY, body, in_time, running

TITLE = "Does it <really> pay?"
OUTSIDE = re.compile(r"https?://(?!127\.0\.0\.1)[\w.-]+")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one tiny workbook."""
    save(tmp_path / TINY, [f"# {TITLE}\n\nSome text.", "print('Net: -214,000')"], TITLE, "Tiny")
    return tmp_path


# --- What is a workbook ------------------------------------------------------------------------


def test_shelf_holds_titled_notebooks_of_the_folder_alone(tmp_path: Path) -> None:
    write_workbooks(tmp_path)
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    shelf = Shelf(tmp_path)
    found = [one.file for one in shelf.workbooks()]
    assert found[0] == FRONT
    assert found == sorted(found)
    assert UNTITLED not in found
    assert shelf.find(FAILING) is not None
    for file in (ANALYSIS, "broken.ipynb", "../secret.ipynb", ""):
        assert shelf.find(file) is None


def test_label_is_the_title_where_there_is_none(tmp_path: Path) -> None:
    save(tmp_path / "01_a.ipynb", ["1"], "A question?")
    (workbook,) = Shelf(tmp_path).workbooks()
    assert workbook.label == "A question?"


# --- Settings ----------------------------------------------------------------------------------


def test_settings_shut_what_voila_leaves_open(folder: Path) -> None:
    config = voila_config(Settings(folder), "tcp")
    voila = config.VoilaConfiguration
    assert voila.allow_template_override == "NO"
    assert voila.allow_theme_override == "NO"
    assert voila.show_tracebacks is False
    assert voila.extension_allowlist == EXTENSIONS
    assert sorted(EXTENSIONS) == [
        "@jupyter-widgets/jupyterlab-manager",
        "@voila-dashboards/widgets-manager8",
        "anywidget",
    ]
    assert config.WorkbookKernelManager.cull_idle_timeout > 0
    assert config.KernelRestarter.restart_limit == 0


def test_sockets_are_used_only_where_their_path_is_short_enough(tmp_path: Path) -> None:
    assert local_transport(tmp_path / ("long" * 30)) == "tcp"


def test_kernel_gets_our_library_and_nothing_of_a_visitor(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            await site.get(f"/voila/render/{TINY}?salary=34000", headers={"X-Secret": "34000"})
            environment = site.app.kernel_environment()
            assert environment["PYTHONPATH"].startswith(str(ROOT))
            assert not any("34000" in value for value in environment.values())

    in_time(check)


def test_only_the_allowed_extensions_are_loaded(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            loaded = site.app.site.page_config["federated_extensions"]
            assert {one["name"] for one in loaded} == set(EXTENSIONS)
            assert site.app.app.settings["websocket_max_message_size"] == MESSAGE_LIMIT

    in_time(check)


# --- Pages -------------------------------------------------------------------------------------


def test_page_of_a_tiny_notebook(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            answer = await site.open()
            text = body(answer)
            assert answer.code == 200
            assert text.startswith('<!doctype html>\n<html lang="en-GB">')
            assert text.rstrip().endswith("</html>")
            assert "<title>Does it &lt;really&gt; pay? – Retention Workbook</title>" in text
            assert text.count("<h1>") == 1
            assert "Some text." in text
            assert "Net: -214,000" in text
            assert "Open Government Licence v3.0" in text
            assert OUTSIDE.findall(text.replace("http://www.w3.org/2000/svg", "")) == []
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers.get_list("Set-Cookie") == []

    in_time(check)


@pytest.mark.parametrize("path", sorted(TEMPLATE.rglob("*.*")), ids=lambda path: path.name)
def test_nothing_outside_is_named_in_our_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    # A link that a reader may follow loads nothing.
    assert OUTSIDE.findall(re.sub(r'<a href="[^"]*"', "", text)) == []
    assert "//cdn" not in text


def test_assets_are_served_and_may_be_kept(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            for address in site.app.site.assets.values():
                answer = await site.get(address)
                assert answer.code == 200
                assert "immutable" in answer.headers["Cache-Control"]

    in_time(check)


def test_what_is_not_served_is_refused_in_words(tmp_path: Path) -> None:
    paths = [
        "/nothing",
        f"/voila/render/{ANALYSIS}",
        f"/voila/render/{ANALYSIS.replace('/', '%2F')}",
        f"/voila/render/{UNTITLED}",
        "/voila/render/..%2Fsecret.ipynb",
        f"/voila/files/{FRONT}",
        f"/{FRONT}",
        "/voila/tree",
        "/voila/api/contents/",
        "/api/kernels",
    ]
    write_workbooks(tmp_path / "workbooks")

    async def check() -> None:
        async with running(tmp_path / "workbooks") as site:
            for path in paths:
                answer = await site.get(path)
                assert answer.code == 404, path
                assert "<h1>Page not found</h1>" in body(answer), path
            assert len(site.app.kernel_manager) == 0

    in_time(check)


def test_template_cannot_be_chosen_by_a_visitor(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            answer = await site.get(f"/voila/render/{TINY}?template=lab&theme=dark")
            assert answer.code == 200
            assert "Retention Workbook</a>" in body(answer)
            assert '"jupyterLabTheme": "dark"' not in body(answer)

    in_time(check)


def test_name_of_another_site_is_refused(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            answer = await site.get(f"/voila/render/{TINY}", headers={"Host": "example.org"})
            assert answer.code == 403
            assert len(site.app.kernel_manager) == 0

    in_time(check)


# --- When something goes wrong -----------------------------------------------------------------


def test_failing_cell_is_told_without_its_traceback(tmp_path: Path) -> None:
    save(tmp_path / TINY, ["print('before')", "1 / 0", "print('after')"], TITLE)

    async def check() -> None:
        async with running(tmp_path) as site:
            text = body(await site.open())
            assert "before" in text
            assert "There is a problem" in text
            assert "ZeroDivisionError" not in text
            assert ">after" not in text

    in_time(check)


def test_broken_template_is_told_and_leaves_no_kernel(folder: Path, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATE, templates)
    (templates / "index.html.j2").write_text("{{ kernel_start(nb) }}{{ nothing.such }}")

    async def check() -> None:
        async with running(folder) as site:
            site.app.template_paths = [str(templates)]
            text = body(await site.open())
            assert "Sorry, there is a problem with this workbook" in text
            assert text.rstrip().endswith("</html>")
            while len(site.app.kernel_manager):
                await asyncio.sleep(0.05)

    in_time(check)


def test_kernel_that_cannot_start_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = KernelSpec(argv=[sys.executable, "-c", "raise SystemExit(1)"], language="python")
    monkeypatch.setattr(OwnKernelSpecManager, "get_kernel_spec", lambda _self, _name: broken)

    async def check() -> None:
        async with running(folder, warm=1) as site:
            assert "Sorry, there is a problem with this workbook" in body(await site.open())

    in_time(check)


def test_what_a_workbook_writes_to_stderr_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(tmp_path / TINY, ["import sys; print('a complaint', file=sys.stderr)"], TITLE)

    async def check() -> None:
        async with running(tmp_path) as site:
            site.app.log.addHandler(caplog.handler)
            assert "a complaint" not in body(await site.open())
            while "a complaint" not in caplog.text:
                await asyncio.sleep(0.05)

    with caplog.at_level(logging.ERROR):
        in_time(check)


# --- Kernels -----------------------------------------------------------------------------------


def test_one_page_too_many_is_refused_in_words(folder: Path) -> None:
    async def check() -> None:
        async with running(folder, max_kernels=1) as site:
            assert (await site.open()).code == 200
            answer = await site.open()
            assert answer.code == 503
            assert "<h1>The workbooks are busy</h1>" in body(answer)
            assert "Try again" in body(answer)
            assert len(site.app.kernel_manager) == 1

    in_time(check)


def test_visitors_come_before_spares(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "GRACE", 0.0)
    save(folder / "02_other.ipynb", ["1"], "Another question?")

    async def check() -> None:
        async with running(folder, warm=1, max_kernels=3) as site:
            await site.spares(2)
            codes = [(await site.open()).code for _ in range(4)]
            # Its own spare, the free place, the place of the other workbook's spare, and no more.
            assert codes == [200, 200, 200, 503]
            assert len(site.app.kernel_manager) == 3

    in_time(check)


def test_spare_page_is_sent_and_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "GRACE", 0.0)

    async def check() -> None:
        async with running(folder, warm=1) as site:
            await site.spares(1)
            (spare,) = site.app.kernel_manager.spares
            assert f'data-kernel="{spare}"' in body(await site.open())
            assert spare not in site.app.kernel_manager.spares
            await site.spares(1)

    in_time(check)


def test_dead_spare_is_not_shown(folder: Path) -> None:
    async def check() -> None:
        async with running(folder, warm=1) as site:
            await site.spares(1)
            (spare,) = site.app.kernel_manager.spares
            await site.app.kernel_manager.shutdown_kernel(spare)
            text = body(await site.open())
            assert "data-kernel=" in text
            assert f'data-kernel="{spare}"' not in text

    in_time(check)


def test_spare_of_an_edited_workbook_is_not_shown(folder: Path) -> None:
    async def check() -> None:
        async with running(folder, warm=1) as site:
            await site.spares(1)
            save(folder / TINY, ["Edited."], "Edited?")
            text = body(await site.open())
            assert "<h1>Edited?</h1>" in text
            assert "Edited." in text

    in_time(check)


def test_closing_page_ends_its_kernel_and_nobody_else_can(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            await site.open()
            (kernel,) = site.app.kernel_manager.list_kernel_ids()
            path = f"/voila/api/shutdown/{kernel}"
            assert (await site.get(path, method="POST", body="")).code == 403
            answer = await site.get(
                path, method="POST", body="_xsrf=abcd1234", headers={"Cookie": "_xsrf=abcd1234"}
            )
            assert answer.code == 204
            assert (await site.get(f"/api/kernels/{kernel}")).code == 404

    in_time(check)


def test_kernel_that_no_page_uses_ends_soon_but_a_spare_stays(folder: Path) -> None:
    async def check() -> None:
        async with running(folder, warm=1) as site:
            await site.spares(1)
            kernels = site.app.kernel_manager
            kernels.unconnected_timeout = 0
            await site.open()
            (used,) = set(kernels.list_kernel_ids()) - kernels.spares
            kernels.hand_over(used)
            kernels.notify_connect(used)
            await kernels.cull_kernels()
            assert used in kernels
            kernels.notify_disconnect(used)
            await asyncio.sleep(0.1)
            await kernels.cull_kernels()
            assert used not in kernels

    in_time(check)


def test_kernel_whose_page_cannot_connect_is_kept_while_the_page_asks_for_it(folder: Path) -> None:
    """A network may let the page through and not its websocket: what was set must not be lost."""

    async def check() -> None:
        async with running(folder) as site:
            kernels = site.app.kernel_manager
            kernels.unconnected_timeout = 1
            await site.open()
            (used,) = kernels.list_kernel_ids()
            kernels.hand_over(used)
            for _ in range(3):
                await asyncio.sleep(0.6)
                assert (await site.get(f"/api/kernels/{used}")).code == 200
                await kernels.cull_kernels()
                assert used in kernels
            # Not longer than a page that is connected and not used.
            kernels.cull_idle_timeout = 1
            assert (await site.get(f"/api/kernels/{used}")).code == 200
            await asyncio.sleep(1.2)
            await kernels.cull_kernels()
            assert used not in kernels

    in_time(check)


# --- The command -------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to every process at once")
def test_command_says_where_it_is_and_stops_at_ctrl_c(folder: Path) -> None:
    code = (
        "from retention_lib.views.server import Options, serve; "
        "raise SystemExit(serve(Options(0, open_browser=False)))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "RETENTION_WORKBOOKS": str(folder)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=30)
    assert re.fullmatch(
        r"The workbooks are at http://127\.0\.0\.1:\d+\. Press Ctrl-C to stop\.\n", line
    )
    assert (rest, errors, process.returncode) == ("", "", 0)


def test_port_in_use_is_told_and_ends_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = server.listen(0)
    port = taken.getsockname()[1]
    try:
        assert server.serve(Options(port, open_browser=False, folder=folder)) == 2
    finally:
        taken.close()
    message = capsys.readouterr().err
    assert f"Port {port} is in use." in message
    assert "retention serve --port 8866" in message


def test_impossible_port_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.serve(Options(70_000, open_browser=False, folder=folder)) == 2
    assert "70000 is not a port." in capsys.readouterr().err


def test_folder_without_workbooks_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETENTION_WORKBOOKS", str(tmp_path))
    assert server.serve(Options(open_browser=False)) == 2
    assert str(tmp_path) in capsys.readouterr().err
