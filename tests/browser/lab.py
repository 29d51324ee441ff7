"""JupyterLab as `python3 start.py lab` opens it, for tests that look at a workbook there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from start import QUIET_LAB
from tests.browser.tools import HOST, WIDE, Watch, end, free_port, status, wait_for

TOKEN = "for-this-test-alone"  # of a server that lives as long as a test
IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"


@contextmanager
def laboratory(root: Path, folder: Path, notebook: str) -> Iterator[str]:
    """Run JupyterLab on a copy of a workbook, with settings of its own; gives its address."""
    port = free_port()
    shelf = folder / "workbooks"
    shelf.mkdir()
    shutil.copy(root / "workbooks" / notebook, shelf)
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    own = {name: str(folder / place) for name, place in places.items()}
    options = [
        *QUIET_LAB,
        "--LabApp.expose_app_in_browser=True",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={shelf}",
        "--ServerApp.open_browser=False",
        "--allow-root",
    ]
    with (folder / "log").open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=root,
            env={**os.environ, **own, "PYTHONPATH": str(root)},
            stderr=subprocess.STDOUT,
            stdout=stream,
        )
    address = f"http://{HOST}:{port}"
    try:
        wait_for(
            lambda: process.poll() is not None or status(f"{address}/api?token={TOKEN}") == 200,
            "JupyterLab to answer",
            60,
        )
        assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
        yield f"{address}/lab/tree/{notebook}?token={TOKEN}"
    finally:
        end(process)


@contextmanager
def lab_page(root: Path, folder: Path, notebook: str, browser: Browser) -> Iterator[Page]:
    """Open a workbook in JupyterLab and run it; it must ask nobody else for anything."""
    with laboratory(root, folder, notebook) as address:
        context = browser.new_context(locale="en-GB", viewport=WIDE, accept_downloads=True)
        page, watch = context.new_page(), Watch()
        watch.follow(page)
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        # Run before there is a kernel, a notebook would ask which one is meant.
        page.wait_for_function(IDLE, timeout=60_000)
        page.evaluate(RUN_ALL)
        page.wait_for_selector(".rw-page .rw-takeaway", timeout=60_000)
        yield page
        context.close()
        assert watch.foreign() == []
