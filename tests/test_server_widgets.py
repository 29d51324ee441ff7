"""What a page tells of its widgets before any browser has asked."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1

from retention_lib.views.notebooks import HOMES
from retention_lib.views.serving.channels import V1
from retention_lib.views.serving.renderer import SHARED
from tests.browser.standins import save
from tests.serving import TINY, Running, body, in_time, running
from tests.test_server_channels import CONTROL, connected, message, packed

TOLD = re.compile(r'<script id="widgets" type="application/json">(.*?)</script>', re.DOTALL)


def told(page: str) -> dict[str, dict[str, Any]]:
    """Give the states that a page tells, as its script reads them."""
    (text,) = TOLD.findall(page)
    found = json.loads(text)
    for state in found["states"].values():
        state |= {name: found["texts"][state[name]] for name in SHARED if name in state}
    states: dict[str, dict[str, Any]] = found["states"]
    return states


async def asked(site: Running) -> dict[str, dict[str, Any]]:
    """Give the states that the page's kernel tells when it is asked."""
    (kernel,) = site.app.kernel_manager.list_kernel_ids()
    connection = await connected(site, str(kernel))
    opening = message("comm_open", CONTROL)
    opening["metadata"] = {"version": "1.0.0"}
    asking = {"comm_id": CONTROL["comm_id"], "data": {"method": "request_states"}}
    for one in (opening, message("comm_msg", asking)):
        await connection.write_message(packed(one, V1), binary=True)
    while True:
        answer = await asyncio.wait_for(connection.read_message(), 20)
        assert isinstance(answer, bytes)
        header, _parent, _metadata, content, *_ = deserialize_msg_from_ws_v1(answer)[1]  # type: ignore[no-untyped-call]
        if json.loads(header)["msg_type"] == "comm_msg":
            states = json.loads(content)["data"]["states"]
            return {model: each["state"] for model, each in states.items()}


@pytest.mark.parametrize("notebook", sorted({home.notebook for home in HOMES.values()}))
def test_page_tells_of_its_widgets_what_the_kernel_would(root: Path, notebook: str) -> None:
    # The browser takes it for what stands: until it has spoken, nothing on a page may change.
    async def check() -> None:
        async with running(root / "workbooks") as site:
            states = told(body(await site.open(notebook)))
            await asyncio.sleep(1)
            kernels = await asked(site)
            for model, state in states.items():
                whole = kernels[model]
                assert state == {name: whole[name] for name in state}
                left_out = set(whole) - set(state)
                assert not any(whole[name] is not None for name in left_out)
            drawn = [each for each in kernels.values() if each["_model_name"] != "LayoutModel"]
            assert len(drawn) > 10

    in_time(check)


def test_text_in_a_widget_cannot_end_what_the_page_tells(tmp_path: Path) -> None:
    text = "</script><script>alert(1)</script><!--"
    code = f"import ipywidgets\nipywidgets.HTML({text!r})"
    save(tmp_path / TINY, [code], "A widget?")

    async def check() -> None:
        async with running(tmp_path) as site:
            page = body(await site.open())
            assert text not in page
            assert text in [state.get("value") for state in told(page).values()]

    in_time(check)


def test_states_that_a_notebook_was_saved_with_are_not_told(tmp_path: Path) -> None:
    path = tmp_path / TINY
    save(path, ["1 + 1"], "A widget?")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    saved = {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}}
    notebook["metadata"]["widgets"] = saved
    path.write_text(json.dumps(notebook), encoding="utf-8")

    async def check() -> None:
        async with running(tmp_path) as site:
            assert not TOLD.findall(body(await site.open()))

    in_time(check)
