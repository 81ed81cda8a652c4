"""What every test relies on: a home of its own, a plain terminal, and no dependence on the machine's speed."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("closeread", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("closeread")

_FROM_OUTSIDE = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "PYTHONPATH")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no test reads or writes the settings and sittings of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    for name in os.environ:
        if name in _FROM_OUTSIDE or name.startswith(("CLOSEREAD_", "TEXTUAL", "XDG_")):
            monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    return home
