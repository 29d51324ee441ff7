"""What every answer has in common: who may ask, which headers it carries, what is logged of it."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError

log = logging.getLogger(__name__)

# A page asks this computer for nothing but what it shows and writes to the clipboard.
_UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "serial", "usb")

SAFE_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in _UNUSED),
    # A link holds the scenario: no other server is to learn where a visitor came from.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer carries."""

NOTHING = "; ".join(
    f"{one} 'none'" for one in ("default-src", "base-uri", "form-action", "frame-ancestors")
)
"""The content security policy of what is no page."""

ONE_YEAR = 365 * 24 * 60 * 60  # seconds

_PLAIN_HOST = re.compile(r"[A-Za-z0-9.:_\[\]-]{1,253}")
_FOREIGN = (
    "Refused a request for the name %s. If that is a name of this server, start it with "
    "--allow-host and the name."
)


def bare_host(host: str) -> str:
    """Give the name or number of a Host header: without its port and brackets, in small letters.

    Example:
        >>> [bare_host(one) for one in ("Example.org:8866", "[::1]:80", "127.0.0.1")]
        ['example.org', '::1', '127.0.0.1']
    """
    return re.sub(r":\d+$", "", host).strip("[]").rstrip(".").lower()


def is_loopback(host: str) -> bool:
    """Tell whether a host is this computer itself.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("10.0.0.1")
        (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Guarded(JupyterHandler):
    """What answers at an address; it refuses strange names, origins and strangers.

    A handler that anyone may ask marks its method with Jupyter's `allow_unauthenticated`.
    """

    is_foreign = False  # whether it was asked for under a name that is not ours
    _sent = 0

    @property
    def bytes_sent(self) -> int:
        """How much was sent, without the headers."""
        return self._sent

    @property
    def content_security_policy(self) -> str:
        """Say what a browser may do with this answer: unless it is a page, nothing."""
        return NOTHING

    def set_default_headers(self) -> None:
        """Set what every answer carries, errors too, and do not say what server this is."""
        self.clear_header("Server")
        for name, value in {**self.settings.get("headers", {}), **SAFE_HEADERS}.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", self.content_security_policy)
        if self.settings.get("behind_proxy") and self.request.protocol == "https":
            self.set_header("Strict-Transport-Security", f"max-age={ONE_YEAR}")

    def set_cors_headers(self) -> None:
        """Let no page of another origin read an answer."""

    def check_host(self) -> bool:
        """Tell whether the name asked for is ours, so that no other name can be led here."""
        if self.settings.get("allow_remote_access"):
            return True
        host = bare_host(self.request.host)
        ours = is_loopback(host) or host in self.settings["names"] or host == self._own_address()
        self.is_foreign = not ours
        if not ours:
            log.warning(_FOREIGN, host if _PLAIN_HOST.fullmatch(host) else "(unreadable)")
        return ours

    def check_origin(self, origin_to_satisfy_tornado: str = "") -> bool:
        """Tell whether what asks for a change is a page of ours.

        Because pages tell nobody where a request comes from, a browser may call it `null`; then
        the token that only our pages can read decides, which Tornado checks next.
        """
        origin = self.request.headers.get("Origin")
        return origin in (None, "null") or origin == self.own_origin

    @property
    def own_origin(self) -> str:
        """Where our pages are, as a browser names it."""
        return f"{self.request.protocol}://{self.request.host.lower()}"

    def get_login_url(self) -> str:
        """Send nobody away to sign in who asked for no page: Tornado would."""
        raise HTTPError(403)

    def write_error(self, status_code: int, **_details: Any) -> None:
        """Say what is wrong, and nothing of how it came about."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        self.finish({"message": HTTPStatus(status_code).phrase})

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log what went wrong, without the address's query and who asked."""
        if not isinstance(value, HTTPError):
            where = (self.request.method, self.request.path)
            log.error("%s %s could not be answered.", *where, exc_info=(typ, value, tb))

    def flush(self, include_footers: bool = False) -> Any:
        """Send what was written, and count it."""
        self._sent += sum(map(len, self._write_buffer))
        return super().flush(include_footers)

    def _own_address(self) -> str:
        """Give the address of this computer at which the request arrived."""
        stream = getattr(self.request.connection, "stream", None)
        try:
            return str(stream.socket.getsockname()[0])  # type: ignore[union-attr]
        except (AttributeError, OSError, IndexError):
            return ""
