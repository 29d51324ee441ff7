"""The server: Voilà, told to serve our pages to this computer and nothing else to anyone."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import shutil
import signal
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.httpserver import HTTPServer
from tornado.web import Application
from traitlets.config import Config
from voila import __version__ as voila_version
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.notebook_renderer import NotebookRenderer
from voila.paths import collect_static_paths
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import get_page_config

from retention_lib.paths import ROOT
from retention_lib.views.serving.kernels import OwnKernelSpecManager, WorkbookKernelManager
from retention_lib.views.serving.pages import (
    AssetHandler,
    FrontPageHandler,
    NotFoundHandler,
    Site,
    WorkbookHandler,
)
from retention_lib.views.serving.pool import Pool
from retention_lib.views.serving.workbooks import Shelf

TEMPLATE = Path(__file__).parent / "template"
# The version is in the address, so that a browser may keep what it has until Voilà changes.
ASSETS = f"/voila/static/{voila_version}"

# The largest message a browser may send. A widget that takes a file must refuse a larger one
# itself, in words: past this limit the connection just ends.
MESSAGE_LIMIT = 32 * 1024 * 1024

# What Voilà loads in the browser. Left alone it loads every extension of JupyterLab it finds.
EXTENSIONS = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]

# Of Windows and of the others.
STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")

_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


class NobodyInParticular(IdentityProvider):
    """Lets in whoever uses this computer, and sets no cookie to know them by."""

    def get_user(self, handler: Any) -> User:
        """Give the same user to everyone."""
        return User("visitor")


@dataclass(frozen=True)
class Settings:
    """What can be chosen.

    Attributes:
        folder: where the workbooks are.
        warm: how many pages of each workbook are kept ready.
        max_kernels: how many pages, open and ready, there may be at once.
    """

    folder: Path
    warm: int = 1
    max_kernels: int = 16


def voila_config(settings: Settings, transport: str) -> Config:
    """Give the settings of Voilà and of what it uses."""
    return Config(
        {
            "Voila": {
                "identity_provider_class": NobodyInParticular,
                "log_format": "%(message)s",
                "log_level": logging.ERROR,
                "root_dir": str(settings.folder),
            },
            "VoilaConfiguration": {
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "extension_allowlist": EXTENSIONS,
                "kernel_spec_manager_class": OwnKernelSpecManager,
                "multi_kernel_manager_class": WorkbookKernelManager,
                "show_tracebacks": False,
                "template": "retention",
                "theme": "light",
            },
            "WorkbookKernelManager": {
                # A page that is looked at now and then during an afternoon stays alive.
                "cull_idle_timeout": 4 * 60 * 60,
                "cull_interval": 30,
                "max_kernels": settings.max_kernels,
            },
            "KernelManager": {"transport": transport},
            # A kernel that died has lost what the page shows: to start it again without a word
            # would leave controls that do nothing. Without it, the page learns that it is dead.
            "KernelRestarter": {"restart_limit": 0},
        }
    )


def runtime_folder() -> Path:
    """Make a private folder for the kernels' sockets, with the short path that sockets need."""
    parent = "/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="retention-", dir=parent))


def local_transport(folder: Path) -> str:
    """Choose how the server talks to kernels: by sockets in a private folder where that works.

    TCP ports, the other way, can be reached by everyone who uses this computer.
    """
    if os.name != "posix":
        return "tcp"
    try:
        with zmq.Context() as context, context.socket(zmq.REP) as trial:
            trial.bind(f"ipc://{folder}/kernel-{uuid.uuid4()}-ipc-1")
    except zmq.ZMQError:
        return "tcp"
    return "ipc"


