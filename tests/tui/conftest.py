"""What the pictures of the screen need: each test has its own environment, the pictures have one place."""

import os
from pathlib import Path

import pytest

_PICTURES = "TEXTUAL_SNAPSHOT_TEMPDIR"


@pytest.fixture(scope="session")
def pictures() -> str:
    """Where the snapshot plugin collects the pictures of a run."""
    return os.environ[_PICTURES]


@pytest.fixture(autouse=True)
def _pictures_are_found(pictures: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(_PICTURES, pictures)
