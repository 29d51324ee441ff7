"""What the server is told: by whoever starts it, and by us against Voilà's defaults."""

from __future__ import annotations

import logging
import os
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq
from jupyter_server.auth.identity import IdentityProvider, User
from traitlets.config import Config

from retention_lib.views.serving.kernels import OwnKernelSpecManager, WorkbookKernelManager

# Bytes of the largest message a browser may send. A widget that takes a file must refuse a larger
# one itself, in words: past this limit the connection just ends.
MESSAGE_LIMIT = 16 * 1024 * 1024

# What Voilà loads in the browser. Left alone it loads every extension of JupyterLab it finds.
EXTENSIONS = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]


class NobodyInParticular(IdentityProvider):
    """Lets in whoever uses this computer, and sets no cookie to know them by."""

    def get_user(self, handler: Any) -> User:
        """Give the same user to everyone."""
        return User("visitor")


@dataclass(frozen=True)
class SignIn:
    """How the server knows who asks; whoever it does not know is refused everything but health.

    Attributes:
        identity: knows a visitor by the request, or gives None.
        handlers: more addresses, after the base URL, as Tornado takes them. They answer before
            ours do, and must answer those who are not signed in yet.
        options: more settings of the web application.
        login_url: where to send who is not signed in; else after the base URL, `login`.
    """

    identity: type[IdentityProvider] = NobodyInParticular
    handlers: tuple[tuple[Any, ...], ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    login_url: str = ""


@dataclass(frozen=True)
class Settings:
    """What can be chosen.

    Attributes:
        folder: where the workbooks are.
        warm: how many pages of each workbook are kept ready.
        max_kernels: how many pages, open and ready, there may be at once.
        base_url: what every address starts with; it starts and ends with a slash.
        sign_in: how the server knows who asks.
        names: the names that pages may be asked under besides this computer's own, in small
            letters. The address at which a request arrives needs no naming.
        behind_proxy: whether a proxy stands before it that says how pages were asked for.
        forked: whether pages start from one warm process, where that can be done.
    """

    folder: Path
    warm: int = 1
    max_kernels: int = 16
    base_url: str = "/"
    sign_in: SignIn = field(default_factory=SignIn)
    names: tuple[str, ...] = ()
    behind_proxy: bool = False
    forked: bool = True


def voila_config(settings: Settings, transport: str) -> Config:
    """Give the settings of Voilà and of what it uses."""
    return Config(
        {
            "Voila": {
                "base_url": settings.base_url,
                "identity_provider_class": settings.sign_in.identity,
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
                "forked": settings.forked,
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
