"""The lesson as a whole: for whom it is, how long it takes, and whether it teaches trust as well as doubt."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.core.lesson import Find, Look
from tutor.core.words import fold, folded_words, split_words, stems
from tutor.lessons.parts import Part
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft.view import LessonView, StepView

NO_AGES = Code("no-ages", "warning", "The lesson does not say how old its learners are.")
NO_EXIT = Code("no-exit-ticket", "warning", "The lesson has no exit ticket, so nobody sees what was learnt.")
NO_SOUND_MARK = Code("no-sound-mark", "warning", "No mark says that a passage is sound.")
NO_DECOY = Code("find-without-decoy", "warning", "A find step has no decoy, so whoever picks everything does well.")
NO_SOUND_DECOY = Code("no-sound-decoy", "warning", "No decoy of the whole lesson is a sound passage.")
LONG_TARGET = Code("target-too-long", "warning", "Words to find are so many that hardly anybody picks enough of them.")
UNUSED_CARD = Code("card-unused", "warning", "No step has this source card, so no learner ever sees it.")
LONG_PARTS = Code("parts-too-long", "warning", "The parts of the lesson are longer than 20 minutes each.")
UNREVIEWED = Code("unreviewed", "warning", "A suggestion of a machine has not been read by a person yet.")
TERM_NOT_THERE = Code("glossary-not-in-text", "warning", "A word of the glossary stands nowhere in the lesson.")
CUT_OFF = Code("text-cut-off", "warning", "A text without quotes ends before a #; what follows is not read.")
CODES = (
    NO_AGES,
    NO_EXIT,
    NO_SOUND_MARK,
    NO_DECOY,
    NO_SOUND_DECOY,
    LONG_TARGET,
    UNUSED_CARD,
    LONG_PARTS,
    UNREVIEWED,
    CUT_OFF,
    TERM_NOT_THERE,
)

LONGEST_PART = 20
LONGEST_TARGET = 20
"""Words of a mark to find: of more, hardly anybody picks half."""
_UNREVIEWED = "UNREVIEWED"


def check_frame(view: LessonView) -> None:
    """Note what the lesson as a whole lacks."""
    _check_audience(view)
    _check_discernment(view)
    _check_cards(view)
    _check_glossary(view)
    for text in _texts(view.root):
        if text.note and len(folded_words(text.text)) > 1:
            hint = 'If it is text, put all of it in "quotes"; if it is a note to yourself, put two blanks before the #.'
            text.wrong("this text ends before the #", hint, offending=text.note, code=CUT_OFF.name)
        if _UNREVIEWED in text.text:
            hint = f"Read it, change what should be otherwise, and take the word {_UNREVIEWED} out."
            text.wrong("nobody has read this suggestion yet", hint, code=UNREVIEWED.name)


def _check_audience(view: LessonView) -> None:
    lesson, root = view.lesson, view.root
    if lesson.ages is None:
        hint = "Add ages: [12, 14], so that the reading level can be looked after."
        root.wrong("this lesson does not say for which ages it is", hint, code=NO_AGES.name)
    if lesson.exit is None:
        hint = "Add exit: with a short fresh text and two or three steps that go without help."
        root.wrong("this lesson has no exit ticket", hint, code=NO_EXIT.name)
    parts = len({step.part for step in lesson.steps if step.part}) or 1
    if lesson.minutes and lesson.minutes > LONGEST_PART * parts:
        least = -(-lesson.minutes // LONGEST_PART)
        named = "one part" if parts == 1 else f"{parts} parts"
        hint = f"Group the steps into {least} or more parts of at most {LONGEST_PART} minutes, each a place to stop."
        root.get("minutes").wrong(f"these minutes are long for {named}", hint, code=LONG_PARTS.name)


def _check_discernment(view: LessonView) -> None:
    lesson = view.lesson
    if not any(mark.sound for mark in lesson.marks):
        where = view.root.get("marks")
        hint = "Mark a passage that can be relied on with sound: true; a text is seldom wrong throughout."
        where.wrong("no mark here is sound", hint, offending="", code=NO_SOUND_MARK.name)
    finds = [(each, each.step) for each in view.steps if isinstance(each.step, Find)]
    decoys = [lesson.marks_of(step.id)[name] for _, step in finds for name in step.decoys]
    for each, step in finds:
        if not step.decoys:
            hint = "Name marks that look alike but are not meant, best of all sound ones: decoys: [...]."
            each.part.get("id").wrong("this find step has no decoy", hint, code=NO_DECOY.name)
        _check_targets(view, each, step)
    if decoys and not any(mark.sound for mark in decoys):
        where = next(each.part for each, step in finds if step.decoys).get("decoys")
        hint = "Make a passage with sound: true a decoy of one find step at least."
        where.wrong("none of the decoys of this lesson is sound", hint, code=NO_SOUND_DECOY.name)


def _check_targets(view: LessonView, each: StepView, step: Find) -> None:
    marks = view.lesson.marks_of(step.id)
    for name, target in zip(step.targets, each.part.get("targets").items(), strict=True):
        if (count := len(split_words(marks[name].quote))) > LONGEST_TARGET:
            hint = "Learners pick a few words; of these they would need about half. Mark the words that matter most."
            target.wrong(f"this mark has {count} words to find", hint, code=LONG_TARGET.name)


def _check_cards(view: LessonView) -> None:
    shown = {card for each in view.steps if isinstance(each.step, Look) for card in each.step.cards}
    for source, part in zip(view.lesson.sources, view.root.get("sources").items(), strict=True):
        if source.id not in shown:
            hint = "Name it in the `cards` of a look step, or take it out of `sources`."
            part.get("id").wrong("no step has this source card", hint, code=UNUSED_CARD.name)


def _check_glossary(view: LessonView) -> None:
    lesson = view.lesson
    articles = (lesson.article, lesson.exit.article) if lesson.exit else (lesson.article,)
    shown = [block.text for article in articles for block in article.blocks]
    folded = fold("\n".join(shown))
    missing = [term for term in lesson.glossary if fold(term) not in folded]
    if missing:
        parts = [view.root.get(field) for field in ("sources", "facts", "steps")]
        shown += [text.text for part in (*parts, view.root.get("exit").get("steps")) for text in _texts(part)]
        there = _stemmed("\n".join(shown), lesson.lang)
        for term in missing:
            if folded_words(term) and _stemmed(term, lesson.lang) not in there:
                hint = "Spell it as the text does, or take it out."
                entry = view.root.get("glossary").get(term)
                entry.wrong_name("this word stands nowhere in the lesson", hint, code=TERM_NOT_THERE.name)


def _stemmed(text: str, lang: str) -> str:
    """The stems of a text in their order, with a blank before and after each."""
    return f" {' '.join(stems(folded_words(text), lang))} "


def _texts(part: Part) -> Iterator[Part]:
    """Every text at or under a part."""
    if isinstance(part.value, dict):
        for key in part.value:
            yield from _texts(part.get(key))
    elif isinstance(part.value, list):
        for item in part.items():
            yield from _texts(item)
    elif part.text:
        yield part
