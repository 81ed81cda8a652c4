"""The ways through a lesson: where `next` leads, and what no way leads to."""

from __future__ import annotations

from itertools import pairwise

from tutor.core.events import Result
from tutor.core.lesson import Choose
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft.view import AnyStep, LessonView, StepView

NOT_REACHED = Code("step-not-reached", "warning", "No way through the lesson leads to this step.")
GOES_BACK = Code("next-goes-back", "warning", "A `next` leads back to a step further up; no step is opened twice.")
CODES = (NOT_REACHED, GOES_BACK)

_RESULTS: tuple[Result, ...] = ("secure", "partly", "stuck")


def check_paths(view: LessonView) -> None:
    """Note steps that cannot be reached, and `next` that leads back."""
    for steps in (view.walk, view.exit):
        _check_direction(steps)
        reached = _reached([each.step for each in steps])
        for each in steps:
            if each.step.id not in reached:
                hint = "Let a `next` before it name this step, or take the step out."
                each.part.get("id").wrong("no way leads to this step", hint, code=NOT_REACHED.name)


def _check_direction(steps: tuple[StepView, ...]) -> None:
    order = {each.step.id: number for number, each in enumerate(steps)}
    for each in steps:
        for result in _RESULTS:
            target = each.part.get("next").get(result)
            if target.text and order[target.text] <= order[each.step.id]:
                hint = "No step is opened twice: learners would go on with the following one. Name a later step."
                target.wrong("this leads back", hint, code=GOES_BACK.name)


def _reached(steps: list[AnyStep]) -> set[str]:
    """The steps that some results lead to from the first step on."""
    following = {step.id: after.id for step, after in pairwise(steps)}
    by_id = {step.id: step for step in steps}
    reached: set[str] = set()
    order = list(by_id)
    waiting = [steps[0].id] if steps else []
    while waiting:
        here = waiting.pop()
        if here in reached:
            continue
        reached.add(here)
        for result in _RESULTS:
            named = getattr(by_id[here].next, result)
            if result == "partly" and isinstance(by_id[here], Choose):
                continue
            if named:
                waiting.append(named)
            # What leads back may find its step taken, and then goes on with the following one.
            if here in following and (not named or order.index(named) <= order.index(here)):
                waiting.append(following[here])
    return reached
