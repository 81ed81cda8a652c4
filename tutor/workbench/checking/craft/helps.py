"""Questions, hints, prompts and replies: they ask, and they say nothing of what a learner is to find."""

from __future__ import annotations

import re

from tutor.core.guard import asks, questions
from tutor.core.lesson import Choose, Criterion, Find, RubricStep
from tutor.core.rules import compile_item
from tutor.core.words import STOP_WORDS, folded_words, quoted_list
from tutor.lessons.parts import Part
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft.telling import QUOTED, gives_away, is_answer, key_of, stems_in, telling_stems
from tutor.workbench.checking.craft.view import LessonView, StepView, read

HINT_TELLS = Code("hint-gives-away", "warning", "A probe, hint or prompt says words of the answer.")
REPLY_TELLS = Code("reply-gives-away", "warning", "The reply to a misconception says words of the answer.")
QUESTION_TELLS = Code("question-gives-away", "warning", "The question holds the idea that learners are to find.")
EARLIER_TELLS = Code("earlier-step-gives-away", "warning", "An earlier step says what a later one asks for.")
QUOTES_TARGET = Code("hint-quotes-target", "warning", "A question or hint quotes the words that are to be found.")
SAYS_NEVER = Code("never-say-said", "warning", "The step itself says a word that is never to be said.")
HINT_STATES = Code("hint-asks-nothing", "warning", "A probe or hint asks nothing and sets no task.")
REPLY_STATES = Code("reply-asks-nothing", "warning", "The reply to a misconception asks nothing.")
ASKS_TWICE = Code("help-asks-twice", "warning", "A probe, hint or reply asks more than one question.")
NO_BLANK = Code("prompt-without-blank", "warning", "A prompt has neither a blank to fill nor a question.")
NO_HINTS = Code("no-hints", "warning", "A step has no hints, so that asking for help brings none.")
CODES = (
    HINT_TELLS,
    REPLY_TELLS,
    QUESTION_TELLS,
    EARLIER_TELLS,
    QUOTES_TARGET,
    SAYS_NEVER,
    HINT_STATES,
    REPLY_STATES,
    ASKS_TWICE,
    NO_BLANK,
    NO_HINTS,
)

_BLANK = re.compile(r"_|\.\.\.|…")
_TASK = re.compile(
    r"(?:^|[.!:;,]\s+)(?:(?:now|then|first|next|again|and|just|so)[, ]+)*"
    r"(?:ask|check|choose|close|compare|count|cover|cross|cut|find|finish|follow|go|guess|imagine|leave|listen|look|"
    r"name|open|picture|point|pretend|put|read|remember|replace|say|search|see|show|skip|start|stop|swap|take|tell|"
    r"think|try|turn|use|weigh|work|write)\b",
    re.IGNORECASE,
)
"""A sentence that begins with what to do."""
_RUN, _LONG_RUN = 3, 5
"""Words in a row of a target that point at it; more where we cannot tell which of them carry meaning."""
_LEAST_OF_IDEA = 3
"""Words that carry meaning: an idea has to have as many for a text with all of them to tell it."""


def check_helps(view: LessonView) -> None:
    """Note help that says too much, or asks nothing."""
    for each in view.steps:
        _check_asking(view, each)
        _check_never(view, each)
        if isinstance(each.step, Find):
            _check_target_words(view, each, each.step)
    _check_replies(view)
    _check_telling(view)
    if view.is_english:
        _check_earlier(view, view.walk)
        _check_earlier(view, view.exit)


def _hints(each: StepView) -> list[Part]:
    return each.part.get("hints").items()


