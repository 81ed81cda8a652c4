"""The article as the teacher marked it, each mark with its notes and the learner's own words beside it.

Nothing is given away before its time: until a session is finished, a mark shows only when a step that names it is over
and no step that names it is still to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from tutor.core import events as e
from tutor.core.article import BlockKind, Span
from tutor.core.clean import clean, one_line
from tutor.core.lesson import (
    Article,
    Attribution,
    Choose,
    Explain,
    Fact,
    FactStatus,
    Find,
    Lesson,
    Look,
    Mark,
    Rewrite,
)
from tutor.core.session import Phase, Session, StepState
from tutor.core.taxonomy import Taxonomy
from tutor.core.words import quoted_list, sentence

Step = Choose | Find | Explain | Rewrite | Look
Names = Mapping[str, str]
"""What the terms of the taxonomy are called, by id."""
NO_NAMES: Names = MappingProxyType({})

_DID: dict[str, str] = {"choice": "You chose", "words": "You pointed at", "text": "You wrote"}
_STATUS: dict[FactStatus, str] = {
    "true": "true",
    "false": "false",
    "misleading": "misleading",
    "disputed": "disputed",
    "unverified": "nobody has checked it yet",
    "future": "not known yet",
}
_SOUND = "Nothing to object to here."


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of a block's text: the numbers of the notes whose marks cover it (none: plain), and of those ending there.

    `sound` is set where all that covers it is sound.
    """

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """What the learner answered to one step, in order.

    A step may be about several marks: its question stands where its answers come first (elsewhere `ask` is empty), and
    `see` is the number of the note that holds them where they are not said again.
    """

    step: str
    ask: str
    kind: Literal["choice", "words", "text"]
    words: tuple[str, ...]
    see: int | None = None

    @property
    def facets(self) -> tuple[tuple[str, str], ...]:
        """The question, and what the learner did: chose, pointed at or wrote."""
        answer = (_DID[self.kind], f"see note {self.see}" if self.see else quoted_list(self.words))
        return (("Question", self.ask), answer) if self.ask else (answer,)


@dataclass(frozen=True, slots=True)
class FactCard:
    """What is known about a claim, from where, and when that was so."""

    claim: str
    status: str
    card: str
    as_of: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """All that is said about one mark. Kinds, techniques and the attribution's form are called by their names."""

    number: int
    mark: str
    words: str
    kinds: tuple[str, ...] = ()
    contested: bool = False
    techniques: tuple[str, ...] = ()
    attribution: str | None = None
    sound: bool = False
    note: str | None = None
    fact: FactCard | None = None
    own: tuple[Own, ...] = ()

    @property
    def facets(self) -> tuple[tuple[str, str], ...]:
        """The note as pairs of a label and a text, in the order in which screen, plain mode and files show them."""
        pairs: list[tuple[str, str]] = []
        if self.kinds:
            differ = " (good readers differ)" if self.contested else ""
            pairs.append(("Kind", f"{' / '.join(self.kinds)}{differ}"))
        if self.techniques:
            pairs.append(("Technique", ", ".join(self.techniques)))
        if self.attribution:
            pairs.append(("Who says so", self.attribution))
        if self.sound or self.note:
            pairs.append(("Sound" if self.sound else "Note", self.note or _SOUND))
        if self.fact:
            pairs.append(("Fact card", fact_text(self.fact)))
        return (*pairs, *(pair for own in self.own for pair in own.facets))


@dataclass(frozen=True, slots=True)
class AnnotatedBlock:
    """A block of the walk's article or of the exit ticket's, with its notes; `own` are words that belong to no mark."""

    id: str
    kind: BlockKind
    segments: tuple[Segment, ...]
    notes: tuple[Note, ...] = ()
    own: tuple[Own, ...] = ()
    in_exit: bool = False


def annotated(lesson: Lesson, session: Session, names: Names = NO_NAMES) -> tuple[AnnotatedBlock, ...]:
    """The blocks of the article, then those of the exit ticket once it has begun; notes are numbered throughout."""
    blocks = _blocks(lesson, session, names, in_exit=False, numbered=0)
    if lesson.exit and (session.phase is Phase.FINISHED or any(map(lesson.in_exit, session.visited))):
        blocks += _blocks(lesson, session, names, in_exit=True, numbered=sum(len(block.notes) for block in blocks))
    return tuple(_said_once(blocks))


