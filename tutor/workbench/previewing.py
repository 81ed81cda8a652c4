"""What the preview's bar says to the teacher: the key of a step, what an answer meets and why, and what comes then.

The judge here is always the embedded one, so that the bar shows what the lesson itself can tell; the conversation above
it may have other judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tutor.core import events as e
from tutor.core.grading import near_miss
from tutor.core.lesson import Choose, Criterion, Find, Lesson, Look, Rewrite, RubricStep, Ruled
from tutor.core.rules import Reading, match_rules
from tutor.core.session import Phase, StepState
from tutor.core.words import quoted_list
from tutor.judges.embedded import Votes, rules_alone
from tutor.workbench.foreseeing import Ahead

Kind = Literal["met", "partly", "not", "unsure", "alarm", "plain"]
_MARKS: dict[str, str] = {"met": "✓", "partly": "~", "not": "·", "unsure": "?", "not-judged": "?"}
_KINDS: dict[str, Kind] = {"met": "met", "partly": "partly", "not": "not", "unsure": "unsure", "not-judged": "unsure"}
_SOME, _ITEM, _SAID = 3, 24, 160
"""How many items of a group that is missing are named, how much of each, and how much of what the tutor says."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the bar: the first words, which stand out, the rest, and what kind of news it is."""

    lead: str
    text: str = ""
    kind: Kind = "plain"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the bar: in a few words for one row, and in full."""

    short: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """The whole bar: the key of the open step, what is made of the answer, and what comes then."""

    key: Section
    answer: Section
    following: Section


def bar(ahead: Ahead) -> Bar:
    """The bar for a look ahead."""
    return Bar(_key(ahead.lesson, ahead.session.step), _answer(ahead), _following(ahead))


# -- the key


def _key(lesson: Lesson, state: StepState) -> Section:
    step = lesson.step(state.id)
    marks = lesson.marks_of(step.id)
    if isinstance(step, Choose):
        right = [(str(n), each) for n, each in enumerate(step.options, 1) if each.correct]
        short = "right: " + ", ".join(f"{n} “{each.text}”" for n, each in right)
        return Section(short, tuple(Line(f"{n} is right", f"“{each.text}”") for n, each in right))
    if isinstance(step, Find):
        wanted = [Line(f"find {each}", f"{marks[each].at}: “{marks[each].quote}”") for each in step.targets]
        decoys = [Line(f"decoy {each}", f"{marks[each].at}: “{marks[each].quote}”") for each in step.decoys]
        needed = f"{step.needed} of {len(step.targets)} wanted: "
        return Section(needed + quoted_list(marks[each].quote for each in step.targets), (*wanted, *decoys))
    ideas = [_idea(each, state) for each in step.rubric]
    short = ", ".join(line.lead for line in ideas)
    return Section(
        short + (f"; best cards: {', '.join(step.best)}" if isinstance(step, Look) and step.best else ""),
        (*ideas, *_beside(lesson, step)),
    )


def _idea(criterion: Criterion, state: StepState) -> Line:
    where = state.criterion(criterion.id)
    bonus = "" if criterion.required else " (a bonus)"
    if where.status == "met":
        return Line(f"✓ {criterion.id}", f"found{bonus}: {criterion.idea}", "met")
    return Line(criterion.id, f"{'told' if where.told else 'open'}{bonus}: {criterion.idea}")


def _beside(lesson: Lesson, step: RubricStep) -> Iterator[Line]:
    """What a rubric step wants beside its ideas."""
    if isinstance(step, Look):
        titles = [f"{each} “{lesson.source(each).title}”" for each in step.best]
        yield Line("best cards", f"{', '.join(titles) or 'none is named'}; {step.allowance} may be opened")
    if isinstance(step, Rewrite):
        if step.source:
            yield Line("rewrites", f"“{lesson.marks_of(step.id)[step.source].quote}”")
        if step.must_keep:
            yield Line("has to keep", quoted_list(step.must_keep))
        if step.must_drop:
            yield Line("has to drop", quoted_list(step.must_drop))
    watched = [each.id for each in lesson.misconceptions_of(step)]
    if watched:
        yield Line("watches for", ", ".join(watched))


# -- the answer


def _answer(ahead: Ahead) -> Section:
    step = ahead.lesson.step(ahead.session.step.id)
    if ahead.answer is None:
        todo = _TODO.get(step.do, _TYPE) if ahead.session.phase is Phase.ASKED else ""
        return _no_answer(todo, ahead.session.step)
    if ahead.caught:
        return Section(f"not judged: {ahead.caught}", (Line("not judged", f"{ahead.caught}.", "alarm"),))
    judged = ahead.first(e.Judged)
    if judged is None:
        return Section("", ())
    if isinstance(step, Choose) and judged.option is not None:
        return _chosen(step, judged.option)
    if isinstance(step, Find) and isinstance(ahead.answer, e.Pointed):
        return _pointed(ahead.lesson, step, judged, ahead.answer)
    lines = [*_criteria(ahead, judged), *_misconceptions(ahead, judged), *_left_out(ahead)]
    leads = [line.lead for line in lines if line.kind != "plain"]
    return Section(", ".join(leads), tuple(lines))


_TODO = {"choose": "Move to an option to see what it leads to.", "find": "Pick words to see what they lead to."}
_TYPE = "Type an answer to see what it meets."


def _no_answer(todo: str, state: StepState) -> Section:
    then = (Line("", todo),) if todo else ()
    if state.last is None:
        return Section(todo, then)
    met = [each.criterion for each in state.last.findings if each.status == "met"]
    said = ", met ".join([state.last.verdict, *([", ".join(met)] if met else [])])
    return Section(f"last answer: {said}", (Line("last answer", f"{said} (by {state.last.judge})."), *then))


def _chosen(step: Choose, number: int) -> Section:
    option = step.options[number]
    if option.correct:
        line = Line(f"✓ option {number + 1}", "is right.", "met")
    else:
        shows = f"; it shows {option.misconception}" if option.misconception else ""
        line = Line(f"· option {number + 1}", f"is not right{shows}.", "not")
    return Section(f"{line.lead} {line.text}", (line,))


def _pointed(lesson: Lesson, step: Find, judged: e.Judged, answer: e.Pointed) -> Section:
    marks = lesson.marks_of(step.id)
    near = near_miss(step, lesson.article_of(step.id), marks, answer.selections, judged.hits)
    found = [Line(f"✓ {each}", f"is hit: “{marks[each].quote}”", "met") for each in judged.hits]
    decoys = [Line(f"! {each}", f"is a decoy: “{marks[each].quote}”", "alarm") for each in judged.decoys]
    if near:
        found.append(
            Line(f"· {near.target}", f"is near: “{near.words}” takes {near.wants} words to be a hit.", "partly")
        )
    if not found and not decoys:
        return Section(
            "· no target is hit", (Line("· nothing", "is hit: these words are neither target nor decoy.", "not"),)
        )
    return Section(", ".join(line.lead for line in (*found, *decoys)), (*found, *decoys))


def _criteria(ahead: Ahead, judged: e.Judged) -> Iterator[Line]:
    step = ahead.lesson.step(judged.step)
    assert isinstance(step, RubricStep)
    assert ahead.task is not None
    reading = Reading.of(ahead.task.own, ahead.lesson.lang)
    for finding in judged.findings:
        criterion, votes = step.criterion(finding.criterion), ahead.votes[finding.criterion]
        why = [_rules_say(criterion, votes, reading)]
        if not (rules_alone(step, criterion) and criterion.all_of):
            why.append(_stems_say(votes))
        text = f"{finding.status.replace('not-judged', 'not judged')}: {'; '.join(why)}."
        yield Line(f"{_MARKS[finding.status]} {criterion.id}", text, _KINDS[finding.status])


def _rules_say(criterion: Criterion, votes: Votes, reading: Reading) -> str:
    rules = votes.rules
    if not criterion.all_of:
        return "it has no rules"
    seen = f" {quoted_list(rules.evidence)}" if rules.evidence else ""
    if rules.veto is not None:
        return f"rules say no{seen}, vetoed by none_of: {rules.veto}"
    if rules.met:
        return f"rules say yes{seen}"
    missing = (group for group in criterion.all_of if not match_rules(Ruled(all_of=(group,)), reading).met)
    named = " and ".join(_items(group) for group in missing)
    return f"rules say no{seen}{',' if seen else ':'} missing {named}"


def _items(group: tuple[str, ...]) -> str:
    more = " or ..." if len(group) > _SOME else ""
    return f"[{' or '.join(_cut(each, _ITEM) for each in group[:_SOME])}{more}]"


def _stems_say(votes: Votes) -> str:
    words = f": {', '.join(votes.key_words)}" if votes.key_words else ""
    return f"stems say {'yes' if votes.stems else 'no'}{words}"


def _misconceptions(ahead: Ahead, judged: e.Judged) -> Iterator[Line]:
    ideas = {each.id: each.idea for each in ahead.lesson.misconceptions_of(ahead.lesson.step(judged.step))}
    for each in judged.misconceptions:
        yield Line(
            f"! {each.misconception}", f"shows {quoted_list(each.evidence)}: {ideas[each.misconception]}", "alarm"
        )


def _left_out(ahead: Ahead) -> Iterator[Line]:
    if ahead.task is not None and ahead.task.own != ahead.task.answer:
        yield Line("quoted", f"What stands in the text is left out. Judged is only: “{ahead.task.own.strip()}”")


# -- what comes then

_WAITS: dict[Phase, str] = {
    Phase.CHECKING: "The learner compares their answer with what was told.",
    Phase.PAUSED: "The lesson is paused.",
    Phase.RESTING: "A stopping point: the learner goes on, or leaves.",
    Phase.FINISHED: "The lesson is over.",
    Phase.ANSWERED: "The learner says how sure they are.",
}
_MOVES: dict[e.MoveKind, str] = {
    "probe": "probe: say more",
    "hint": "hint, rung 1 of 3",
    "prompt": "prompt, rung 2 of 3",
    "tell": "tell, rung 3 of 3",
    "misconception": "reply to a misconception",
    "option": "what the option says",
    "look-again": "look again",
    "secure": "done",
    "settled": "settled",
    "onward": "go on to the next idea",
    "caught": "ask again",
    "back-again": "ask again",
    "noted": "noted, feedback comes at the end",
}


def _following(ahead: Ahead) -> Section:
    waits = _WAITS.get(ahead.session.phase, "")
    if not ahead.payloads:
        return Section(waits, (Line("", waits),) if waits else ())
    lines = [*_verdict(ahead), *_move(ahead), *_close(ahead)]
    return Section(" → ".join(line.lead for line in lines), tuple(lines))


def _verdict(ahead: Ahead) -> Iterator[Line]:
    judged, state = ahead.first(e.Judged), ahead.session.step
    step = ahead.lesson.step(state.id)
    if judged is None:
        return
    kind: Kind = "met" if judged.verdict == "secure" else _KINDS.get(judged.verdict, "plain")
    left = max(step.tries - state.tries - judged.costs, 0)
    cost = f"It costs a try, {left} of {step.tries} left." if judged.costs else "It costs no try."
    sure = "First it asks how sure they are." if ahead.first(e.Confident) else ""
    yield Line(judged.verdict, " ".join(each for each in ("" if ahead.first(e.Closed) else cost, sure) if each), kind)


def _move(ahead: Ahead) -> Iterator[Line]:
    moved = ahead.first(e.Moved)
    if moved is None:
        return
    about = ", ".join([*moved.criteria, *([moved.misconception] if moved.misconception else [])])
    lead = _MOVES[moved.move]
    if not moved.criteria and moved.move in ("hint", "tell"):
        lead = moved.move  # only ideas have a ladder
    if moved.hint is not None:
        lead += f" (hint {moved.hint + 1})"
    # The praise for each idea that was found stands first, on a line of its own; what is of interest comes after it.
    said = "\n".join(moved.text.split("\n")[len(moved.met) :])
    yield Line(f"{lead}, {about}" if about else lead, f"“{_cut(said, _SAID)}”")


def _close(ahead: Ahead) -> Iterator[Line]:
    closed = ahead.first(e.Closed)
    if closed is None:
        if (moved := ahead.first(e.Moved)) and moved.then == "check":
            yield Line("self-check", "The learner compares their answer with what was told.")
        return
    named = getattr(ahead.lesson.step(closed.step).next, closed.result)
    how = f"by next.{closed.result}" if named and named == closed.next else "the following step"
    if closed.next is None:
        yield Line("the end", f"This step closes as {closed.result}, and it is the last one.")
        return
    rests = "; a stopping point comes first" if ahead.first(e.Rested) else ""
    where = "the exit ticket's " if ahead.lesson.in_exit(closed.next) else ""
    yield Line(
        f"on to {closed.next}", f"This step closes as {closed.result}; next is {where}{closed.next} ({how}){rests}."
    )


def _cut(text: str, most: int) -> str:
    """`text` on one line, and the beginning of it where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
