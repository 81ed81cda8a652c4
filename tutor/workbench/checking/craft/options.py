"""Options: the right one does not give itself away, and each says something of its own."""

from __future__ import annotations

import re

from tutor.core.lesson import Choose, Option
from tutor.core.words import content_stems, folded_words, quoted_list
from tutor.lessons.parts import Part
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft.telling import QUOTED, stems_in, telling_stems, words_with
from tutor.workbench.checking.craft.view import LessonView, StepView

LONGEST = Code("right-option-longest", "warning", "The right option is far longer than the others.")
STANDS_OUT = Code("right-option-stands-out", "warning", "Only the right option is careful, or gives a reason.")
SAME_PLACE = Code("right-option-same-place", "warning", "The right option stands at the same place in every step.")
EVERY_RIGHT = Code("every-option-right", "warning", "Every option is right, so there is nothing to choose.")
SAME_WHY = Code("same-feedback", "warning", "Two options have the same feedback.")
WHY_TELLS = Code("feedback-gives-away", "warning", "The feedback to a wrong option gives the right one away.")
HINT_TELLS = Code("hint-gives-option-away", "warning", "A hint says the words of the right option.")
CODES = (LONGEST, STANDS_OUT, SAME_PLACE, EVERY_RIGHT, SAME_WHY, WHY_TELLS, HINT_TELLS)

_FAR_LONGER, _LONGER_BY = 1.5, 25
"""How much longer than the mean of the others: times, and characters."""
_ENOUGH_STEPS = 4
_SHORT = 3
"""Words of an option: of one as short as that, a single word gives it away."""
_ENOUGH_WORDS = 2
"""The right option's own words that give a longer one away; half of them must be there, too."""
_CAREFUL = re.compile(  # May is a month
    r"\b(?:may|(?i:might|maybe|perhaps|possibly|probably|likely|sometimes|often|usually|mostly|partly|seems?|tends?|because|although|unless))\b"
)


def check_options(view: LessonView) -> None:
    """Note right options that can be told without reading, and feedback that says nothing or too much."""
    for each in view.steps:
        if isinstance(each.step, Choose):
            _check_right(view, each)
            _check_alike(each)
            if view.is_english:
                _check_telling(each)
    _check_places(view)


def _split(each: StepView) -> tuple[list[tuple[Option, Part]], list[tuple[Option, Part]]]:
    options = each.options()
    return [pair for pair in options if pair[0].correct], [pair for pair in options if not pair[0].correct]


def _check_right(view: LessonView, each: StepView) -> None:
    right, wrong = _split(each)
    if not wrong:
        hint = "Add an option that a learner who has not looked closely would choose, or ask with `explain`."
        each.part.get("options").wrong("every option here is right", hint, code=EVERY_RIGHT.name)
        return
    lengths = [len(option.text) for option, _ in wrong]
    mean = sum(lengths) / len(lengths)
    for option, part in right:
        size = len(option.text)
        if size > max(lengths) and size >= _FAR_LONGER * mean and size - mean >= _LONGER_BY:
            message = f"this right option has {size} characters, the others about {mean:.0f}"
            hint = "Learners choose the longest without reading. Shorten it, or give the others as much to say."
            part.get("text").wrong(message, hint, code=LONGEST.name)
    [(option, part), *more] = right
    careful = _CAREFUL.search(_unquoted(option.text))
    if view.is_english and not more and len(wrong) > 1 and careful and not any(_is_careful(each) for each, _ in wrong):
        hint = "Learners choose it without reading. Give another option such a word too, or take it out."
        part.get("text").wrong(f'only the right option has a "{careful.group()}"', hint, code=STANDS_OUT.name)


def _unquoted(text: str) -> str:
    return QUOTED.sub("", text)


def _is_careful(option: Option) -> bool:
    return _CAREFUL.search(_unquoted(option.text)) is not None


def _check_alike(each: StepView) -> None:
    first: dict[str, Part] = {}
    for option, part in each.options():
        why, words = part.get("why"), " ".join(folded_words(option.why)) or option.why
        if words in first:
            hint = f"It stands in line {first[words].line} already. Say what is to be seen in this option."
            why.wrong("this feedback is the same as that of another option", hint, code=SAME_WHY.name)
        first.setdefault(words, why)


def _check_telling(each: StepView) -> None:
    """Words of the right option, beyond those that the question, the paragraph and the wrong options have."""
    right, wrong = _split(each)
    said = [each.paragraph, each.step.ask, *(option.text for option, _ in wrong)]
    for option, _ in right if wrong else ():
        own = telling_stems(option.text, "en").difference(*(stems_in(text, "en") for text in said))
        enough = max(_ENOUGH_WORDS if len(folded_words(option.text)) > _SHORT else 1, -(-len(own) // 2))
        others = [each.step.ask, *(other.text for other, _ in wrong)]
        for hint in each.part.get("hints").items():
            words = words_with(hint.text, own, "en")
            if len(words) >= enough or (words := _named(hint.text, option, others)):
                advice = "Say where to look, in words that fit every option."
                message = f"this hint says {quoted_list(words)} of the right option"
                hint.wrong(message, advice, code=HINT_TELLS.name)
        for _, part in wrong:
            if len(words := words_with(part.get("why").text, own, "en")) >= enough:
                advice = "Ask about the option that was chosen, and leave the right one to the next try."
                message = f"this feedback says {quoted_list(words)} of the right option"
                part.get("why").wrong(message, advice, code=WHY_TELLS.name)


def _named(text: str, option: Option, others: list[str]) -> list[str]:
    """The option, if a text holds all words of it that carry meaning, and no other option's nor all of the question's.

    The paragraph may have them, too: the text picks this option out of it.
    """
    said = stems_in(text, "en")

    def is_said(other: str) -> bool:
        words = content_stems(other)
        return bool(words) and words <= said

    enough = len(content_stems(option.text)) >= _ENOUGH_WORDS
    return [option.text] if enough and is_said(option.text) and not any(map(is_said, others)) else []


def _check_places(view: LessonView) -> None:
    places: list[int] = []
    first: Part | None = None
    for each in view.steps:
        right = [number for number, (option, _) in enumerate(each.options(), 1) if option.correct]
        if len(right) == 1:
            places += right
            first = first or each.part.get("options").items()[right[0] - 1].get("text")
    if first and len(places) >= _ENOUGH_STEPS and len(set(places)) == 1:
        message = f"the right option is number {places[0]} in all {len(places)} steps to choose"
        first.wrong(message, "Move it about: learners notice.", code=SAME_PLACE.name)
