"""What is asked by machines: a page whether its kernel lives, a proxy whether the server does."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_server.auth.decorator import allow_unauthenticated

from retention_lib.figures import release
from retention_lib.version import VERSION
from retention_lib.views.serving.guard import Guarded
from retention_lib.views.serving.pages import Site


class KernelHandler(Guarded):
    """Whether a page's kernel lives; only the page knows its name."""

    def get(self, kernel_id: str) -> None:
        """Tell what Voilà's script wants to know of a kernel; 404 if it has ended."""
        kernels: Any = self.kernel_manager
        model = kernels.kernel_model(kernel_id)
        kernels.asked_for(kernel_id)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(model, default=json_default))


class EndHandler(Guarded):
    """The request with which a closing page ends its kernel."""

    async def post(self, kernel_id: str) -> None:
        """End a kernel, so that its place is free at once."""
        await self.kernel_manager.shutdown_kernel(kernel_id)
        self.set_status(HTTPStatus.NO_CONTENT)
        self.finish()


class HealthHandler(Guarded):
    """Whether the server does its work, for a proxy or whoever watches it; it holds no secret."""

    def initialize(self, site: Site) -> None:
        """Take what there is to tell of."""
        self.site = site

    @allow_unauthenticated
    def get(self) -> None:
        """Tell how the server is: 200, or 503 until a first kernel has started.

        Where no page is kept ready it is 200 at once. A full server is well: the pages that are
        open go on.
        """
        pool = self.site.pool
        kernels = pool.kernels
        if not pool.size or len(kernels):
            self.settings["has_started"] = True
        status = "ok" if self.settings.get("has_started") else "starting"
        self.set_status(HTTPStatus.OK if status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Cache-Control", "no-store")
        spares = len(kernels.spares)
        self.finish(
            {
                "status": status,
                "version": VERSION,
                "data": release(),
                "open": len(kernels) - spares,
                "spares": spares,
                "room": max(0, kernels.room) + spares,
            }
        )

    @allow_unauthenticated
    def head(self) -> None:
        """Tell the same by the status alone."""
        self.get()
