"""A lesson beside the file it was read from: every step, idea and option with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.core.lesson import (
    Choose,
    Criterion,
    Explain,
    Find,
    Lesson,
    Look,
    Misconception,
    Option,
    Rewrite,
    RubricStep,
)
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.rules import Reading
from tutor.lessons.parts import Part

AnyStep = Choose | Find | Explain | Rewrite | Look
_NO_MARK_WE_KNOW = ("el", "hy")
"""Languages whose questions end in a mark of their own."""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step, where it stands, and `paragraph`, the text that it looks at."""

    step: AnyStep
    part: Part
    paragraph: str
    in_exit: bool

    def options(self) -> list[tuple[Option, Part]]:
        """The options of a step to choose, each with its place; none of any other step."""
        options = self.step.options if isinstance(self.step, Choose) else ()
        return list(zip(options, self.part.get("options").items(), strict=True))

    def rubric(self) -> list[tuple[Criterion, Part]]:
        """The criteria of a free-text step, each with its place; none of any other step."""
        rubric = self.step.rubric if isinstance(self.step, RubricStep) else ()
        return list(zip(rubric, self.part.get("rubric").items(), strict=True)) if rubric else []


@dataclass(frozen=True, slots=True)
class WatchedIdea:
    """A misconception, where it stands, and the free-text steps that watch for it."""

    misconception: Misconception
    part: Part
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class LessonView:
    """A lesson that loads, the tree of its file, and its steps: the walk's, then those of the exit ticket."""

    lesson: Lesson
    root: Part
    walk: tuple[StepView, ...]
    exit: tuple[StepView, ...]

    @classmethod
    def of(cls, lesson: Lesson, root: Part) -> LessonView:
        """Lay a lesson beside its file."""
        exit_steps = lesson.exit.steps if lesson.exit else ()
        walk = _views(lesson, lesson.steps, root.get("steps"), in_exit=False)
        return cls(lesson, root, walk, _views(lesson, exit_steps, root.get("exit").get("steps"), in_exit=True))

    @property
    def steps(self) -> tuple[StepView, ...]:
        """Every step, in the order of the file."""
        return (*self.walk, *self.exit)

    @property
    def free_text(self) -> Iterator[tuple[StepView, Explain | Rewrite | Look]]:
        """Every step that is answered in the learner's own words."""
        return ((view, view.step) for view in self.steps if isinstance(view.step, (Explain, Rewrite, Look)))

    @property
    def is_english(self) -> bool:
        """Whether what was made for English may be said of this lesson."""
        return self.lesson.lang.split("-")[0].lower() == "en"

    @property
    def has_known_question_marks(self) -> bool:
        """Whether a question can be told from its mark in the language of this lesson."""
        return self.lesson.lang.split("-")[0].lower() not in _NO_MARK_WE_KNOW

    @property
    def misconceptions(self) -> list[WatchedIdea]:
        """Every misconception once: the lesson's, then those of the steps."""
        shared = zip(self.lesson.misconceptions, self.root.get("misconceptions").items(), strict=False)
        found = [
            WatchedIdea(each, part, tuple(view for view, step in self.free_text if each.id in step.misconceptions))
            for each, part in shared
        ]
        for view, step in self.free_text:
            own = zip(step.misconceptions, view.part.get("misconceptions").items(), strict=False)
            found += [WatchedIdea(each, part, (view,)) for each, part in own if isinstance(each, Misconception)]
        return found


def read(text: str, lang: str) -> Reading:
    """Read a text for rules: no more of it than an answer may have, for which the cost of a rule is limited."""
    return Reading.of(text[:LONGEST_ANSWER], lang)


def _views(lesson: Lesson, steps: tuple[AnyStep, ...], parts: Part, *, in_exit: bool) -> tuple[StepView, ...]:
    article = lesson.exit.article if in_exit and lesson.exit else lesson.article
    texts = {block.id: block.text for block in article.blocks}
    return tuple(
        StepView(step, part, "\n".join(texts[at] for at in step.at), in_exit)
        for step, part in zip(steps, parts.items(), strict=True)
    )
