"""Voilà's renderer, which leaves in a page what its widgets are, so that no browser has to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voila.notebook_renderer import NotebookRenderer

SHARED = ("_esm", "_css")
"""Texts that widgets of one kind have in common."""


def widgets_told(states: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Say what widgets are: each state by its model, and once each the texts that many have.

    Args:
        states: what the kernel has said of each widget.

    Returns:
        `states`, in which a shared text is its place in `texts`, and `texts`. What is nothing in
        a layout is left out.

    Example:
        >>> widgets_told({"a": {"_esm": "x", "n": 1}, "b": {"_esm": "x", "n": None}})
        {'states': {'a': {'_esm': 0, 'n': 1}, 'b': {'_esm': 0, 'n': None}}, 'texts': ['x']}
    """
    places: dict[str, int] = {}
    told: dict[str, dict[str, Any]] = {}
    for model, state in states.items():
        told[model] = {
            name: places.setdefault(value, len(places)) if name in SHARED else value
            for name, value in state.items()
            if value is not None or state.get("_model_name") != "LayoutModel"
        }
    return {"states": told, "texts": list(places)}


class Renderer(NotebookRenderer):  # type: ignore[misc]
    """Runs a notebook and turns it into a page."""

    async def _cleanup_resources(self) -> None:
        """Tell the template of the widgets, once the notebook has run."""
        executor = self.executor
        executor.nb.metadata.pop("widgets", None)  # of whoever saved the notebook
        if executor.widget_state and not executor.widget_buffers:
            executor.nb.metadata.widgets = widgets_told(executor.widget_state)
        await super()._cleanup_resources()
