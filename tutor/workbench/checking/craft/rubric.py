"""Rubrics: every idea has its rules, its ladder of help and its sample answers."""

from __future__ import annotations

from tutor.core.lesson import Criterion, RubricStep
from tutor.lessons.parts import Part
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft.view import LessonView, StepView

PLAIN = Code("plain-sentence-idea", "warning", "An idea is a plain sentence, so its help is general and has no rules.")
NO_LADDER = Code("ladder-incomplete", "warning", "An idea lacks a hint, a prompt or a tell.")
NO_RULES = Code("idea-without-rules", "warning", "An idea has no rules, so without a model it is never found.")
WRONG_IDEA_RULES = Code(
    "misconception-without-rules", "warning", "A misconception has no rules, so without a model it is never seen."
)
NO_SAMPLES = Code("no-samples", "warning", "A free-text step has no sample answers.")
NONE_MEETS = Code("no-sample-meets", "warning", "No sample answer meets this idea.")
NONE_MISSES = Code("no-sample-misses", "warning", "No sample answer fails to meet this idea.")
CODES = (PLAIN, NO_LADDER, NO_RULES, WRONG_IDEA_RULES, NO_SAMPLES, NONE_MEETS, NONE_MISSES)

_RUNGS = ("hint", "prompt", "tell")


def check_rubrics(view: LessonView) -> None:
    """Note ideas that lack what the tutor needs to see them, or to help with them."""
    for each, step in view.free_text:
        for criterion, part in each.rubric():
            if part.text:
                hint = "Write it with id, idea, hint, prompt, tell and all_of; until then its help is general."
                part.wrong("this idea is a plain sentence", hint, code=PLAIN.name)
            else:
                _check_criterion(each, criterion, part)
        _check_samples(each, step)
    for watched in view.misconceptions:
        if watched.steps and not watched.misconception.all_of:
            hint = "Add all_of with the words by which learners show that they think so."
            watched.part.get("id").wrong("this misconception has no rules", hint, code=WRONG_IDEA_RULES.name)


def _check_criterion(each: StepView, criterion: Criterion, part: Part) -> None:
    missing = [rung for rung in _RUNGS if getattr(criterion, rung) is None]
    # Help is for what is required, in steps that have help.
    if missing and criterion.required and each.step.assisted:
        named = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
        hint = "A hint says where to look, a prompt begins the sentence, a tell is the answer."
        part.get("id").wrong(f"this idea has no {named}", hint, code=NO_LADDER.name)
    if not criterion.all_of:
        hint = "Add all_of: groups of words that all have to show, any one word of a group will do."
        part.get("id").wrong("this idea has no rules", hint, code=NO_RULES.name)


def _check_samples(each: StepView, step: RubricStep) -> None:
    if not step.samples:
        hint = "Add samples: about eight answers as learners write them, right, half right and wrong."
        each.part.get("id").wrong("this step has no sample answers", hint, code=NO_SAMPLES.name)
        return
    judged = [sample for sample in step.samples if sample.verdict != "off-task"]
    for criterion, part in each.rubric():
        where = part if part.text else part.get("id")
        meeting = [criterion.id in sample.meets for sample in judged]
        if not any(meeting):
            hint = f"Add an answer with meets: [{criterion.id}], as a learner would write it."
            where.wrong("no sample answer meets this idea", hint, code=NONE_MEETS.name)
        elif all(meeting):
            hint = f"Add an answer without {criterion.id}, so that the rules can be seen to refuse something."
            where.wrong("every sample answer meets this idea", hint, code=NONE_MISSES.name)
