"""Small workbooks that stand in for the real ones, to test the pages round them alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FRONT = "00_start_here.ipynb"
MOVING = "01_moving.ipynb"
FAILING = "02_failing.ipynb"
SLOW = "03_slow.ipynb"
ANALYSIS = "analysis/paying.ipynb"
UNTITLED = "Untitled.ipynb"

MOVING_TITLE = "Would a retention payment pay for itself?"
COMPLAINT = "this callback went wrong"

# A control of our kind: it writes its state into the address, asks Python and shows the answer.
LEVER = f'''
import sys
import anywidget
import traitlets

class Lever(anywidget.AnyWidget):
    _esm = """
    function render({{ model, el }}) {{
      el.innerHTML = `<label for="people">People it is offered to</label>
        <input id="people" type="range" min="0" max="250"> <output for="people"></output>`;
      const input = el.querySelector("input");
      const show = () => {{
        input.value = model.get("people");
        el.querySelector("output").textContent = `Twice that is ${{model.get("twice")}}.`;
      }};
      input.addEventListener("input", () => {{
        history.replaceState(null, "", `?people=${{input.value}}`);
        model.set("people", Number(input.value));
        model.save_changes();
      }});
      model.on("change:twice", show);
      show();
    }}
    export default {{ render }};
    """
    people = traitlets.Int(82).tag(sync=True)
    twice = traitlets.Int(164).tag(sync=True)

def double(change):
    lever.twice = 2 * change["new"]
    if change["new"] == 13:
        print("{COMPLAINT}", file=sys.stderr)

lever = Lever()
lever.observe(double, "people")
lever
'''

TABLE = (
    "import pandas as pd\n"
    "pd.DataFrame({'Net, £': [-214000.0]}, index=['Middlesbrough']).rename_axis(columns='Council')"
)
LONG = "\n\n".join(
    f"Paragraph {number} of a long text that needs more paper." for number in range(150)
)


def save(path: Path, cells: list[str], title: str = "", nav: str = "") -> None:
    """Write a notebook; a cell that starts with a hash or a capital letter is text."""
    named = {name: text for name, text in (("title", title), ("nav", nav)) if text}
    notebook = {
        "cells": [_cell(number, source) for number, source in enumerate(cells)],
        "metadata": named,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _cell(number: int, source: str) -> dict[str, Any]:
    """Make a cell."""
    common = {"id": f"cell-{number}", "metadata": {}, "source": source}
    if source[0] == "#" or source[0].isupper():
        return {**common, "cell_type": "markdown"}
    return {**common, "cell_type": "code", "execution_count": None, "outputs": []}


def write_workbooks(folder: Path) -> Path:
    """Write every stand-in."""
    title = "What would it cost to keep people?"
    text = f"# {title}\n\nStart with [a question](/voila/render/{MOVING}).\n\n## More\n\n{LONG}"
    save(folder / FRONT, [text], title, "Start here")
    cells = ["Move the slider.", LEVER, "print('Net present value: -214,000')", TABLE]
    save(folder / MOVING, cells, MOVING_TITLE, "Incentives")
    broken = ["Above the fault.", "1 / 0", "print('never')"]
    save(folder / FAILING, broken, "Does a broken workbook say so?", "Broken")
    slow = ["Text.", *["import time; time.sleep(1)"] * 2, LEVER]
    save(folder / SLOW, slow, "How long does it take?", "Slow")
    save(folder / ANALYSIS, ["print('for analysts')"], "An analyst's notebook", "Analysis")
    save(folder / UNTITLED, ["print('not yet a workbook')"])
    return folder
