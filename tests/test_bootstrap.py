"""The house puts the parts together, each of them once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.bootstrap import House
from tutor.conversation import Conversation
from tutor.errors import LessonError
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


def test_a_window_goes_on_with_its_learner_while_another_one_changes_to_somebody_else(tmp_path: Path) -> None:
    House(lone(tmp_path)).set_learner("ann")
    window = House(lone(tmp_path))
    loaded = window.load(str(lessons_dir() / "cold-mornings"))
    assert window.learner == "ann"
    conversation = window.start(loaded)
    other = House(lone(tmp_path))
    other.set_learner("ben")
    of_ben = other.start(loaded)
    assert window.learner == "ann"
    past = window.past(loaded)
    assert past is not None
    assert past.learner == "ann"
    pages = window.export(conversation)
    assert all(path.parent == window.journal.exports_dir("ann") for path in pages)
    window.set_learner("cleo")
    assert window.export(conversation) == pages, "the pages are of whom the lesson is"
    assert other.export(of_ben)[0].parent == window.journal.exports_dir("ben")
    assert House(lone(tmp_path)).learner == "cleo"


def test_who_has_no_nickname_stays_without_one_while_another_window_chooses_one(tmp_path: Path) -> None:
    window = House(lone(tmp_path))
    assert window.learner is None
    House(lone(tmp_path)).set_learner("ben")
    assert window.learner is None


def test_words_of_distress_in_place_of_a_nickname_are_heard_beside_broken_prompts(tmp_path: Path) -> None:
    (tmp_path / "tutor.en.yaml").write_text("greeting: [", encoding="utf-8")
    house = House(load_settings({"data_dir": str(tmp_path / "data"), "prompts_dir": str(tmp_path)}, {}, None))
    with pytest.raises(LessonError):
        house.phrases()
    assert house.is_distress("I want to kill myself")
    assert not house.is_distress("owl")
