"""JupyterHub as it is deployed: who gets in, what they get there, and what nobody gets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.hub import PASSWORDS, Hub, Person, answers, message, missing, run, running

WORKBOOK = "voila/render/01_incentives.ipynb"
KERNEL = "00000000-0000-0000-0000-000000000000"
REFUSED = {403, 404, 405}

RUNS_CODE = [
    "api",
    "api/config/notebook",
    "api/contents",
    "api/contents/01_incentives.ipynb",
    "api/contents/made.ipynb/checkpoints",
    "api/events",
    "api/kernels",
    f"api/kernels/{KERNEL}",
    f"api/kernels/{KERNEL}/interrupt",
    f"api/kernels/{KERNEL}/restart",
    "api/kernelspecs",
    "api/me",
    "api/nbconvert",
    "api/sessions",
    "api/shutdown",
    "api/status",
    "api/terminals",
    "edit/01_incentives.ipynb",
    "files/01_incentives.ipynb",
    "lab",
    "lab/api/extensions",
    "lab/api/settings",
    "lab/tree",
    "lsp/status",
    "nbconvert/html/01_incentives.ipynb",
    "notebooks/01_incentives.ipynb",
    "proxy/8888/",
    "terminals/websocket/1",
    "terminals/1",
    "tree",
    "voila/files/01_incentives.ipynb",
    "voila/render/analysis/reproducing.ipynb",
    "voila/tree",
]
"""Where Jupyter's own servers, and what is often added to them, run code or show files."""

HUB = [
    ("GET", "users"),
    ("POST", "users"),
    ("GET", "users/ann"),
    ("POST", "users/ann/server"),
    ("DELETE", "users/ann"),
    ("GET", "users/cllr/tokens"),
    ("POST", "users/cllr/tokens"),
    ("POST", "users/ann/tokens"),
    ("POST", "users/cllr/servers/second"),
    ("POST", "shares/cllr/"),
    ("PATCH", "users/cllr"),
    ("GET", "groups"),
    ("POST", "groups/analysts/users"),
    ("GET", "services"),
    ("GET", "proxy"),
    ("POST", "shutdown"),
]
"""What the hub's own interface offers to who may."""


ASKS_THE_HUB = """
import os, httpx
headers = {"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}
hub = httpx.Client(base_url=os.environ["JUPYTERHUB_API_URL"], headers=headers)
asked = [("GET", "users"), ("POST", "users/ann/tokens"), ("GET", "users/cllr"),
    ("DELETE", "users/cllr/server"), ("GET", "proxy"), ("POST", "shutdown")]
print(*(hub.request(*one).status_code for one in asked))
"""
"""What an analyst may try: code that has the token of their server."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub, where there is what it needs."""
    lacking = missing()
    if lacking:
        (pytest.fail if os.environ.get("RETENTION_REQUIRE_HUB") else pytest.skip)(lacking)
    with running(tmp_path_factory.mktemp("hub")) as found:
        yield found


@pytest.fixture(scope="module")
def councillor(hub: Hub) -> Person:
    """A councillor who has signed in."""
    return hub.sign_in("cllr", "councillors")


@pytest.fixture(scope="module")
def analyst(hub: Hub) -> Person:
    """An analyst who has signed in."""
    return hub.sign_in("ann", "analysts")


def workbook(councillor: Person) -> str:
    """Open a workbook, and give its kernel's name."""
    answer = councillor.client.get(councillor.home + WORKBOOK, follow_redirects=True)
    assert answer.status_code == httpx.codes.OK
    found = re.search(r'data-kernel="([\w-]+)"', answer.text)
    assert found
    return found[1]


# --- Who comes in ------------------------------------------------------------------------------


@pytest.mark.usefixtures("councillor")
@pytest.mark.parametrize("path", ["", WORKBOOK, WORKBOOK + "?salary=34000"])
def test_visitor_who_has_not_signed_in_is_sent_to_sign_in(hub: Hub, path: str) -> None:
    answer = hub.visitor().get(f"/user/cllr/{path}", follow_redirects=True)
    assert answer.url.path == "/hub/login"
    assert "34000" not in answer.text


@pytest.mark.usefixtures("councillor")
@pytest.mark.parametrize("path", RUNS_CODE)
def test_visitor_who_has_not_signed_in_gets_nothing_else(hub: Hub, path: str) -> None:
    answer = hub.visitor().get(f"/user/cllr/{path}", follow_redirects=True)
    assert answer.url.path == "/hub/login" or answer.status_code in REFUSED
    assert "voila/render" not in answer.text


@pytest.mark.parametrize("password", ["", "guess", PASSWORDS["analysts"].upper()])
def test_wrong_password_is_refused(hub: Hub, password: str) -> None:
    answer = Person(hub.visitor(), "eve").sign_in(password)
    assert answer.status_code == httpx.codes.FORBIDDEN


# --- What councillors get ----------------------------------------------------------------------


def test_councillor_gets_the_apps(councillor: Person) -> None:
    answer = councillor.front_page()
    assert answer.url.path.startswith(f"{councillor.home}voila/render/00_")
    assert "Retention Workbook</title>" in answer.text
    addresses = re.findall(r'(?:href|src)="(/[^"#]*)"', answer.text)
    for address in addresses:
        assert address.startswith(councillor.home), address
        if "/voila/static/" in address:
            assert councillor.client.get(address).is_success, address


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", RUNS_CODE)
def test_councillor_has_no_address_that_runs_code(
    councillor: Person, method: str, path: str
) -> None:
    answer = councillor.ask(path, method)
    assert answer.status_code in REFUSED, f"{answer.status_code} {answer.headers}"


