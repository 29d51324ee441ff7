"""Which files pages load, how they are packed, and that there are no others."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from retention_lib.views.serving import files
from retention_lib.views.serving.settings import EXTENSIONS
from tests.serving import body, in_time, running, script

# --- Files -------------------------------------------------------------------------------------


def test_files_are_packed_kept_and_told_apart(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            address = script(site)
            plain = await site.get(address, decompress_response=False)
            asked = {"Accept-Encoding": "br, gzip"}
            small = await site.get(address, headers=asked, decompress_response=False)
            assert gzip.decompress(small.body) == plain.body
            assert len(small.body) < len(plain.body) / 3
            assert small.headers["Content-Encoding"] == "gzip"
            assert "Content-Encoding" not in plain.headers
            assert small.headers["Etag"] != plain.headers["Etag"]
            for answer in (plain, small):
                assert answer.headers["Vary"] == "Accept-Encoding"
                assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            known = {**asked, "If-None-Match": small.headers["Etag"]}
            again = await site.get(address, headers=known)
            assert (again.code, again.body) == (304, b"")
            head = await site.get(address, method="HEAD")
            assert (head.code, head.body) == (200, b"")

    in_time(check)


def test_only_the_files_of_pages_are_served(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            base = f"/{site.app.files.folder}"
            extension = f"/voila/labextensions/{EXTENSIONS[0]}"
            for path in (
                base,
                f"{base}/",
                f"{base}/../../app.py",
                f"{base}/..%2f..%2fapp.py",
                f"{base}/%2e%2e/top.html",
                f"{base}/.hidden.js",
                f"{base}/143.voila.js.LICENSE.txt",
                f"{extension}/package.json",
                f"{extension}/install.json",
                f"{extension}/static/third-party-licenses.json",
                "/voila/labextensions/@jupyterlab/apputils-extension/static/x.js",
                "/voila/labextensions/",
                "/voila/templates/base/static/voila.js",
                "/static/base/images/favicon.ico",
            ):
                assert (await site.get(path)).code == 404, path
            for name in EXTENSIONS:
                found = [one for one in site.app.files._all if f"/{name}/static/" in one]
                assert any("remoteEntry." in one for one in found), name

    in_time(check)


def test_no_source_and_no_hidden_file_may_be_asked_for(tmp_path: Path) -> None:
    for name in ("a.js", "a.js.map", "a.py", ".a.js", "a.html"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    (tmp_path / "folder.js").mkdir()
    assert [path.name for path in files._served(tmp_path)] == ["a.js"]


def test_page_asks_for_one_small_script_and_knows_where_voilas_is(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            text = body(await site.open())
            live, voila = site.app.site.assets["live.js"], script(site)
            assert f'<script src="{live}" data-voila="{voila}" defer></script>' in text
            assert len(re.findall(r"<script[^>]* src=", text)) == 2
            for address in (live, voila):
                assert (await site.get(address)).code == 200

    in_time(check)
