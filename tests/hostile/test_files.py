"""Files and links that somebody made by hand, opened on a page and given to the command line."""

from __future__ import annotations

import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from retention_lib.answering import CASES
from retention_lib.cli import main
from retention_lib.links import packed
from retention_lib.views.benchmarks_page import BenchmarksPage
from retention_lib.views.incentives_page import IncentivesPage
from retention_lib.views.widgets import Upload
from tests.hostile import sent
from tests.hostile.attacked import Attacked
from tests.hostile.planned import PLANNED
from tests.hostile.watching import files, no_failures, unfit_to_see, watched
from tests.test_own_file import GOOD
from tests.visitors import parts

BATCH = 100


@pytest.fixture(autouse=True)
def _leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """See that no file comes or changes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    before = files()
    yield
    assert files() == before


def document(dice: random.Random) -> dict[str, Any]:
    """Draw a document of any kind, as a file holds it."""
    kind = dice.choice([*CASES])
    return dice.choice(CASES[kind]()).to_dict()


def own_file(dice: random.Random) -> tuple[str, bytes]:
    """Draw a council's own file: a table with strange cells, or a workbook that was damaged."""
    name = dice.choice(
        ["ours.csv", "ours.xlsx", "ours.exe", "", "a" * 300 + ".csv", sent.NAMES[-1]]
    )
    if dice.random() < 0.4:
        cells = [str(dice.choice(sent.TEXTS)) for _ in range(dice.randint(2, 30))]
        rows = "\n".join(f"{2015 + i},{cell}" for i, cell in enumerate(cells))
        return name, f"year,turnover\n{rows}".encode("utf-8", "surrogatepass")
    if dice.random() < 0.5:
        spoilt = bytearray(GOOD)
        for _ in range(dice.randint(1, 20)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        return "ours.xlsx", bytes(spoilt)
    return name, sent.content(dice)


def link(dice: random.Random) -> str:
    """Draw a link: of a document with strange values, or one in which letters were changed."""
    given = document(dice)
    given[dice.choice([*given, *sent.NAMES])] = sent.value(dice)
    try:
        made = packed(given)
    except (TypeError, ValueError, RecursionError, OverflowError):
        return dice.choice(sent.TEXTS)
    letters = list(made)
    for _ in range(dice.choice([0, 0, 1, 3])):
        letters[dice.randrange(len(letters))] = chr(dice.randrange(33, 127))
    return "".join(letters)


def apart(attack: Any) -> None:
    """Run it in a thread of its own, where no loop is left by other tests."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(attack).result()


def test_a_page_opens_a_file_or_says_what_is_wrong_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def attack() -> None:
        held = Attacked(IncentivesPage, monkeypatch)
        dice = random.Random("files")
        with no_failures() as failures:
            for tried in range(PLANNED["files opened on a page"]):
                made = sent.spoiled(dice, document(dice))
                content = {"want": "open", "name": dice.choice(sent.TEXTS)}
                with watched():
                    said = held.tell(
                        held.take_away, {"method": "custom", "content": content}, [made]
                    )
                assert failures.found == [], made[:300]
                assert said, made[:300]
                if tried % BATCH == 0:
                    assert held.unfit_to_see() == []
                    held.still_answers()

    apart(attack)


def test_a_page_reads_a_councils_own_file_or_says_what_is_wrong_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def attack() -> None:
        held = Attacked(BenchmarksPage, monkeypatch)
        upload = next(parts(held.page, Upload))
        dice = random.Random("own files")
        with no_failures() as failures:
            for tried in range(PLANNED["own files"]):
                name, made = own_file(dice)
                content = {"name": name}
                with watched():
                    said = held.tell(upload, {"method": "custom", "content": content}, [made])
                assert failures.found == [], (name, made[:300])
                assert said, (name, made[:300])
                if tried % BATCH == 0:
                    assert held.unfit_to_see() == []
                    held.still_answers()

    apart(attack)


def test_a_page_opens_what_it_can_of_a_link_or_says_why_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def attack() -> None:
        held = Attacked(IncentivesPage, monkeypatch)
        dice = random.Random("links")
        with no_failures() as failures:
            for tried in range(PLANNED["links"]):
                query = f"s={link(dice)}"
                with watched():
                    held.set(held.take_away, {"arrived": query})
                assert failures.found == [], query[:300]
                if tried % BATCH == 0:
                    assert held.unfit_to_see() == []
                    held.still_answers()

    apart(attack)


def test_the_command_line_answers_or_says_what_is_wrong_in_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random("command line")
    good = tmp_path / "good.json"
    good.write_text(CASES["incentive"]()[0].to_json(), encoding="utf-8")
    for _ in range(PLANNED["files for the command line"]):
        file = tmp_path / "given.json"
        file.write_bytes(sent.spoiled(dice, document(dice)))
        command = dice.choice([["run"], ["run", "--json"], ["evidence"], ["compare", str(good)]])
        with watched():
            status = main([*command, str(file)])
        printed = capsys.readouterr()
        assert status in {0, 2}
        assert bool(printed.err) == (status == 2)
        assert unfit_to_see(printed.out.replace(str(tmp_path), "")) == []
        assert "Traceback" not in printed.err
        assert len(printed.err) < 5_000
        file.unlink()
