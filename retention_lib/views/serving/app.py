"""The server: Voilà, told to serve our pages to this computer and nothing else to anyone."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application
from voila import __version__ as voila_version
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.paths import collect_static_paths
from voila.utils import get_page_config

from retention_lib.views.serving.api import EndHandler, HealthHandler, KernelHandler
from retention_lib.views.serving.bundle import VOILA
from retention_lib.views.serving.channels import ChannelsHandler
from retention_lib.views.serving.files import FileHandler, Files
from retention_lib.views.serving.forked import Nursery, with_library
from retention_lib.views.serving.guard import SAFE_HEADERS
from retention_lib.views.serving.logs import LineFormatter, log_request
from retention_lib.views.serving.pages import (
    FrontPageHandler,
    NotFoundHandler,
    Site,
    WorkbookHandler,
)
from retention_lib.views.serving.pool import Pool
from retention_lib.views.serving.renderer import Renderer
from retention_lib.views.serving.settings import (
    EXTENSIONS,
    MESSAGE_LIMIT,
    Settings,
    local_transport,
    runtime_folder,
    voila_config,
)
from retention_lib.views.serving.statement import StatementHandler
from retention_lib.views.serving.workbooks import Shelf

TEMPLATE = Path(__file__).parent / "template"

_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"

# What is posted is one short token; everything else a page sends goes by its websocket.
BODY_LIMIT = 64 * 1024  # bytes
BODY_TIMEOUT = 10  # seconds
IDLE_TIMEOUT = 60  # seconds, and the longest that the headers of a request may take


class WorkbookServer(Voila):  # type: ignore[misc]
    """Voilà with our pages, our kernels and our handlers, and without its own."""

    def __init__(self, settings: Settings, nursery: Nursery | None = None) -> None:
        """Make a server.

        Args:
            settings: what was chosen.
            nursery: the warm process, where it has been started already.
        """
        self._nursery = nursery
        self.folder = runtime_folder()
        super().__init__(config=voila_config(settings, local_transport(self.folder)))
        self.chosen = settings
        self.shelf = Shelf(settings.folder, settings.base_url)
        self.connection_dir = str(self.folder)
        # Voilà would read the command line and whatever voila.json lies about.
        self._init_asyncio_patch()
        self.voila_configuration = VoilaConfiguration(parent=self)
        self.template_paths = [str(TEMPLATE)]
        for handler in self.log.handlers:
            handler.setFormatter(LineFormatter())

    def init_settings(self) -> dict[str, Any]:
        """Give the settings of the web server."""
        settings: dict[str, Any] = super().init_settings()
        # A page elsewhere that gets its name to point here must not be answered.
        settings["allow_remote_access"] = False
        settings["behind_proxy"] = self.chosen.behind_proxy
        settings["log_function"] = log_request
        settings["names"] = frozenset(self.chosen.names)
        settings["websocket_max_message_size"] = MESSAGE_LIMIT
        sign_in = self.chosen.sign_in
        settings["login_url"] = sign_in.login_url or f"{self.base_url}login"
        settings |= sign_in.options
        # For what answers without our own handlers.
        settings["headers"] = {**SAFE_HEADERS, **settings.get("headers", {})}
        return settings

    def find_files(self) -> Files:
        """Find the files that pages load: ours, Voilà's, and the extensions' that are allowed."""
        found = {}
        for name in EXTENSIONS:
            places = (Path(path) / name / "static" for path in self.labextensions_path)
            found[name] = next(place for place in places if place.is_dir())
        # Of the folders that Voilà looks into, the one that holds its script.
        folders = map(Path, collect_static_paths(["voila"], "base"))
        voila = next(folder for folder in folders if (folder / VOILA).is_file())
        return Files(TEMPLATE / "static", TEMPLATE / "live", voila, voila_version, found)

    def init_site(self) -> Site:
        """Make what the pages are made of."""
        page_config = get_page_config(
            base_url=self.base_url,
            settings=self.app.settings,
            log=self.log,
            voila_configuration=self.voila_configuration,
        )
        assets = self.files.addresses(self.base_url)
        page_config |= {
            "fullMathjaxUrl": assets["no-formulas.js"],
            "fullStaticUrl": f"{self.base_url}{self.files.folder}",
            "mathjaxConfig": "none",
            "themesUrl": f"{self.base_url}voila/api/themes",
        }
        pool = Pool(
            self.shelf,
            self.kernel_manager,
            self.make_renderer,
            self.kernel_environment,
            self.chosen.warm,
        )
        templates = self.app.settings["voila_jinja2_env"]
        return Site(self.shelf, pool, templates, page_config, assets)

    def init_handlers(self) -> list[Any]:
        """Give what answers at which address; whatever is not named is not found."""
        page = {"site": self.site}
        base = re.escape(self.base_url)
        found = [
            *self.chosen.sign_in.handlers,
            (r"", FrontPageHandler, page),
            (r"accessibility", StatementHandler, page),
            (r"voila/render/([^/]+)", WorkbookHandler, page),
            (rf"api/kernels/{_KERNEL}", KernelHandler),
            (rf"api/kernels/{_KERNEL}/channels", ChannelsHandler),
            (rf"voila/api/shutdown/{_KERNEL}", EndHandler),
            (r"health", HealthHandler, page),
            (r"(voila/(?:static|labextensions)/.*)", FileHandler, {"files": self.files}),
        ]
        return [
            *((base + path, *rest) for path, *rest in found),
            (base.removesuffix("/"), FrontPageHandler, page),
            (r".*", NotFoundHandler, page),
        ]

    def make_renderer(self, file: str) -> Any:
        """Make what runs a notebook and turns it into a page."""
        renderer = Renderer(
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
        return {
            **with_library(os.environ),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
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
        if self._nursery:
            self.kernel_manager.nursery = self._nursery
        self.files = self.find_files()
        self.site = self.init_site()
        self.app.add_handlers(".*$", self.init_handlers())
        server = HTTPServer(
            self.app,
            xheaders=self.chosen.behind_proxy,
            body_timeout=BODY_TIMEOUT,
            idle_connection_timeout=IDLE_TIMEOUT,
            max_body_size=BODY_LIMIT,
            # A message of a websocket is held in the same place as a request.
            max_buffer_size=MESSAGE_LIMIT + BODY_LIMIT,
        )
        server.add_socket(taken)
        filling = asyncio.ensure_future(self.site.pool.keep_filled())
        packing = asyncio.ensure_future(asyncio.to_thread(self.files.pack))
        try:
            ready()
            await stopped.wait()
        finally:
            filling.cancel()
            packing.cancel()
            server.stop()
            await self.kernel_manager.close()
            shutil.rmtree(self.folder, ignore_errors=True)
