"""What a browser is sent: the workbooks' pages, and pages that say in words what is wrong."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from jinja2 import Environment
from jupyter_server.base.handlers import JupyterHandler
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from voila.static_file_handler import MultiStaticFileHandler

from retention_lib.views.serving.kernels import TooManyKernelsError
from retention_lib.views.serving.pool import Page, Pool
from retention_lib.views.serving.workbooks import Shelf, Workbook

log = logging.getLogger(__name__)

FRONT_PAGE = "/"


@dataclass(frozen=True)
class Message:
    """What to tell a visitor who cannot have the page.

    Attributes:
        heading: what is wrong.
        sentences: the rest.
        again: whether to offer to try again.
    """

    heading: str
    sentences: tuple[str, ...]
    again: bool = True


TOO_MANY = Message(
    "Too many workbooks are open",
    (
        "This computer can keep no more of them ready at once.",
        "Close a workbook that you no longer need, wait a minute, then try again.",
    ),
)
NOT_FOUND = Message(
    "Page not found",
    (
        "If you typed the address, check that it is correct.",
        "Otherwise choose a workbook from the list at the top of this page.",
    ),
    again=False,
)
FAILED = Message(
    "Sorry, there is a problem with this workbook",
    (
        "It could not be started. Try again.",
        "If this happens again, tell whoever looks after the workbooks: the window in which they "
        "were started says more.",
    ),
)
MESSAGES: dict[int, Message] = {
    HTTPStatus.NOT_FOUND: NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: NOT_FOUND,
    HTTPStatus.SERVICE_UNAVAILABLE: TOO_MANY,
}


@dataclass(frozen=True)
class Site:
    """What every page needs.

    Attributes:
        shelf: the workbooks.
        pool: where a workbook's page comes from.
        templates: the parts of a page.
        page_config: what Voilà's script in the browser reads.
        assets: the addresses of our style sheet and script.
    """

    shelf: Shelf
    pool: Pool
    templates: Environment
    page_config: dict[str, Any]
    assets: dict[str, str]

    def part(self, name: str, **values: Any) -> str:
        """Make a part of a page."""
        return self.templates.get_template(name).render(assets=self.assets, **values)

    def top(self, title: str, workbook: Workbook | None) -> str:
        """Make a page's top, as far as what differs: its head, the navigation and the heading."""
        return self.part(
            "top.html",
            title=title,
            workbook=workbook,
            workbooks=self.shelf.workbooks(),
            front_page=FRONT_PAGE,
            page_config=self.page_config,
        )

    def bottom(self) -> str:
        """Make the rest of a page after what differs."""
        return self.part("bottom.html", front_page=FRONT_PAGE)


class PageHandler(JupyterHandler):
    """A page of ours; its errors are pages in words."""

    def initialize(self, site: Site) -> None:
        """Take what every page needs."""
        self.site = site

    @property
    def content_security_policy(self) -> str:
        """Let a page reach nothing but this server, whatever some package would like to load."""
        socket = f"ws://{self.request.host}"
        return "; ".join(
            [
                "default-src 'self'",
                "script-src 'self' blob:",
                "style-src 'self' 'unsafe-inline' blob:",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                f"connect-src 'self' blob: {socket}",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'self'",
                "object-src 'none'",
            ]
        )

    def write_error(self, status_code: int, **_details: Any) -> None:
        """Say in words what is wrong."""
        message = MESSAGES.get(status_code, FAILED)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(self.site.top(message.heading, None))
        self.write(self.site.part("message.html", message=message))
        self.finish(self.site.bottom())


class NotFoundHandler(PageHandler):
    """Whatever is not served."""

    def prepare(self) -> None:  # type: ignore[override]
        """Refuse, whatever the method."""
        raise HTTPError(404)


class FrontPageHandler(PageHandler):
    """The address without a path."""

    def get(self) -> None:
        """Lead on to the first workbook."""
        workbooks = self.site.shelf.workbooks()
        if not workbooks:
            raise HTTPError(404)
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(workbooks[0].address + query)


class WorkbookHandler(PageHandler):
    """A workbook."""

    async def get(self, file: str) -> None:
        """Send a workbook's page: its top at once, then what the notebook makes, as it comes."""
        workbook = self.site.shelf.find(file)
        if not workbook:
            raise HTTPError(404)
        coming = self.site.pool.take(workbook)
        try:
            with self.site.pool.visit():
                self.set_header("Content-Type", "text/html; charset=utf-8")
                self.set_header("Cache-Control", "no-store")
                self.write(self.site.top(workbook.title, workbook))
                await self.flush()
                await self._send(await coming)
                self.finish(self.site.bottom())
        except Exception as error:
            self.site.pool.throw_away(coming)
            self._give_up(workbook, error)

    def _give_up(self, workbook: Workbook, error: Exception) -> None:
        """Say on a page that is half sent that no more will come, unless nobody is there."""
        if isinstance(error, StreamClosedError):
            return
        message = FAILED
        if isinstance(error, TooManyKernelsError):
            message = TOO_MANY
        else:
            log.error("The workbook %s could not be shown.", workbook.file, exc_info=error)
        self.write(self.site.part("message.html", message=message, in_page=True))
        self.finish(self.site.bottom())

    async def _send(self, page: Page) -> None:
        """Send what the notebook makes, piece by piece."""
        async for piece in page.pieces():
            self.write(piece)
            await self.flush()


class AssetHandler(MultiStaticFileHandler):  # type: ignore[misc]
    """Style sheets, scripts and fonts, at addresses that change when they do."""

    def set_extra_headers(self, _path: str) -> None:
        """Let the browser keep a file without asking again."""
        self.set_header("Cache-Control", "max-age=31536000, immutable")