def assets() -> dict[str, str]:
    """Give the addresses of our own files; each changes with its file, so it may be kept."""
    found = {}
    for path in sorted((TEMPLATE / "static").iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        found[path.name] = f"{ASSETS}/{path.name}?v={digest}"
    return found


class WorkbookServer(Voila):  # type: ignore[misc]
    """Voilà with our pages, our kernels and our handlers, and without its own."""

    def __init__(self, settings: Settings) -> None:
        self.folder = runtime_folder()
        super().__init__(config=voila_config(settings, local_transport(self.folder)))
        self.shelf = Shelf(settings.folder)
        self.warm = settings.warm
        self.connection_dir = str(self.folder)
        # Voilà would read the command line and whatever voila.json lies about.
        self._init_asyncio_patch()
        self.voila_configuration = VoilaConfiguration(parent=self)
        self.template_paths = [str(TEMPLATE)]
        self.static_paths = [str(TEMPLATE / "static"), *collect_static_paths(["voila"], "base")]

    def init_settings(self) -> dict[str, Any]:
        """Give the settings of the web server."""
        settings: dict[str, Any] = super().init_settings()
        # A page elsewhere that gets its name to point here must not be answered.
        settings["allow_remote_access"] = False
        settings["websocket_max_message_size"] = MESSAGE_LIMIT
        return settings

    def init_site(self) -> Site:
        """Make what the pages are made of."""
        page_config = get_page_config(
            base_url=self.base_url,
            settings=self.app.settings,
            log=self.log,
            voila_configuration=self.voila_configuration,
        )
        page_config["fullStaticUrl"] = ASSETS
        pool = Pool(
            self.shelf, self.kernel_manager, self.make_renderer, self.kernel_environment, self.warm
        )
        templates = self.app.settings["voila_jinja2_env"]
        return Site(self.shelf, pool, templates, page_config, assets())

    def init_handlers(self) -> list[Any]:
        """Give what answers at which address; whatever is not named is not found."""
        page = {"site": self.site}
        return [
            ("/", FrontPageHandler, page),
            (r"/voila/render/([^/]+)", WorkbookHandler, page),
            (rf"/api/kernels/{_KERNEL}", KernelHandler),
            (rf"/api/kernels/{_KERNEL}/channels", VoilaKernelWebsocketHandler),
            (rf"/voila/api/shutdown/{_KERNEL}", VoilaShutdownKernelHandler),
            (rf"{ASSETS}/(.*)", AssetHandler, {"paths": self.static_paths}),
            (r"/voila/labextensions/(.*)", FileFindHandler, {"path": self.labextensions_path}),
            (r".*", NotFoundHandler, page),
        ]

    def make_renderer(self, file: str) -> Any:
        """Make what runs a notebook and turns it into a page."""
        renderer = NotebookRenderer(
            base_url=self.base_url,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            kernel_spec_manager=self.kernel_spec_manager,
            notebook_path=file,
            page_config={},
            template_paths=self.template_paths,
            traitlet_config=self.config,
            voila_configuration=self.voila_configuration,
        )
        renderer.log = self.log
        return renderer

    def kernel_environment(self) -> dict[str, str]:
        """Give a kernel's environment: our library, nobody's start-up files, no visitor's data."""
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        return {
            **os.environ,
            "IPYTHONDIR": str(self.folder / "ipython"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYTHONPATH": path,
            "SERVER_SOFTWARE": f"voila/{voila_version}",
        }

    async def run(self, sockets: list[socket.socket], ready: Callable[[], None]) -> None:
        """Serve until a signal says to stop, then end every kernel.

        Args:
            sockets: where to listen.
            ready: called once pages can be asked for.
        """
        self.app = Application(**self.init_settings())
        self.site = self.init_site()
        self.app.add_handlers(".*$", self.init_handlers())
        server = HTTPServer(self.app)
        server.add_sockets(sockets)
        filling = asyncio.ensure_future(self.site.pool.keep_filled())
        try:
            with stop_signal() as stopped:
                ready()
                await stopped.wait()
        finally:
            filling.cancel()
            server.stop()
            await self.kernel_manager.shutdown_all(now=True)
            shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def stop_signal() -> Iterator[asyncio.Event]:
    """Give an event that comes when this process is told to stop; told again, it stops at once."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    numbers = [getattr(signal, name) for name in STOP_SIGNALS if hasattr(signal, name)]

    def restore() -> None:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

    def stop(_number: int, _frame: Any) -> None:
        restore()
        loop.call_soon_threadsafe(stopped.set)

    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield stopped
    finally:
        restore()
