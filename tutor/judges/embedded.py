"""The judge without a model: the teacher's rules and stem overlap must agree, otherwise the verdict is *unsure*.

Two voters for each criterion. The rules are the author's (`all_of`, `none_of`). The stems are those that the answer
shares with the idea, its `tell` and the sample answers that meet it, the question's own words left out. Where both
say yes the criterion is met, where both say no it is not; measured on public short-answer sets this decides 78 % of
answers with kappa .78, and neither voter alone comes near that. A criterion without rules has one voter only and can
come out *unsure*, never met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.core.catching import quotable_in
from tutor.core.events import Doubt, Finding, Sighting, Status
from tutor.core.judging import Judgement, JudgeTask
from tutor.core.lesson import Criterion, Lesson, Rewrite, RubricStep, Sample
from tutor.core.listening import RUN, without_quotations
from tutor.core.negation import is_denied, is_negated
from tutor.core.owning import (
    ECHO,
    LONGEST_NAME,
    is_pasted,
    is_repeated,
    is_word_list,
    rewritten,
    said_by_tutor,
    texts_around,
    things_named,
)
from tutor.core.rules import Reading, RuleMatch, match_rules
from tutor.core.words import STOP_WORDS, content_stems, fold, split_words, stem, stems

DEFAULT_THRESHOLD = 0.25
ENOUGH_SAMPLES = 4
"""Samples that meet a criterion, and samples that do not, from which its threshold is calibrated."""


@dataclass(frozen=True, slots=True)
class StemVoter:
    """One criterion's second voter: reference texts as sets of stems, and the overlap from which they speak for it."""

    references: tuple[frozenset[str], ...]
    asked: frozenset[str]
    threshold: float
    lang: str

    def score(self, text: str) -> float:
        """The largest share of one reference's stems that stand in `text`."""
        own = content_stems(text, self.lang) - self.asked
        return _overlap(own, self.references)

    def says_met(self, text: str) -> bool:
        """Whether enough of a reference stands in `text`."""
        return self.score(text) >= self.threshold

    def words_in(self, text: str) -> tuple[str, ...]:
        """The words of `text` that stand in the references, as they are written there, one of each stem."""
        key = frozenset().union(*self.references)
        words = {
            stem(word.folded, self.lang): text[word.start : word.end]
            for word in reversed(split_words(text))
            if word.folded not in STOP_WORDS
        }
        return tuple(word for stem_, word in reversed(words.items()) if stem_ in key)


def stem_voter(lesson: Lesson, step: RubricStep, criterion: Criterion, without: Sample | None = None) -> StemVoter:
    """The voter for a criterion, its threshold calibrated on the step's samples.

    `without` leaves one sample out of references and calibration alike, so that it can be judged fairly.
    """
    asked = content_stems(step.ask, lesson.lang)
    samples = tuple(sample for sample in step.samples if sample is not without)
    texts = [criterion.idea, criterion.tell or ""]
    fixed = _references(texts, asked, lesson.lang)
    meeting = {
        sample.answer: _references([sample.answer], asked, lesson.lang)
        for sample in samples
        if criterion.id in sample.meets
    }

    def score(sample: Sample) -> float:
        others = [reference for answer, refs in meeting.items() if answer != sample.answer for reference in refs]
        return _overlap(content_stems(sample.answer, lesson.lang) - asked, (*fixed, *others))

    yes = [score(sample) for sample in samples if criterion.id in sample.meets]
    no = [score(sample) for sample in samples if criterion.id not in sample.meets]
    references = (*fixed, *(reference for refs in meeting.values() for reference in refs))
    return StemVoter(references, asked, _threshold(yes, no), lesson.lang)


def _references(texts: Iterable[str], asked: frozenset[str], lang: str) -> tuple[frozenset[str], ...]:
    found = (content_stems(text, lang) - asked for text in texts)
    return tuple(reference for reference in found if reference)


def _overlap(own: frozenset[str], references: Iterable[frozenset[str]]) -> float:
    return max((len(own & reference) / len(reference) for reference in references), default=0.0)


def _threshold(yes: list[float], no: list[float]) -> float:
    """The cut that tells samples that meet from those that do not with the fewest mistakes; the middle of the best
    gap.
    """
    if min(len(yes), len(no)) < ENOUGH_SAMPLES:
        return DEFAULT_THRESHOLD
    cuts = sorted({*yes, *no})
    best, best_rate = DEFAULT_THRESHOLD, -1.0
    for low, high in zip([0.0, *cuts], [*cuts, 1.0], strict=True):
        cut = (low + high) / 2
        rate = sum(each >= cut for each in yes) / len(yes) + sum(each < cut for each in no) / len(no)
        if rate > best_rate:
            best, best_rate = cut, rate
    return max(best, 0.01)


