"""One person's workbooks behind JupyterHub: the apps alone, for whom the hub says.

JupyterHub starts it as that person's server, in place of JupyterLab. It needs the extra `hub`.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyterhub import __version__ as hub_version
from jupyterhub.services.auth import HubOAuth
from jupyterhub.singleuser.extension import (
    JupyterHubIdentityProvider,
    JupyterHubLogoutHandler,
    JupyterHubOAuthCallbackHandler,
)
from jupyterhub.utils import get_browser_protocol
from traitlets import default

from retention_lib.views.server import FAILED, ServeError, find_folder, listen, stop_signal
from retention_lib.views.serving.app import WorkbookServer
from retention_lib.views.serving.logs import start_logging
from retention_lib.views.serving.settings import Settings, SignIn

# What JupyterHub tells the servers that it starts, in the environment.
URL = "JUPYTERHUB_SERVICE_URL"
PREFIX = "JUPYTERHUB_SERVICE_PREFIX"
TOKEN = "JUPYTERHUB_API_TOKEN"

# Where to listen if it does not say: a container has one address, and it is not known beforehand.
EVERYWHERE = "0.0.0.0"
PORT = 8888

PAGES = 8
"""How many pages one person may have open at once, those that are being left among them."""

NO_HUB = (
    "JupyterHub starts this for each person who signs in; it is not a command to type. "
    "To open the workbooks on this computer: retention serve"
)


class Visitor(JupyterHubIdentityProvider):  # type: ignore[misc]
    """Knows whoever has signed in to JupyterHub and may use this person's server; nobody else."""

    @default("hub_auth")
    def _one_for_all(self) -> HubOAuth:
        return HubOAuth.instance()

    async def get_user(self, handler: Any) -> Any:
        """Give who asks, or None for who may not."""
        # The hub's proxy adds its own plain connection to what a proxy for TLS before it said,
        # and Tornado believes the last. Pages tell their origin by how the browser came.
        handler.request.protocol = get_browser_protocol(handler.request)
        handler.set_default_headers()
        return await super().get_user(handler)


def sign_in() -> SignIn:
    """Say how a visitor signs in: at the hub, which sends them back to `oauth_callback`."""
    hub = HubOAuth.instance()
    return SignIn(
        identity=Visitor,
        handlers=(
            (r"oauth_callback", JupyterHubOAuthCallbackHandler, {"hub_auth": hub}),
            (r"logout", JupyterHubLogoutHandler),
        ),
        options={
            # The hub's proxy decides which names this is reached by.
            "allow_remote_access": True,
            "cookie_secret": secrets.token_bytes(),
            "headers": {"X-JupyterHub-Version": hub_version},
        },
        login_url=hub.login_url,
    )


def settings(folder: Path, prefix: str) -> Settings:
    """Choose how one person's workbooks are served.

    No page is kept ready: every person would hold one of each workbook, used or not.

    Args:
        folder: the workbooks' folder.
        prefix: what this person's addresses start with.
    """
    return Settings(
        folder=folder,
        warm=0,
        max_kernels=PAGES,
        base_url=prefix,
        sign_in=sign_in(),
        behind_proxy=True,
    )


def serve(environment: Mapping[str, str], folder: Path | None = None) -> int:
    """Serve the workbooks to one person until the hub says stop.

    Args:
        environment: what the hub told this server.
        folder: the workbooks' folder, if not RETENTION_WORKBOOKS or the project's own.

    Returns:
        the exit code: 0, or 2 with one readable message on standard error.
    """
    try:
        if not all(environment.get(name) for name in (URL, PREFIX, TOKEN)):
            raise ServeError(NO_HUB)
        where = urlsplit(environment[URL])
        chosen = settings(find_folder(folder), environment[PREFIX])
        taken = listen(where.port or PORT, where.hostname or EVERYWHERE)
    except ServeError as error:
        print(error, file=sys.stderr)
        return FAILED
    start_logging(None)

    async def run() -> None:
        with stop_signal() as stopped:
            await WorkbookServer(chosen).run(taken, lambda: None, stopped)

    asyncio.run(run())
    return 0


if __name__ == "__main__":
    raise SystemExit(serve(os.environ))
