"""What is measured: how each app is started, and where its slider, answer and pictures are."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peers.model import LEVERS
from benchmarks.run import HOST, REFILL, WORKBOOKS

LEVER = LEVERS[5]
_OURS = WORKBOOKS[0]


@dataclass(frozen=True)
class App:
    """One app, as it is started and as its page is read.

    `start` gives the command from an interpreter and a port. `default` is what the environment
    needs so that the app runs as its documentation's default; `offline` what makes it ask nobody
    else, empty where the default asks nobody.
    """

    name: str
    packages: tuple[str, ...]
    start: Callable[[str, int], list[str]]
    path: str
    slider: str
    answer: str
    picture: str
    nth: int = 0
    ready: str = "body"
    rest: float = 2.0  # seconds after which the server is as it was before a visitor came
    default: Mapping[str, str] = field(default_factory=dict)
    offline: Mapping[str, str] = field(default_factory=dict)
    offline_words: str = ""
    is_ours: bool = False

    def places(self) -> dict[str, object]:
        """Give what the recorder in the page needs to know."""
        return {
            "slider": self.slider,
            "nth": self.nth,
            "answer": self.answer,
            "picture": self.picture,
            "ready": self.ready,
        }


def _retention(python: str, port: int) -> list[str]:
    code = "import sys; from retention_lib.cli import main; sys.exit(main())"
    return [python, "-c", code, "serve", "--port", str(port), "--no-browser"]


def _dash(python: str, port: int) -> list[str]:
    one = ["--workers", "1", "--threads", "4", "--no-control-socket"]
    return [python, "-m", "gunicorn", *one, "--bind", f"{HOST}:{port}", "dash_app:server"]


def _streamlit(python: str, port: int) -> list[str]:
    where = ["--server.address", HOST, "--server.port", str(port), "--server.headless", "true"]
    still = ["--server.fileWatcherType", "none"]
    return [python, "-m", "streamlit", "run", "streamlit_app.py", *where, *still]


def _panel(python: str, port: int) -> list[str]:
    where = ["--address", HOST, "--port", str(port)]
    return [python, "-m", "panel", "serve", "panel_app.py", *where]


def _solara(python: str, port: int) -> list[str]:
    where = ["--host", HOST, "--port", str(port), "--no-open"]
    return [python, "-m", "solara", "run", "solara_app.py", "--production", *where]


APPS = (
    App(
        name="retention",
        packages=("retention-workbook", "voila"),
        start=_retention,
        path=_OURS.path,
        slider=f'input[aria-label="{_OURS.lever}"]',
        answer=".rw-answer",
        picture="figure .rw-drawing svg",
        ready="body[data-ready]",
        rest=REFILL,
        is_ours=True,
    ),
    App(
        name="dash",
        packages=("dash", "gunicorn"),
        start=_dash,
        path="/",
        slider="[role=slider]",
        nth=LEVERS.index(LEVER),
        answer="#answer",
        picture="img.picture[src]",
    ),
    App(
        name="streamlit",
        packages=("streamlit",),
        start=_streamlit,
        path="/",
        slider=f'input[type=range][aria-label="{LEVER.label}"]',
        answer=".st-key-answer",
        picture="[data-testid=stImage] img",
        offline={"STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"},
        offline_words="browser.gatherUsageStats = false",
    ),
    App(
        name="panel",
        packages=("panel",),
        start=_panel,
        path="/panel_app",
        slider="[role=slider]",
        nth=LEVERS.index(LEVER),
        answer=".answer",
        picture="svg[aria-labelledby$='-reading']",
    ),
    App(
        name="solara",
        packages=("solara", "ipyvuetify"),
        start=_solara,
        path="/",
        slider=f'[role=slider][aria-label="{LEVER.label}"]',
        answer=".answer",
        picture="svg[aria-labelledby$='-reading']",
        default={
            "SOLARA_ASSETS_PROXY_CACHE_DIR": str(Path(tempfile.gettempdir()) / "peers-no-assets")
        },
        offline={"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false"},
        offline_words="the package solara-assets and SOLARA_TELEMETRY_MIXPANEL_ENABLE=false",
    ),
)
