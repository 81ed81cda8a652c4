"""The house puts the parts together, each of them once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.bootstrap import House
from tutor.conversation import Conversation
from tutor.judges import embedded
from tutor.resources import lessons_dir
from tutor.settings import Settings, load_settings


def lone(data: Path) -> Settings:
    return Settings(data, (), None, "dark", {})


def with_model(data: Path) -> Settings:
    flags = {"data_dir": str(data), "model": "small-1b", "base_url": "http://127.0.0.1:9/v1"}  # not asked
    return load_settings(flags, {}, data / "config.toml")


@pytest.mark.parametrize("settings", [lone, with_model])
def test_one_judge_goes_by_the_rules_alone_and_beside_a_model(
    settings: Callable[[Path], Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    class Counted(embedded.EmbeddedJudge):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr(embedded, "EmbeddedJudge", Counted)
    house = House(settings(tmp_path))
    conversation = house.start(house.load(str(lessons_dir() / "lavrov-syria")))
    assert isinstance(conversation, Conversation)
    assert len(made) == 1