def _check_asking(view: LessonView, each: StepView) -> None:
    hints = [*_hints(each), *(part.get(rung) for _, part in each.rubric() for rung in ("probe", "hint"))]
    for part in hints:
        if part.text and view.is_english and not _asks(part.text) and not _TASK.search(part.text):
            hint = "Turn it into a question: a hint says where to look, the learner does the looking."
            part.wrong("this asks nothing", hint, code=HINT_STATES.name)
        _check_once(part)
    for prompt in (part.get("prompt") for _, part in each.rubric()):
        is_open = _BLANK.search(prompt.text) or _asks(prompt.text) or not view.has_known_question_marks
        if prompt.text and not is_open:
            hint = "Write the beginning of a sentence and leave out its end: I can tell from ___."
            prompt.wrong("this prompt leaves nothing to fill in", hint, code=NO_BLANK.name)
    if each.step.assisted and isinstance(each.step, (Choose, Find)) and not each.step.hints:
        hint = "Add hints: with one or two questions that say where to look."
        each.part.get("id").wrong("this step has no hints", hint, code=NO_HINTS.name)


def _check_once(part: Part) -> None:
    if (count := questions(part.text)) > 1:
        hint = "Keep the one that helps most: a learner who is asked two things answers neither."
        part.wrong(f"this asks {count} questions at once", hint, code=ASKS_TWICE.name)


def _asks(text: str) -> bool:
    """Whether a text asks something, be it with a question in quotation marks at its end."""
    return asks(text) or text.rstrip("\"”'’ ").endswith("?")


def _check_replies(view: LessonView) -> None:
    for each in view.misconceptions:
        reply = each.part.get("reply")
        if view.has_known_question_marks and not _asks(reply.text):
            hint = "Ask something that a learner who thinks so has to stumble over."
            reply.wrong("this reply asks nothing", hint, code=REPLY_STATES.name)
        _check_once(reply)


def _check_telling(view: LessonView) -> None:
    lang = view.lesson.lang
    wrong_ideas = view.misconceptions
    for each, step in view.free_text:
        watched = [idea for idea in wrong_ideas if any(watching.step is step for watching in idea.steps)]
        for criterion, part in each.rubric():
            key, before = key_of(criterion, step, lang), (each.paragraph, step.ask)
            for rung in ("probe", "hint", "prompt"):
                text = part.get(rung).text
                words = gives_away(text, key, before, lang) if view.is_english else ""
                # Of a prompt that meets the rules by itself, `rules` speaks.
                if words or (rung != "prompt" and (words := is_answer(text, criterion, (step.ask,), lang))):
                    hint = "Say where to look in other words; the `tell` is the place for these."
                    part.get(rung).wrong(f"this {rung} says {words} of the answer", hint, code=HINT_TELLS.name)
            for wrong_idea in watched:
                # What the misconception itself says, the learner has said already.
                reply, said = wrong_idea.misconception.reply, wrong_idea.misconception.idea
                words = gives_away(reply, key, (*before, said), lang) if view.is_english else ""
                if words or (words := is_answer(reply, criterion, (step.ask, said), lang)):
                    hint = "Ask about the idea that is not so, and leave the right one to the learner."
                    message = f'this reply says {words} of the idea "{criterion.id}"'
                    wrong_idea.part.get("reply").wrong(message, hint, code=REPLY_TELLS.name)
            if view.is_english and _holds_idea(step.ask, criterion, lang):
                hint = "Ask more openly, so that the learner has something left to find."
                message = f'this question holds the whole idea "{criterion.id}"'
                each.part.get("ask").wrong(message, hint, code=QUESTION_TELLS.name)


def _holds_idea(ask: str, criterion: Criterion, lang: str) -> bool:
    idea = telling_stems(criterion.idea, lang)
    return len(idea) >= _LEAST_OF_IDEA and idea <= stems_in(ask, lang)


