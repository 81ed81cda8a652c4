"""Lessons made of articles, as `closeread new` makes them."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from tests.core.small import real_parts
from tutor.core.lesson import Lesson
from tutor.lessons.loader import Loaded, load_lesson
from tutor.workbench.checking.checking import check
from tutor.workbench.new.reading import ArticleText, read_file
from tutor.workbench.new.writing import Sketch, lesson_yaml, sketch, write_folder
from tutor.workbench.trying.walking import walk

TEXTS = Path(__file__).with_name("texts")


def make(article: ArticleText, folder: Path) -> Loaded:
    """Write the lesson and load it."""
    write_folder(folder, article, lesson_yaml(sketch(article)))
    return load_lesson(folder)


def make_from(file: Path, folder: Path) -> tuple[ArticleText, Sketch, Lesson]:
    """Read a file, and make a lesson of it."""
    article = read_file(file)
    return article, sketch(article), make(article, folder).lesson


def faults(lesson: Lesson) -> list[str]:
    """What scripted learners find fault with on every way through the lesson."""
    return [f"{each.kind}: {each.step}: {each.sentence}" for each in asyncio.run(walk(lesson, real_parts())).faults]


def remarks(folder: Path) -> tuple[list[str], list[str]]:
    """The codes of the errors and of the warnings that `check` has."""
    report = check(folder)
    return [each.code for each in report.errors], [each.code for each in report.warnings]


_OPENINGS = (
    "The council",
    "Ada Lund, the harbour master,",
    "A study",
    "Nobody",
    "The old ferry",
    "Every morning the baker",
)
_DOINGS = (
    "said that the bridge will close in May", "carried 41 passengers a day last winter", "may cost twice as much",
    "is a disgrace for the whole town", "never came back after the storm", "found 12 loose stones on Friday",
    "told reporters that there is no other way", "will soon be forgotten", "was painted green in spring",
)  # fmt: skip


def long_text(words: int = 10_000) -> str:
    """A text of so many words, with a heading now and then."""
    chance, lines, count = random.Random(4), ["A long look at the harbour", ""], 6
    while count < words:
        sentences = [f"{chance.choice(_OPENINGS)} {chance.choice(_DOINGS)}." for _ in range(chance.randint(3, 8))]
        if len(lines) % 14 == 0:
            lines += [f"Part {len(lines)} of the story", ""]
        lines += [" ".join(sentences), ""]
        count += sum(len(each.split()) for each in sentences)
    return "\n".join(lines)
