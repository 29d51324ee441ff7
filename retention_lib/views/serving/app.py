"""The server: Voilà, told to serve our pages to this computer and nothing else to anyone."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.httpserver import HTTPServer
from tornado.web import Application
from voila import __version__ as voila_version
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.notebook_renderer import NotebookRenderer
from voila.paths import collect_static_paths
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import get_page_config

from retention_lib.paths import ROOT
from retention_lib.views.serving.pages import (
    AssetHandler,
    FrontPageHandler,
    NotFoundHandler,
    Site,
    WorkbookHandler,
)
from retention_lib.views.serving.pool import Pool
from retention_lib.views.serving.settings import (
    MESSAGE_LIMIT,
    Settings,
    local_transport,
    runtime_folder,
    voila_config,
)
from retention_lib.views.serving.workbooks import Shelf

TEMPLATE = Path(__file__).parent / "template"
# The version is in the address, so that a browser may keep what it has until Voilà changes.
ASSETS = f"/voila/static/{voila_version}"

_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


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
        files = assets()
        page_config |= {
            "fullMathjaxUrl": files["no-formulas.js"],
            "fullStaticUrl": ASSETS,
            "mathjaxConfig": "none",
        }
        pool = Pool(
            self.shelf, self.kernel_manager, self.make_renderer, self.kernel_environment, self.warm
        )
        templates = self.app.settings["voila_jinja2_env"]
        return Site(self.shelf, pool, templates, page_config, files)

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

    async def run(
        self, taken: socket.socket, ready: Callable[[], None], stopped: asyncio.Event
    ) -> None:
        """Serve until told to stop, then end every kernel.

        Args:
            taken: where to listen.
            ready: called once pages can be asked for.
            stopped: tells to stop.
        """
        self.app = Application(**self.init_settings())
        self.site = self.init_site()
        self.app.add_handlers(".*$", self.init_handlers())
        server = HTTPServer(self.app)
        server.add_socket(taken)
        filling = asyncio.ensure_future(self.site.pool.keep_filled())
        try:
            ready()
            await stopped.wait()
        finally:
            filling.cancel()
            server.stop()
            await self.kernel_manager.close()
            shutil.rmtree(self.folder, ignore_errors=True)
