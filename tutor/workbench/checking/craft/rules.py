"""Rules: they see what the sample answers say they should, and nothing else.

They are held against each answer as the judge reads it, without its quotations (`tutor.core.listening`), so that what
is said here is what happens in a lesson.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.core.catching import quotable_in
from tutor.core.lesson import Criterion, Explain, Look, Misconception, Rewrite, Ruled, Sample
from tutor.core.listening import without_quotations
from tutor.core.rules import Reading, compile_item, match_rules
from tutor.core.words import quoted_list
from tutor.lessons.parts import Part
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft.view import LessonView, StepView, read

REFUSES = Code("rule-refuses-sample", "warning", "The rules do not see an idea in a sample that meets it.")
ACCEPTS = Code("rule-accepts-sample", "warning", "The rules see an idea in a sample that does not meet it.")
MISSES_WRONG = Code("misconception-missed", "warning", "The rules do not see a misconception in its sample.")
SEES_WRONG = Code("misconception-seen", "warning", "The rules see a misconception in a sample without one.")
ON_QUESTION = Code("rule-fires-on-question", "warning", "Whoever repeats the question meets the idea.")
ON_TEXT = Code("rule-fires-on-text", "warning", "Words of the paragraph that no sample uses meet the idea.")
ON_SOURCE = Code("rule-fires-on-source", "warning", "The sentence that is to be rewritten is secure as it stands.")
ON_PROMPT = Code("rule-fires-on-prompt", "warning", "The beginning of a prompt meets the idea by itself.")
NEVER = Code("rule-never-met", "warning", "A rule can never be met: the same words are wanted and refused.")
CODES = (REFUSES, ACCEPTS, MISSES_WRONG, SEES_WRONG, ON_QUESTION, ON_TEXT, ON_SOURCE, ON_PROMPT, NEVER)

Pairs = list[tuple[Sample, Part, Reading]]


def check_rules(view: LessonView) -> None:
    """Note rules that disagree with the sample answers, or that see an idea where nobody has had it yet."""
    for each, step in view.free_text:
        quotable = quotable_in(view.lesson, step)
        samples: Pairs = [
            (sample, part, read(without_quotations(sample.answer, quotable), view.lesson.lang))
            for sample, part in zip(step.samples, each.part.get("samples").items(), strict=False)
        ]
        for criterion, part in each.rubric():
            if criterion.all_of:
                _check_criterion(criterion, samples)
                _check_prompt(view, criterion, part)
                if not isinstance(step, Rewrite):
                    _check_paragraph(view, each, criterion, part, samples)
        for wrong_idea in view.lesson.misconceptions_of(step):
            if wrong_idea.all_of:
                _check_misconception(wrong_idea, samples)
        if isinstance(step, Rewrite):
            _check_source(view, each, step)
    _check_questions(view)
    for ruled, part in _every_rule(view):
        _check_possible(ruled, part)


def _every_rule(view: LessonView) -> Iterator[tuple[Ruled, Part]]:
    yield from ((criterion, part) for each in view.steps for criterion, part in each.rubric())
    yield from ((each.misconception, each.part) for each in view.misconceptions)


def _check_criterion(criterion: Criterion, samples: Pairs) -> None:
    for sample, part, reading in samples:
        match = match_rules(criterion, reading)
        answer = part.get("answer")
        if match.met and criterion.id not in sample.meets:
            message = f'the rules of "{criterion.id}" see it in this answer, in {quoted_list(match.evidence)}'
            hint = f"Narrow the rules, refuse it with none_of, or add {criterion.id} to `meets`."
            answer.wrong(message, hint, code=ACCEPTS.name)
        elif not match.met and criterion.id in sample.meets:
            message = (
                f'the rules of "{criterion.id}" do not see it in this answer{_why(criterion, match.veto, reading)}'
            )
            hint = f"Add its words to all_of, or take {criterion.id} out of `meets`."
            answer.wrong(message, hint, code=REFUSES.name)


def _why(ruled: Ruled, veto: str | None, reading: Reading) -> str:
    if veto:
        return f" (none_of refuses it: {veto})"
    singly = [match_rules(Ruled(all_of=(group,)), reading).met for group in ruled.all_of]
    missing = [str(number) for number, met in enumerate(singly, 1) if not met]
    return f" (group {' and '.join(missing)} of all_of is missing)" if len(singly) > 1 else ""


def _check_misconception(wrong_idea: Misconception, samples: Pairs) -> None:
    for sample, part, reading in samples:
        match = match_rules(wrong_idea, reading)
        answer = part.get("answer")
        # One answer may hold two misconceptions, but names one.
        if match.met and sample.misconception is None:
            message = f'the rules of "{wrong_idea.id}" see it in this answer, in {quoted_list(match.evidence)}'
            hint = f"Narrow the rules, refuse it with none_of, or label it misconception: {wrong_idea.id}."
            answer.wrong(message, hint, code=SEES_WRONG.name)
        elif not match.met and sample.misconception == wrong_idea.id:
            message = (
                f'the rules of "{wrong_idea.id}" do not see it in this answer{_why(wrong_idea, match.veto, reading)}'
            )
            answer.wrong(message, "Add its words to all_of, or take the label out.", code=MISSES_WRONG.name)


def _check_questions(view: LessonView) -> None:
    """Hold every rule against the question of its step. A rewriting hardly repeats it, and is left out."""
    ruled: list[tuple[StepView, Ruled, Part]] = [(each, *pair) for each in view.steps for pair in each.rubric()]
    ruled += [
        (each, wrong_idea.misconception, wrong_idea.part)
        for wrong_idea in view.misconceptions
        for each in wrong_idea.steps
    ]
    for each, idea, part in ruled:
        if isinstance(each.step, (Explain, Look)):
            question = without_quotations(each.step.ask, quotable_in(view.lesson, each.step))
            match = match_rules(idea, read(question, view.lesson.lang))
            if match.met:
                hint = "A learner who repeats the question would have said it. Ask otherwise, or narrow the rules."
                message = f"these rules are met by the question, by {quoted_list(match.evidence)}"
                part.get("all_of").wrong(message, hint, code=ON_QUESTION.name)


def _check_prompt(view: LessonView, criterion: Criterion, part: Part) -> None:
    match = match_rules(criterion, read(criterion.prompt or "", view.lesson.lang))
    if match.met:
        message = f"this prompt meets the idea by itself, by {quoted_list(match.evidence)}"
        hint = "Leave those words to the learner, or narrow the rules."
        part.get("prompt").wrong(message, hint, code=ON_PROMPT.name)


def _check_paragraph(view: LessonView, each: StepView, criterion: Criterion, part: Part, samples: Pairs) -> None:
    """Copied in pieces of a few words, a paragraph counts as an answer; what samples use of it is one."""
    for block in each.paragraph.split("\n"):
        text = read(block, view.lesson.lang)
        match = match_rules(criterion, text)
        if match.met and not _is_wanted(criterion, text, samples):
            message = f"these rules are met by the paragraph, by {quoted_list(match.evidence)}"
            hint = "Narrow them; if these words are an answer, add a sample that has them."
            part.get("all_of").wrong(message, hint, code=ON_TEXT.name)
            break


def _is_wanted(criterion: Criterion, text: Reading, samples: Pairs) -> bool:
    """Whether samples that meet the criterion show every group of it by an item that the text has, too."""
    meeting = [reading for sample, _, reading in samples if criterion.id in sample.meets]

    def is_used(item: str) -> bool:
        find = compile_item(item, text.lang)
        return find(text) is not None and any(find(reading) for reading in meeting)

    return all(any(is_used(item) for item in group) for group in criterion.all_of)


def _check_source(view: LessonView, each: StepView, step: Rewrite) -> None:
    """Handing the sentence back as it is must not be secure."""
    lang = view.lesson.lang
    source = view.lesson.marks_of(step.id)[step.source].quote if step.source else each.paragraph
    text = read(source, lang)
    required = [criterion for criterion in step.rubric if criterion.required]
    dropped = any(compile_item(item, lang)(text) for item in step.must_drop)
    kept = all(compile_item(item, lang)(text) for item in step.must_keep)
    if kept and not dropped and all(match_rules(criterion, text).met for criterion in required):
        hint = "Ask for what the sentence has not, or name what has to go in must_drop."
        each.part.get("rubric").wrong("the sentence to rewrite meets all of this already", hint, code=ON_SOURCE.name)


def _check_possible(ruled: Ruled, part: Part) -> None:
    vetoes = set(ruled.vetoes)
    for group, where in zip(ruled.all_of, part.get("all_of").items(), strict=False):
        if set(group) <= vetoes:
            hint = "Take the words out of one of the two."
            where.wrong("all words of this group are refused by none_of", hint, code=NEVER.name)
