"""What a browser is sent: the workbooks' pages, and pages that say in words what is wrong."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from jinja2 import Environment
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from retention_lib.views.serving.guard import Guarded
from retention_lib.views.serving.kernels import TooManyKernelsError
from retention_lib.views.serving.pool import Page, Pool
from retention_lib.views.serving.workbooks import Shelf, Workbook

log = logging.getLogger(__name__)


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
    "The workbooks are busy",
    (
        "As many pages are open as can be kept at once.",
        "Try again in a minute. If you have pages of it open that you no longer need, close them.",
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
FULL_DISK = Message(
    "Sorry, the computer that runs the workbooks has no room left",
    (
        "Its disk is full or may not be written to, so no page can be opened.",
        "Tell whoever looks after the workbooks. Then try again.",
    ),
)
FOREIGN = Message(
    "This server does not answer to that name",
    (
        "The address you used is not one that the workbooks are served under.",
        "Use the address you were given. If this is the right one, whoever looks after the "
        "workbooks must name it when they start them: retention serve --allow-host",
    ),
    again=False,
)
NOT_YOURS = Message(
    "You may not open this page",
    ("You are signed in with an account that may not use it. Ask whoever looks after it.",),
    again=False,
)
MESSAGES: dict[int, Message] = {
    HTTPStatus.FORBIDDEN: NOT_YOURS,
    HTTPStatus.NOT_FOUND: NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: NOT_FOUND,
    HTTPStatus.SERVICE_UNAVAILABLE: TOO_MANY,
}
RETRY_AFTER = 60  # seconds

_NO_ROOM = frozenset({errno.EDQUOT, errno.ENOSPC, errno.EROFS})


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
            front_page=self.shelf.base_url,
            page_config=self.page_config,
        )

    def bottom(self) -> str:
        """Make the rest of a page after what differs."""
        return self.part("bottom.html", front_page=self.shelf.base_url)


class PageHandler(Guarded):
    """A page of ours; its errors are pages in words."""

    def initialize(self, site: Site) -> None:
        """Take what every page needs."""
        self.site = site

    @property
    def content_security_policy(self) -> str:
        """Let a page reach nothing but this server, whatever some package would like to load."""
        scheme = "wss" if self.request.protocol == "https" else "ws"
        return "; ".join(
            [
                "default-src 'none'",
                # Each widget brings its own script and style, which Python hands over as text.
                "script-src 'self' blob:",
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                f"connect-src 'self' {scheme}://{self.request.host}",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            ]
        )

    def get_login_url(self) -> str:
        """Say where a stranger signs in."""
        return str(self.settings["login_url"])

    def write_error(self, status_code: int, **_details: Any) -> None:
        """Say in words what is wrong."""
        message = FOREIGN if self.is_foreign else MESSAGES.get(status_code, FAILED)
        if status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            self.set_header("Retry-After", str(RETRY_AFTER))
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(self.site.top(message.heading, None))
        self.write(self.site.part("message.html", message=message))
        self.finish(self.site.bottom())


class NotFoundHandler(PageHandler):
    """Whatever is not served."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse, whatever the method; a stranger is sent to sign in."""
        await super().prepare()
        if not self._finished:
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
        message = FULL_DISK if any(map(_is_no_room, _chain(error))) else FAILED
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


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_no_room(error: BaseException) -> bool:
    """Tell whether an error says that nothing more can be written."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM
