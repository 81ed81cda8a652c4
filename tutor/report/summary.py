"""What a session came to, in plain words: no grade, nothing of the learner's in percent, nothing said where there was
nothing to count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.core.clean import one_line
from tutor.core.events import Event
from tutor.core.lesson import Lesson
from tutor.core.outcome import Calibration, Count, Discernment, Idea, Outcome, outcome
from tutor.core.session import Session
from tutor.core.usage import Usage, usage
from tutor.core.words import counted
from tutor.report.annotated import NO_NAMES, Names, name_of
from tutor.report.ground import DISCLAIMER, model_name

Reading = Literal["discerning", "suspicious", "trusting", "unsettled", "mixed"]

LEVELS = ("guessing", "not very sure", "quite sure", "certain")
_MOST_SKILLS = 2
# One passage of a sort says nothing about a reader; with two or more, two thirds is "most" and less than half "few".
_ENOUGH_PASSAGES = 2
_MEANING: dict[Reading, str] = {
    "discerning": "You told the two apart: you doubted what was shaky and let stand what was sound.",
    "suspicious": (
        "You caught shaky passages, but you also doubted sound ones. Doubting everything is not yet reading closely: "
        "ask of each passage what speaks for it, too."
    ),
    "trusting": (
        "You let sound passages stand, but shaky ones got past you too. Before you trust a sentence, ask how the "
        "writer could know it."
    ),
    "unsettled": (
        "Shaky and sound were hard to tell apart this time. Ask of each passage: who says so, and could I check it?"
    ),
    "mixed": "Both count: to catch what is shaky, and to let stand what is sound.",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a session came to.

    `self_checked` ideas are among those told: no judge could decide, so the learner compared, and said that they had
    `had` of them. `practise` are the names of the skills behind the ideas that were told; where none was, behind those
    found with help. `differed` counts what the learner sees differently from the judge.
    """

    count: Count
    self_checked: int
    had: int
    discernment: Discernment
    calibration: tuple[Calibration, ...]
    practise: tuple[str, ...]
    differed: int = 0

    @property
    def reading(self) -> Reading | None:
        """What shaky passages caught beside sound ones kept say of the reader; None where there are too few to tell."""
        seen = self.discernment
        if min(seen.shaky, seen.sound) < _ENOUGH_PASSAGES:
            return None
        caught, kept = _share(seen.caught, seen.shaky), _share(seen.kept, seen.sound)
        by_shares: dict[tuple[str, str], Reading] = {
            ("most", "most"): "discerning",
            ("most", "few"): "suspicious",
            ("few", "most"): "trusting",
            ("few", "few"): "unsettled",
        }
        return by_shares.get((caught, kept), "mixed")


def summary(lesson: Lesson, session: Session, names: Names = NO_NAMES) -> Summary:
    """What the session came to so far; `names` are those of the skills, by id."""
    result = outcome(lesson, session)
    checked = [_had(session, idea) for idea in result.ideas if idea.how == "self-checked"]
    return Summary(
        count=result.count,
        self_checked=len(checked),
        had=sum(checked),
        discernment=result.discernment,
        calibration=result.calibration,
        practise=_practise(lesson, session, result, names),
        differed=sum(len(state.disagreed) for state in session.steps.values()),
    )


def summary_lines(
    lesson: Lesson,
    session: Session,
    names: Names = NO_NAMES,
    levels: Sequence[str] = LEVELS,
    events: Iterable[Event] = (),
) -> tuple[str, ...]:
    """The summary as sentences, a line each; `levels` are the words for the four levels of confidence.

    The session's `events` tell of a language model's part in it.
    """
    what = summary(lesson, session, names)
    lines = [*_idea_lines(what), *_discernment_lines(what)]
    lines += [_confidence_line(each, levels[each.level - 1]) for each in what.calibration if each.answers]
    if what.practise:
        lines.append(f"To practise next: {' and '.join(f'“{name}”' for name in what.practise)}.")
    if what.differed:
        places = "one place" if what.differed == 1 else f"{what.differed} places"
        lines.append(f"You saw the judgement differently in {places}; that is noted for your teacher.")
    return (*lines, *_usage_lines(usage(events)), DISCLAIMER)


def _idea_lines(what: Summary) -> list[str]:
    count = what.count
    if not count.alone + count.helped + count.told:
        return []
    how = f"{count.alone} found on your own, {count.helped} with some help, {count.told} told by the tutor"
    lines = [f"Ideas: {how} (a question can have several)."]
    if what.self_checked:
        said = f"had {what.had} of them"
        if what.self_checked == 1:
            said = "had it" if what.had else "did not have it yet"
        lines.append(
            f"For {what.self_checked} of those told, no judge could tell from your words; you said that you {said}."
        )
    return lines


def _discernment_lines(what: Summary) -> list[str]:
    seen, lines = what.discernment, []
    if seen.shaky:
        lines.append(f"Shaky passages: on your first try you caught {seen.caught} of {seen.shaky}.")
    if seen.sound:
        lines.append(f"Sound passages: on your first try you left {seen.kept} of {seen.sound} standing.")
    if what.reading:
        lines.append(_MEANING[what.reading])
    return lines


def _confidence_line(each: Calibration, level: str) -> str:
    if each.answers == 1:
        return f"You were {level} once, and that answer {'held' if each.secure else 'did not hold yet'}."
    times = "twice" if each.answers == 2 else f"{each.answers} times"
    held = {0: "none", each.answers: "both" if each.answers == 2 else "all"}.get(each.secure, str(each.secure))
    return f"You were {level} {times}; {held} of these answers held."


def _usage_lines(used: Usage) -> list[str]:
    """What a language model did; nothing where none was asked."""
    worded = used.spoken_by_model + used.fell_back
    if not used.calls:
        stood_in = "A language model was to help, but none answered; your teacher's rules and words stood in."
        return [stood_in] if used.unanswered else []
    models = "A language model" if len(used.models) == 1 else "Language models"
    share = "" if used.cached_share is None else f" ({used.cached_share:.0%} from its memory)".replace("%", " %")
    read = f", {_about(used.tokens_in)} tokens read{share}, {_about(used.tokens_out)} written" if used.tokens_in else ""
    names = ", ".join(dict.fromkeys(model_name(one_line(each)) for each in used.models))
    took = counted(round(used.seconds), "second")
    what = "helped" if used.judged_by_model or used.spoken_by_model else "was asked"
    lines = [f"{models} ({names}) {what}: {counted(used.calls, 'question')}{read}, {took}."]
    if used.judged_by_model:
        lines.append(f"Answers judged with its help: {used.judged_by_model}.")
    if worded:
        rest = "; the others are your teacher's words" if used.fell_back else ""
        lines.append(f"Replies in its words: {used.spoken_by_model} of {worded}{rest}.")
    return lines


def _about(number: int) -> str:
    """A large number to the hundred; nobody needs it closer."""
    return f"{round(number, -2) if number >= 1000 else number:,}"


def _practise(lesson: Lesson, session: Session, result: Outcome, names: Names) -> tuple[str, ...]:
    told = [idea for idea in result.ideas if idea.how in ("told", "self-checked") and not _had(session, idea)]
    behind = told or [each for each in result.ideas if each.how == "helped"]
    skills = Counter(skill for idea in behind for skill in lesson.step(idea.step).skills)
    return tuple(name_of(skill, names) for skill, _ in skills.most_common(_MOST_SKILLS))


def _had(session: Session, idea: Idea) -> bool:
    return bool(idea.criterion and session.steps[idea.step].criterion(idea.criterion).had_it)


def _share(part: int, whole: int) -> str:
    return "most" if 3 * part >= 2 * whole else "few" if 2 * part < whole else "some"
