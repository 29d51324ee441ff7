"""What a widget's script tells Python, and what Python takes of it."""

from __future__ import annotations

import re

import pytest

from retention_lib.views.widgets import Ours


@pytest.mark.parametrize("kind", Ours.__subclasses__(), ids=lambda kind: kind.__name__)
def test_a_widget_takes_what_its_script_sets_and_nothing_else(kind: type[Ours]) -> None:
    script = str(kind()._esm)
    assert "export default" in script
    assert set(re.findall(r'model\.set\("(\w+)"', script)) == set(kind.TAKES)
