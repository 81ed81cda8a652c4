"""What docs/reliability.md says is tested is tested there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)`", PAGE)


def test_each_file_that_it_names_has_tests() -> None:
    assert len(NAMED) > 20
    for name in NAMED:
        assert re.search(r"^(async )?def test_", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE), name


def test_no_file_of_faults_is_left_out() -> None:
    faults = ("kill", "failing", "disk", "damage", "strange", "windows", "clock", "terminal", "cut", "paths", "canary")
    found = [path for path in (ROOT / "tests").rglob("test_*.py") if any(word in path.stem for word in faults)]
    assert len(found) > 10
    assert not {path.relative_to(ROOT).as_posix() for path in found} - {*NAMED}
