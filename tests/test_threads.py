"""The library is read while a lesson is opened: two threads may need the lesson models for the first time at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOTH_AT_ONCE = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tutor.bootstrap import House
from tutor.settings import Settings
sys.setswitchinterval(1e-6)
house = House(Settings(Path(sys.argv[1]), (), None, "auto", {}), "owl")
start = threading.Barrier(3)

def at_once(act):
    start.wait()
    return act()

with ThreadPoolExecutor(3) as pool:
    acts = (house.entries, lambda: house.load("lavrov-syria"), house.damage)
    entries, loaded, damage = pool.map(at_once, acts)
assert entries and all(entry.loaded and not entry.mistakes for entry in entries), entries
assert loaded.lesson.id == "lavrov-syria" and damage == ()
"""


def test_the_library_and_a_lesson_are_read_at_once(tmp_path: Path) -> None:
    for number in range(5):
        result = subprocess.run(
            [sys.executable, "-c", BOTH_AT_ONCE, str(tmp_path / str(number))], capture_output=True, text=True,
            timeout=60, check=False, cwd=ROOT,
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