@dataclass(frozen=True, slots=True)
class Votes:
    """The embedded judge's two voters on one criterion: what the rules match, and whether the stems speak for it."""

    rules: RuleMatch
    stems: bool
    key_words: tuple[str, ...]
    """The learner's own words that the idea, its `tell` and the samples that meet it share."""
    fresh_words: tuple[str, ...] = ()
    """Those of the key words that stand neither in the text nor in what the tutor says."""
    doubt: Doubt | None = None
    """Why these words may be no thought of the learner's own: then they never make an idea met."""


class EmbeddedJudge:
    """Judges with the lesson's own rules, ideas and samples; no network, no model."""

    name = "embedded"

    def __init__(self) -> None:
        self._voters: dict[tuple[str, RubricStep, str], StemVoter] = {}

    async def warm(self, task: JudgeTask) -> None:
        """Calibrate the voters of the step's criteria."""
        for criterion in task.criteria:
            self._voter(task, criterion)

    async def judge(self, task: JudgeTask) -> Judgement:
        """Judge one answer; takes milliseconds and never fails."""
        return self.judgement(task)

    def judgement(self, task: JudgeTask, without: Sample | None = None) -> Judgement:
        """As `judge`; `without` is a sample that the judge must not know (leave-one-out)."""
        return self.judgement_from(task, {each.id: self.votes(task, each, without) for each in task.criteria})

    def judgement_from(self, task: JudgeTask, votes: Mapping[str, Votes]) -> Judgement:
        """The judgement that follows from the votes on the task's criteria, by their ids."""
        findings = tuple(self._finding(task, each, votes[each.id]) for each in task.criteria)
        return Judgement(findings, self._sightings(task, Reading.of(task.own, task.lesson.lang)))

    def votes(self, task: JudgeTask, criterion: Criterion, without: Sample | None = None) -> Votes:
        """What the rules and the stems say on one criterion."""
        voter = stem_voter(task.lesson, task.step, criterion, without) if without else self._voter(task, criterion)
        reading = Reading.of(task.own, task.lesson.lang)
        rules, key_words = match_rules(criterion, reading), voter.words_in(task.own)
        handed = _stems_handed_out(task, criterion)
        fresh = tuple(word for word in key_words if not {stem(fold(word), task.lesson.lang)} & handed)
        doubt = _doubt(task, criterion, reading, rules, key_words)
        if doubt is None and is_negated(criterion, reading, _known_answers(task.step, criterion, without)):
            doubt = "denied"
        return Votes(rules, voter.says_met(task.own), key_words, fresh, doubt)

    def _voter(self, task: JudgeTask, criterion: Criterion) -> StemVoter:
        key = (task.lesson.lang, task.step, criterion.id)
        if key not in self._voters:
            self._voters[key] = stem_voter(task.lesson, task.step, criterion)
        return self._voters[key]

    def _finding(self, task: JudgeTask, criterion: Criterion, votes: Votes) -> Finding:
        rules = votes.rules
        if rules_alone(task.step, criterion) and criterion.all_of:
            status: Status = "met" if rules.met else "not"
            ground = "the teacher's rules"
        else:
            status, ground = _agreed(criterion, votes)
        if status == "not" and rules.groups_hit > 0 and rules.veto is None:
            status = "partly"
        if status == "met" and votes.doubt:
            return doubted(criterion, votes.doubt, self.name)
        evidence = rules.evidence if status in ("met", "partly") else ()
        return Finding(criterion=criterion.id, status=status, evidence=evidence, judge=self.name, ground=ground)

    def _sightings(self, task: JudgeTask, reading: Reading) -> tuple[Sighting, ...]:
        matches = ((each.id, match_rules(each, reading)) for each in task.lesson.misconceptions_of(task.step))
        return tuple(Sighting(misconception=name, evidence=match.evidence) for name, match in matches if match.met)


_UNCHANGED, _LONG = 0.2, 20
"""Who hands back four words in five of a long text as they stand, in runs of eight and more, has rewritten nothing."""
_OPINING = frozenset(stems("believe feel find guess know look mean one read see think thought word words".split()))
_GROUNDS: dict[Doubt, str] = {
    "only-words": "words of the idea are named, but nothing is said about them",
    "denied": "words of the idea are there, but the answer says that it is not so",
    "copied": "most of the answer is the text's own words",
    "repeated": "the words are those of the question or of the help",
}