def term_names(taxonomy: Taxonomy) -> Names:
    """The names of skills, kinds of statement, techniques and forms of attribution, by id."""
    terms = (taxonomy.skills, taxonomy.kinds, taxonomy.techniques, taxonomy.attribution)
    return {str(key): term.name for group in terms for key, term in group.items()}


def name_of(term: str, names: Names) -> str:
    """What a term of the taxonomy is called; its id in plain letters where it has no name."""
    return one_line(names.get(term) or term.replace("-", " ").replace(".", ": "))


def is_over(lesson: Lesson, state: StepState) -> bool:
    """Whether all that a step has to say was said: it is closed, and in the exit ticket its feedback was given."""
    return state.result is not None and (state.reviewed or not lesson.in_exit(state.id))


def fact_text(fact: FactCard) -> str:
    """A fact card as one line: the claim and its status, what is known, from where, and as of when."""
    source = f"Source: {sentence(fact.source)} " if fact.source else ""
    return f"{quoted_list([fact.claim])}: {fact.status}. {sentence(fact.card)} {source}As of {fact.as_of}."


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark that is shown: the number of its note, and where it stands."""

    number: int
    mark: Mark
    span: Span


def _blocks(
    lesson: Lesson, session: Session, names: Names, *, in_exit: bool, numbered: int
) -> tuple[AnnotatedBlock, ...]:
    article, steps, marks = _text(lesson, in_exit=in_exit)
    shown = [mark for mark in marks if _is_shown(lesson, session, steps, mark.id)]
    placed = _placed(article, shown, numbered)
    states = [state for state in session.steps.values() if lesson.in_exit(state.id) == in_exit]
    blocks = []
    for block in article.blocks:
        here = [each for each in placed if each.mark.at == block.id]
        notes = (_note(lesson, each, block.text, _own_on_mark(lesson, states, each), names) for each in here)
        own = _own_elsewhere(lesson, states, block.id, placed)
        blocks.append(AnnotatedBlock(block.id, block.kind, _segments(block.text, here), tuple(notes), own, in_exit))
    return tuple(blocks)


def _placed(article: Article, marks: Iterable[Mark], numbered: int) -> tuple[_Placed, ...]:
    """The marks in reading order, numbered on; of two that begin together, the longer one first."""
    order = {block.id: number for number, block in enumerate(article.blocks)}
    spans = [(mark, article.span(mark)) for mark in marks]
    spans.sort(key=lambda pair: (order[pair[1].block], pair[1].start, -pair[1].end))
    return tuple(_Placed(number, mark, span) for number, (mark, span) in enumerate(spans, numbered + 1))


def _said_once(blocks: Iterable[AnnotatedBlock]) -> Iterator[AnnotatedBlock]:
    """The blocks with each step's question at the first note about it, and a reference in place of repeated answers."""
    first: dict[str, int] = {}
    for block in blocks:
        notes = []
        for note in block.notes:
            own = tuple(_again(each, first[each.step]) if each.step in first else each for each in note.own)
            first.update({each.step: note.number for each in note.own if each.step not in first})
            notes.append(replace(note, own=own))
        yield replace(block, notes=tuple(notes))


def _again(own: Own, number: int) -> Own:
    """Words pointed at differ from mark to mark; other answers are the same ones."""
    return replace(own, ask="", see=None if own.kind == "words" else number)


def _text(lesson: Lesson, *, in_exit: bool) -> tuple[Article, tuple[Step, ...], tuple[Mark, ...]]:
    if in_exit and lesson.exit:
        return lesson.exit.article, lesson.exit.steps, lesson.exit.marks
    return lesson.article, lesson.steps, lesson.marks


def _is_shown(lesson: Lesson, session: Session, steps: Iterable[Step], mark_id: str) -> bool:
    if session.phase is Phase.FINISHED:
        return True
    naming = [session.steps.get(step.id) for step in steps if mark_id in _named(step)]
    return bool(naming) and all(state is not None and is_over(lesson, state) for state in naming)


def _named(step: Step) -> set[str]:
    """The marks that a step is about."""
    named = set(step.marks)
    if isinstance(step, Find):
        named.update(step.targets, step.decoys)
    elif isinstance(step, Rewrite) and step.source:
        named.add(step.source)
    return named


