"""Who may ask, what every answer carries, and what can be chosen."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth.identity import IdentityProvider
from tornado.httpclient import HTTPResponse

from retention_lib.views import server
from retention_lib.views.server import Options, ServeError
from retention_lib.views.serving import app
from retention_lib.views.serving.guard import SAFE_HEADERS, bare_host
from retention_lib.views.serving.settings import SignIn
from tests.serving import NOBODY, PAGE, Running, body, in_time, running, script

# --- Every answer ------------------------------------------------------------------------------


def test_every_answer_carries_the_safe_headers(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            paths = [
                "/",
                PAGE,
                "/nothing",
                "/health",
                script(site),
                "/voila/static/none.js",
                f"/api/kernels/{NOBODY}",
                f"/api/kernels/{NOBODY}/channels?session_id=a",
            ]
            found = [(path, await site.get(path)) for path in paths]
            found += [("DELETE", await site.get(PAGE, method="DELETE"))]
            found += [("Host", await site.get(PAGE, headers={"Host": "example.org"}))]
            for path, answer in found:
                for name, value in SAFE_HEADERS.items():
                    assert answer.headers[name] == value, (path, name)
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy, path
                assert "frame-ancestors 'none'" in policy, path
                assert "unsafe-eval" not in policy, path
                for name in ("Server", "Set-Cookie", "Strict-Transport-Security"):
                    assert name not in answer.headers, (path, name)
                assert "Access-Control-Allow-Origin" not in answer.headers, path

    in_time(check)


def test_page_may_reach_its_own_server_alone(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            policy = (await site.open()).headers["Content-Security-Policy"]
            parts = dict(part.split(" ", 1) for part in policy.split("; "))
            at = f"127.0.0.1:{site.port}"
            assert parts["connect-src"] == f"'self' ws://{at}"
            assert parts["script-src"] == "'self' blob:"
            assert "http" not in policy

    in_time(check)


def test_proxy_says_how_pages_are_asked_for_only_where_it_is_believed(folder: Path) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.9"}

    async def asked(site: Running) -> HTTPResponse:
        return await site.get(PAGE, headers=told)

    async def check() -> None:
        async with running(folder) as site:
            answer = await asked(site)
            assert "wss:" not in answer.headers["Content-Security-Policy"]
            assert "Strict-Transport-Security" not in answer.headers
        async with running(folder, behind_proxy=True) as site:
            answer = await asked(site)
            assert f"wss://127.0.0.1:{site.port}" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
            assert "Strict-Transport-Security" not in (await site.open()).headers

    in_time(check)


# --- Who may ask -------------------------------------------------------------------------------


def test_only_named_hosts_are_answered(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def check() -> None:
        async with running(folder, names=("workbooks.council.gov.uk",)) as site:
            for host, code in (
                ("workbooks.council.gov.uk", 200),
                ("Workbooks.Council.gov.uk:8866", 200),
                ("localhost:1", 200),
                ("[::1]:80", 200),
                ("evil.example", 403),
                ("workbooks.council.gov.uk.evil.example", 403),
                ("10.9.8.7", 403),
            ):
                answer = await site.get("/accessibility", headers={"Host": host})
                assert answer.code == code, host
                if code == 403:
                    assert "<h1>This server does not answer to that name</h1>" in body(answer)
                    assert "--allow-host" in body(answer)

    with caplog.at_level(logging.WARNING):
        in_time(check)
    assert "evil.example" in caplog.text


def test_host_is_told_from_its_port() -> None:
    assert bare_host("EXAMPLE.org.:80") == "example.org"
    assert bare_host("[fe80::1]") == "fe80::1"


class Nobody(IdentityProvider):
    """Knows nobody."""

    def get_user(self, handler: Any) -> None:
        """Give nobody."""


def test_stranger_is_refused_everything_but_health(folder: Path) -> None:
    sign_in = SignIn(Nobody, login_url="https://hub.example/login")

    async def check() -> None:
        async with running(folder, sign_in=sign_in, base_url="/user/a/") as site:
            for path in ("/user/a/", "/user/a" + PAGE, "/user/a/nothing", "/nothing"):
                answer = await site.get(path)
                assert answer.code == 302, path
                assert answer.headers["Location"].startswith("https://hub.example/login?"), path
            channels = f"/user/a/api/kernels/{NOBODY}/channels"
            for path in (script(site), channels.removesuffix("/channels"), channels):
                assert (await site.get(path)).code == 403, path
            assert (await site.get("/user/a/health")).code == 200
            assert len(site.app.kernel_manager) == 0

    in_time(check)


def test_everything_is_under_the_base_url(folder: Path) -> None:
    async def check() -> None:
        async with running(folder, base_url="/workbooks/") as site:
            for path in ("/workbooks", "/workbooks/?people=7"):
                answer = await site.get(path)
                query = "?people=7" if "?" in path else ""
                assert answer.headers["Location"] == f"/workbooks{PAGE}{query}"
            text = body(await site.get(f"/workbooks{PAGE}"))
            found = re.findall(r'(?:href|src)="(/[^"]*)"', text)
            assert len(found) > 6
            for address in found:
                assert address.startswith("/workbooks/"), address
                assert (await site.get(address)).code in (200, 302), address
            assert (await site.get(PAGE)).code == 404
            assert '"baseUrl": "/workbooks/"' in text

    in_time(check)


def test_kernel_can_be_asked_for_and_no_more(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            await site.open()
            (kernel,) = site.app.kernel_manager.list_kernel_ids()
            path = f"/api/kernels/{kernel}"
            assert (await site.get(path)).code == 200
            token = {"Cookie": "_xsrf=abcd1234", "X-XSRFToken": "abcd1234"}
            for method, wanted in (("DELETE", 405), ("POST", 405), ("PATCH", 405), ("PUT", 405)):
                sent = None if method == "DELETE" else "{}"
                answer = await site.get(path, method=method, body=sent, headers=token)
                assert answer.code == wanted, method
            for end in ("/restart", "/interrupt", ""):
                at = path + end if end else "/api/kernels"
                assert (await site.get(at, method="POST", body="", headers=token)).code in (
                    404,
                    405,
                )
            other = {**token, "Origin": "http://evil.example"}
            ending = f"/voila/api/shutdown/{kernel}"
            answer = await site.get(ending, method="POST", body="", headers=other)
            assert answer.code in (403, 404)
            assert kernel in site.app.kernel_manager

    in_time(check)


def test_large_request_is_refused_before_it_is_read(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            path = f"/voila/api/shutdown/{NOBODY}"
            answer = await site.get(path, method="POST", body="a" * 100_000)
            assert answer.code in (400, 413, 599)

    in_time(check)


# --- Options -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(max_open=0), "--max-open 0 cannot be. Choose a number from 1 to 1000."),
        (Options(warm=-1), "--warm -1 cannot be. Choose a number from 0 to 20."),
        (Options(names=("http://a.gov.uk",)), "http://a.gov.uk is not a name"),
        (Options(names=("a b",)), "a b is not a name"),
        (Options(names=("",)), " is not a name"),
        (Options(base_url="workbooks"), "workbooks cannot start every address."),
        (Options(base_url="/a?b/"), "/a?b/ cannot start every address."),
        (Options(base_url="//evil.example/"), "//evil.example/ cannot start every address."),
    ],
)
def test_nonsense_is_told_in_words(options: Options, words: str) -> None:
    with pytest.raises(ServeError) as told:
        options.check()
    assert words in str(told.value)


def test_host_of_another_computer_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = Options(0, host="192.0.2.1", folder=folder, open_browser=False)
    assert server.serve(options) == 2
    assert "192.0.2.1 is not an address of this computer." in capsys.readouterr().err


def test_disk_that_is_full_at_the_start_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(app, "runtime_folder", full)
    assert server.serve(Options(0, folder=folder, open_browser=False)) == 2
    assert "none can be made: no space left on device." in capsys.readouterr().err


def test_log_that_cannot_be_written_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options(0, folder=folder, open_browser=False, log=str(folder / "none" / "log"))
    assert server.serve(options) == 2
    assert "The log cannot be written to" in capsys.readouterr().err


def test_start_says_every_address_and_who_can_open_it(capsys: pytest.CaptureFixture[str]) -> None:
    options = Options(host="0.0.0.0", names=("a.gov.uk",), base_url="/x", open_browser=False)
    server._say_ready(options, 80)
    assert capsys.readouterr().out == (
        "The workbooks are at http://127.0.0.1:80/x and http://a.gov.uk:80/x. "
        "Press Ctrl-C to stop.\n"
        "Whoever can reach this computer by its network can open them.\n"
    )
    assert Options(host="::1").addresses(80) == ["http://[::1]:80/"]