def test_councillor_cannot_run_code_in_the_kernel_of_a_workbook(
    councillor: Person, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    with councillor.socket(councillor.channels(workbook(councillor))) as connection:
        connection.send(message("kernel_info_request"))
        assert "kernel_info_reply" in answers(connection, "kernel_info_reply")
        connection.send(run(f"open({str(made)!r}, 'w').close()"))
        found = answers(connection, "execute_reply", seconds=5)
    assert not {"execute_input", "execute_reply", "stream"} & set(found)
    assert not made.exists()


def test_page_behind_a_proxy_for_tls_reaches_its_kernel(councillor: Person) -> None:
    path = councillor.channels(workbook(councillor))
    with councillor.socket(path, came_by="https") as connection:
        connection.send(message("kernel_info_request"))
        assert "kernel_info_reply" in answers(connection, "kernel_info_reply")


def test_page_that_closes_ends_its_kernel(councillor: Person) -> None:
    kernel = workbook(councillor)
    assert councillor.ask(f"api/kernels/{kernel}").status_code == httpx.codes.OK
    token = {"_xsrf": councillor.token(councillor.home)}
    path = f"voila/api/shutdown/{kernel}"
    assert councillor.client.post(councillor.home + path).status_code == httpx.codes.FORBIDDEN
    assert councillor.client.post(councillor.home + path, data=token).is_success
    assert councillor.ask(f"api/kernels/{kernel}").status_code == httpx.codes.NOT_FOUND


# --- What analysts get -------------------------------------------------------------------------


def kernel_of(analyst: Person) -> str:
    """Start a kernel."""
    answer = analyst.ask("api/kernels", "POST", json={"name": "python3"})
    assert answer.status_code == httpx.codes.CREATED
    return str(answer.json()["id"])


def said(analyst: Person, code: str) -> str:
    """Run code, and give what it prints."""
    with analyst.socket(analyst.channels(kernel_of(analyst))) as connection:
        connection.send(run(code))
        found = answers(connection, "execute_reply")
        # What is printed comes by another channel, and may come later.
        found = found if "stream" in found else answers(connection, "stream", seconds=20)
    return str(found["stream"]["text"]).strip()


def test_analyst_gets_jupyterlab_with_a_copy_of_the_workbooks(analyst: Person) -> None:
    answer = analyst.front_page()
    assert answer.url.path == f"{analyst.home}lab"
    assert "JupyterLab" in answer.text
    listed = analyst.ask("api/contents").json()["content"]
    assert {"00_start_here.ipynb", "analysis"} <= {one["name"] for one in listed}
    saved = {"type": "file", "format": "text", "content": "mine"}
    assert analyst.ask("api/contents/mine.txt", "PUT", json=saved).is_success


def test_analyst_can_run_code_with_the_library(analyst: Person) -> None:
    code = "import retention_lib, retention_lib.paths as p; print(p.DATA.is_dir(), 6 * 7)"
    assert said(analyst, code) == "True 42"


def test_token_of_a_server_opens_nothing_else(councillor: Person, analyst: Person) -> None:
    codes = said(analyst, ASKS_THE_HUB).split()
    assert set(codes) <= {"403", "404"}, codes
    assert len(codes) == 6
    assert councillor.ask("health").json()["status"] == "ok"


# --- What nobody gets --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", WORKBOOK])
def test_nobody_opens_another_persons_workbooks(
    councillor: Person, analyst: Person, path: str
) -> None:
    answer = analyst.client.get(councillor.home + path, follow_redirects=True)
    assert answer.status_code == httpx.codes.FORBIDDEN
    assert "voila/render" not in answer.text


def test_nobody_opens_another_persons_jupyterlab(councillor: Person, analyst: Person) -> None:
    for path in ("lab", "api/contents", "api/kernels"):
        answer = councillor.client.get(analyst.home + path, follow_redirects=True)
        assert answer.status_code == httpx.codes.FORBIDDEN, path


def test_nobody_talks_to_another_persons_kernel(
    hub: Hub, councillor: Person, analyst: Person
) -> None:
    path = councillor.channels(KERNEL)
    with pytest.raises(InvalidStatus) as refused, analyst.socket(path):
        pass
    assert refused.value.response.status_code == httpx.codes.FORBIDDEN
    with pytest.raises(InvalidStatus) as refused, connect(hub.url.replace("http", "ws") + path):
        pass
    assert refused.value.response.status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize(("method", "path"), HUB, ids=lambda part: str(part))
@pytest.mark.usefixtures("analyst")
def test_councillor_may_ask_nothing_of_the_hub_but_their_own_server(
    councillor: Person, method: str, path: str
) -> None:
    body: dict[str, Any] = {} if method == "GET" else {"json": {"users": ["cllr"], "admin": True}}
    answer = councillor.ask(f"/hub/api/{path}", method, **body)
    assert answer.status_code in {400, 403, 404}, answer.text


def test_councillor_is_no_administrator(councillor: Person) -> None:
    assert councillor.ask("/hub/admin").status_code in {403, 404}
    told = councillor.ask("/hub/api/user").json()
    assert told["admin"] is False
    assert told["groups"] == ["councillors"]


# --- When people leave -------------------------------------------------------------------------


def test_who_leaves_the_analysts_gets_the_apps_and_signing_out_ends_the_server(hub: Hub) -> None:
    person = hub.sign_in("sam", "analysts")
    assert person.client.get(f"{person.home}lab").status_code == httpx.codes.OK
    person.client.get("/hub/logout", follow_redirects=True)
    answer = person.client.get(f"{person.home}lab", follow_redirects=True)
    assert answer.url.path == "/hub/login"
    person = hub.sign_in("sam", "councillors")
    assert "Retention Workbook</title>" in person.front_page().text
    assert person.ask("lab").status_code == httpx.codes.NOT_FOUND