def doubted(criterion: Criterion, doubt: Doubt, judge: str) -> Finding:
    """The finding where words of an idea are there, but perhaps no thought of the learner's own."""
    return Finding(criterion=criterion.id, status="unsure", judge=judge, ground=_GROUNDS[doubt], doubt=doubt)


def _doubt(
    task: JudgeTask, criterion: Criterion, reading: Reading, rules: RuleMatch, key_words: tuple[str, ...]
) -> Doubt | None:
    """Why the words that speak for a criterion may be nobody's thought."""
    lang, is_rewriting = task.lesson.lang, isinstance(task.step, Rewrite)
    if not rules.places and not key_words:
        return None
    # A rewriting may be as short as a label: there only the words of the criterion's own rules make a list.
    listed = [criterion] if is_rewriting else task.step.rubric
    named = things_named(listed, reading, _texts_read(task)) if criterion.all_of else len(set(map(fold, key_words)))
    if is_word_list(task.own, named, lang, None if is_rewriting else LONGEST_NAME):
        return "only-words"
    if is_denied(task.own, rules.places, lang):
        return "denied"
    said, run = said_by_tutor(task.lesson, task.step, criterion), RUN if is_rewriting else ECHO
    if rules.met and is_repeated(task.own, rules.places, said, run):
        return "repeated"
    return "copied" if _is_copied(task, criterion, rules) else None


def _known_answers(step: RubricStep, criterion: Criterion, without: Sample | None) -> tuple[str, ...]:
    """Texts that are known to meet a criterion."""
    samples = (each.answer for each in step.samples if criterion.id in each.meets and each is not without)
    return (criterion.idea, criterion.tell or "", *samples)


def _is_copied(task: JudgeTask, criterion: Criterion, rules: RuleMatch) -> bool:
    """Whether a text is pasted, and what is left of it without the pasted lines does not meet the criterion by itself.

    A rewriting may keep what it likes of its own sentence, but it has to change something. It may take a sentence from
    the other paragraphs that the step is about: they are there to help.
    """
    pasteable, own = texts_around(task.lesson, task.step), task.own
    if isinstance(task.step, Rewrite):
        own = without_quotations(own, pasteable)
        anew = rewritten(task.lesson, task.step)
        if _is_unchanged(task.own, own, anew):
            return True
        pasteable = (*pasteable, *(each for each in _blocks(task) if each not in anew))
    lang = task.lesson.lang
    own = "\n".join(line for line in own.split("\n") if not is_pasted(line, pasteable, lang))
    own = "" if is_pasted(own, pasteable, lang) else own
    return rules.met and not match_rules(criterion, Reading.of(own, lang)).met


def _is_unchanged(text: str, own: str, anew: Sequence[str]) -> bool:
    words = len(split_words(text))
    changed = len(split_words(without_quotations(own, anew)))
    return changed <= (_UNCHANGED * words if words >= _LONG else 0)


def _stems_handed_out(task: JudgeTask, criterion: Criterion) -> frozenset[str]:
    """The stems of all that the learner has been given to read, and of words with which anybody says what they
    think.
    """
    said = said_by_tutor(task.lesson, task.step, criterion)
    return _all_stems((*_texts_read(task), *said), task.lesson.lang) | _OPINING


def _texts_read(task: JudgeTask) -> tuple[str, ...]:
    return (*quotable_in(task.lesson, task.step), *_blocks(task))


def _blocks(task: JudgeTask) -> tuple[str, ...]:
    return tuple(block.text for block in task.lesson.article_of(task.step.id).blocks)


@lru_cache(maxsize=256)
def _all_stems(texts: tuple[str, ...], lang: str) -> frozenset[str]:
    return frozenset(each for text in texts for each in content_stems(text, lang))


def rules_alone(step: RubricStep, criterion: Criterion) -> bool:
    """Whether the rules decide by themselves: where the teacher says so, and for rewriting, which is about form."""
    return criterion.judge == "rules" or (criterion.judge is None and isinstance(step, Rewrite))


def _agreed(criterion: Criterion, votes: Votes) -> tuple[Status, str]:
    if not criterion.all_of:
        return "unsure", "there are no rules for this idea, and word overlap alone does not decide"
    if votes.rules.met and votes.stems:
        return "met", "the teacher's rules and the overlap with sample answers agree"
    if not votes.rules.met and not votes.stems:
        return "not", "the teacher's rules and the overlap with sample answers agree"
    return "unsure", "the teacher's rules and the overlap with sample answers disagree"