def _check_earlier(view: LessonView, steps: tuple[StepView, ...]) -> None:
    """An earlier step about the same text whose words hold all that carries meaning in a later idea."""
    lang = view.lesson.lang
    shown: list[tuple[StepView, Part, frozenset[str]]] = []
    for each in steps:
        if isinstance(each.step, RubricStep):
            known = stems_in(each.paragraph, lang) | stems_in(each.step.ask, lang)
            for criterion, _ in each.rubric():
                idea = telling_stems(criterion.idea, lang) - known
                for before, part, said in shown if len(idea) >= _LEAST_OF_IDEA else ():
                    if idea <= said and set(before.step.at) & set(each.step.at):
                        message = f'this says the idea "{criterion.id}" that the step "{each.step.id}" asks for'
                        part.wrong(message, "Say less here, or ask for something else there.", code=EARLIER_TELLS.name)
        shown += [(each, part, stems_in(part.text, lang)) for part in _shown_texts(each)]


def _shown_texts(each: StepView) -> list[Part]:
    """What every learner who takes the step may read, whatever they answer."""
    options = [option.get(field) for _, option in each.options() for field in ("text", "why")]
    return [part for part in (each.part.get("ask"), each.part.get("why"), *_hints(each), *options) if part.text]


def _check_never(view: LessonView, each: StepView) -> None:
    lang = view.lesson.lang
    finders = [(word, compile_item(word, lang)) for word in each.step.never_say]
    if not finders:
        return
    for part in _said_before_the_end(each):
        reading = read(part.text, lang)
        said = next(((word, reading.quote(place)) for word, find in finders if (place := find(reading))), None)
        if said:
            hint = (
                r"Say it otherwise, or narrow `never_say`: there a word stands for all its forms, /\btold\b/ for one."
            )
            message = f"this says {quoted_list(said[1:])}, and `never_say` has {quoted_list(said[:1])}"
            part.wrong(message, hint, code=SAYS_NEVER.name)


def _said_before_the_end(each: StepView) -> list[Part]:
    """What a learner may read before the step is done."""
    parts = [each.part.get("ask"), *_hints(each)]
    for option, part in each.options():
        parts += [part.get("text")] if option.correct else [part.get("text"), part.get("why")]
    parts += [part.get(rung) for _, part in each.rubric() for rung in ("probe", "hint", "prompt")]
    parts += [part.get("reply") for part in each.part.get("misconceptions").items()]
    return [part for part in parts if part.text]


def _check_target_words(view: LessonView, each: StepView, step: Find) -> None:
    marks = view.lesson.marks_of(step.id)
    targets = [folded_words(marks[name].quote) for name in step.targets]
    for part in (each.part.get("ask"), *_hints(each)):
        quoted = [folded_words(match.group()) for match in QUOTED.finditer(part.text)]
        told = next((" ".join(run) for run in quoted if any(_points_at(run, target) for target in targets)), "")
        # A question may quote the whole sentence in which the words are to be found.
        if not told and part.path[-1] != "ask":
            told = next(filter(None, (_shared_run(part.text, target, view) for target in targets)), "")
        if told:
            hint = "Say what to look for, not the words themselves."
            part.wrong(f'this quotes "{told}", which is to be found', hint, code=QUOTES_TARGET.name)


def _shared_run(text: str, target: tuple[str, ...], view: LessonView) -> str:
    """The words of a target that stand in a text, enough of them in a row to point at it; "" where they do not."""
    words, length = folded_words(text), _RUN if view.is_english else _LONG_RUN
    runs = [target[at : at + length] for at in range(len(target) - length + 1)]
    pointing = [run for run in runs if not view.is_english or sum(word not in STOP_WORDS for word in run) > 1]
    if len(target) > 1:
        pointing.append(target)
    return next((" ".join(run) for run in pointing if _stands(run, words)), "")


def _points_at(quoted: tuple[str, ...], target: tuple[str, ...]) -> bool:
    """Whether quoted words are the target's; one that is everywhere, such as no, is not enough."""
    return any(word not in STOP_WORDS for word in quoted) and _stands(quoted, target)


def _stands(run: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(run)] == run for at in range(len(words) - len(run) + 1))