def _segments(text: str, placed: Iterable[_Placed]) -> tuple[Segment, ...]:
    """The text cut wherever a mark begins or ends, so that marks may overlap in any way."""
    placed = tuple(placed)
    cuts = {0, len(text)} | {place for each in placed for place in (each.span.start, each.span.end)}
    segments = []
    for start, end in pairwise(sorted(cuts)):
        over = [each for each in placed if each.span.start <= start and end <= each.span.end]
        numbers = tuple(each.number for each in over)
        ends = tuple(each.number for each in over if each.span.end == end)
        sound = bool(over) and all(each.mark.sound for each in over)
        segments.append(Segment(clean(text[start:end]), numbers, ends, sound))
    return tuple(segments)


def _note(lesson: Lesson, placed: _Placed, text: str, own: tuple[Own, ...], names: Names) -> Note:
    mark = placed.mark
    fact = next((each for each in lesson.facts if each.id == mark.fact), None)
    kinds = dict.fromkeys((mark.kind, *mark.also) if mark.kind else mark.also)
    return Note(
        number=placed.number,
        mark=mark.id,
        words=one_line(text[placed.span.start : placed.span.end]),
        kinds=tuple(name_of(kind, names) for kind in kinds),
        contested=mark.contested,
        techniques=tuple(name_of(technique, names) for technique in mark.techniques),
        attribution=_attribution_text(mark.attribution, names) if mark.attribution else None,
        sound=mark.sound,
        note=clean(mark.note) if mark.note else None,
        fact=_fact_card(fact) if fact else None,
        own=own,
    )


def _attribution_text(attribution: Attribution, names: Names) -> str:
    """Source, cue and content's form in words (PARC's parts of an attribution)."""
    said = one_line(attribution.source or "source not named")
    cue = f" (“{one_line(attribution.cue)}”)" if attribution.cue else ""
    via = f", through {one_line(attribution.via)}" if attribution.via else ""
    return f"{said}{cue}{via}. {name_of(attribution.form, names)}."


def _fact_card(fact: Fact) -> FactCard:
    source = one_line(fact.source) if fact.source else None
    return FactCard(one_line(fact.claim), _STATUS[fact.status], clean(fact.card), one_line(fact.as_of), source)


def _own_on_mark(lesson: Lesson, states: Iterable[StepState], placed: _Placed) -> tuple[Own, ...]:
    """The answers to steps that name the mark; words pointed at belong to every mark that they touch."""
    own = []
    for state in states:
        step = lesson.step(state.id)
        if isinstance(step, Find):
            own.append(_own(step, (each.text for each in _pointed(state) if _touches(each, placed.span))))
        elif placed.mark.id in _named(step):
            own.append(_own(step, _said(state)))
    return tuple(each for each in own if each.words)


def _own_elsewhere(
    lesson: Lesson, states: Iterable[StepState], block: str, placed: Sequence[_Placed]
) -> tuple[Own, ...]:
    """The answers at this block that stand beside no mark."""
    beside = {each.mark.id for each in placed}
    own = []
    for state in states:
        step = lesson.step(state.id)
        if isinstance(step, Find):
            loose = (each for each in _pointed(state) if not any(_touches(each, other.span) for other in placed))
            own.append(_own(step, (each.text for each in loose if each.block == block)))
        elif step.at[0] == block and not _named(step) & beside:
            own.append(_own(step, _said(state)))
    return tuple(each for each in own if each.words)


def _own(step: Step, words: Iterable[str]) -> Own:
    kinds: dict[str, Literal["choice", "words"]] = {"choose": "choice", "find": "words"}
    kept = dict.fromkeys(clean(each).strip() for each in words)
    return Own(step.id, clean(step.ask), kinds.get(step.do, "text"), tuple(each for each in kept if each))


def _said(state: StepState) -> tuple[str, ...]:
    return tuple(answer.text for answer in state.answers if not isinstance(answer, e.Pointed))


def _pointed(state: StepState) -> tuple[e.Selection, ...]:
    return tuple(each for answer in state.answers if isinstance(answer, e.Pointed) for each in answer.selections)


def _touches(selection: e.Selection, span: Span) -> bool:
    return selection.block == span.block and selection.start < span.end and span.start < selection.end
