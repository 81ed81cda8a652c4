"""The craft of a good lesson: what keeps it from being opened is the loader's business, what makes it teach is ours."""

from __future__ import annotations

from tutor.lessons.loader import Loaded
from tutor.lessons.parts import Part
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft import frame, helps, options, paths, reading, rubric, rules, samples
from tutor.workbench.checking.craft.view import LessonView

CRAFT_CODES: tuple[Code, ...] = (
    *frame.CODES,
    *paths.CODES,
    *options.CODES,
    *helps.CODES,
    *rubric.CODES,
    *rules.CODES,
    *samples.CODES,
    *reading.CODES,
)
"""Everything that `craft` can note."""


def craft(loaded: Loaded, root: Part) -> None:
    """Note in `root.log` what could be better in a lesson that loads; `root` is the tree of its file."""
    view = LessonView.of(loaded.lesson, root)
    for check in (
        frame.check_frame,
        paths.check_paths,
        options.check_options,
        helps.check_helps,
        rubric.check_rubrics,
        rules.check_rules,
        samples.check_samples,
        reading.check_reading,
    ):
        check(view)
