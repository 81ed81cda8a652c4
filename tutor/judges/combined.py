"""The teacher's rules and a model, brought together: the model's word counts only beside ground in the answer.

Small models are talked into "met" by most simple attacks (58-83 % of them, measured; no wording of the prompt cures
it), the rules by none. So "met" needs a rule's words or enough key stems of the idea in the learner's own words, and
words of the answer that show it, whatever the model says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from tutor.core.events import Call, Finding, Status, Voice
from tutor.core.judging import Judgement, JudgeTask
from tutor.core.lesson import Criterion, Sample
from tutor.core.words import split_words
from tutor.judges.embedded import EmbeddedJudge, Votes, doubted, rules_alone
from tutor.judges.model import ModelJudge, Sorted

Weight = Literal["fills", "leads"]
"""Where the model's word counts.

`fills`: it decides what rules and stems leave unsure, and is not asked about the rest. `leads`: it is asked about every
criterion that the rules do not decide alone; "met" needs its word and ground in the answer, "not" its word and that of
the embedded judge, and all else is unsure (JUDGING, "Combine").
"""

_ASKS = re.compile(
    r"\?\W*$|^\W*(what('s| is| does| do)|who is|who's|where is|why (do|does|is|should)|how (do|am|can|should)|can|"
    r"could|(do|must|should) (i|we|you)|am i|may)\b",
    re.IGNORECASE,
)
FEWEST_KEY_WORDS = 2
_LONGEST_STUCK = 12
"""Words; whoever writes more than this is not stuck but answering."""


class CombinedJudge:
    """The embedded judge, and a model where its word can count. It never raises for a model's failure: what the model
    could not judge stays as the embedded judge left it, or *not judged* where that judge has no rules to go by.
    """

    def __init__(self, embedded: EmbeddedJudge, model: ModelJudge, weight: Weight = "fills") -> None:
        self._embedded = embedded
        self._model = model
        self._weight = weight

    @property
    def name(self) -> str:
        """Both judges."""
        return f"{self._embedded.name} + {self._model.name}"

    async def warm(self, task: JudgeTask) -> None:
        """Make both ready; the model only where it may come to be asked."""
        await self._embedded.warm(task)
        await self._model.warm(replace(task, criteria=tuple(each for each in task.criteria if _is_open(task, each))))

    async def judge(self, task: JudgeTask) -> Judgement:
        """Judge one answer; where it shows nothing at all, the model first says whether it is an answer."""
        return await self.judgement(task)

    async def judgement(self, task: JudgeTask, without: Sample | None = None) -> Judgement:
        """As `judge`; `without` is a sample that neither judge may know (leave-one-out)."""
        votes = {each.id: self._embedded.votes(task, each, without) for each in task.criteria}
        embedded = self._embedded.judgement_from(task, votes)
        unbelieved: tuple[Call, ...] = ()
        unsorted = ""
        if task.sortable and not embedded.misconceptions and not any(_shows(each) for each in votes.values()):
            sorted_, unsorted = await self._model.sort(task)
            if sorted_ and _believed(sorted_, task):
                return Judgement((), sort=sorted_.sort, sorting=sorted_.call)
            unbelieved = (sorted_.call,) if sorted_ else ()
        found = {each.criterion: each for each in embedded.findings}
        asked = [each for each in task.criteria if self._is_asked(task, each, found[each.id])]
        voices, trouble = await self._model.voices(task, asked, without)
        for criterion, voice in zip(asked, voices, strict=True):
            case = _Case(criterion, found[criterion.id], votes[criterion.id], voice)
            found[criterion.id] = _together(case, self._weight)
        findings = tuple(found[each.id] for each in task.criteria)
        return Judgement(
            findings, embedded.misconceptions, calls=(*unbelieved, *self._model.spent()), trouble=trouble or unsorted
        )

    def _is_asked(self, task: JudgeTask, criterion: Criterion, finding: Finding) -> bool:
        return _is_open(task, criterion) and (self._weight == "leads" or finding.status == "unsure")


def _is_open(task: JudgeTask, criterion: Criterion) -> bool:
    """Whether more than the rules has a say in a criterion."""
    return not (rules_alone(task.step, criterion) and criterion.all_of)


@dataclass(frozen=True, slots=True)
class _Case:
    """One criterion: what the embedded judge found and from which votes, and what the model says."""

    criterion: Criterion
    found: Finding
    votes: Votes
    voice: Voice


def _together(case: _Case, weight: Weight) -> Finding:
    found, voice = case.found, case.voice
    status, ground = _filled(case) if weight == "fills" else _led(case)
    doubt = case.votes.doubt if status == "met" else found.doubt if status == "unsure" else None
    if status == "met" and doubt:
        doubtful = doubted(case.criterion, doubt, found.judge)
        status, ground = doubtful.status, doubtful.ground
    shown = case.votes.rules.evidence or case.votes.key_words
    own = Voice(judge=found.judge, says=found.status, ground=found.ground)
    return Finding(
        criterion=found.criterion,
        status=status,
        evidence=shown if status in ("met", "partly") else (),
        judge=f"{found.judge} + {voice.judge}",
        ground=ground,
        doubt=doubt,
        voices=(own, voice),
    )


def _filled(case: _Case) -> tuple[Status, str]:
    """The model breaks a tie on the side of the teacher's rules, or joins the one vote that there is without rules.

    Against the rules it is not followed: where stems alone spoke for an idea, a small model's "met" was right in 7 of
    31 answers, and its "not" in 25 of 30.
    """
    votes, said, has_rules = case.votes, case.voice.says, bool(case.criterion.all_of)
    if said == "not-judged" or case.voice.call is None:
        return _without_model(case)
    if said == "met" and (votes.rules.met if has_rules else _has_ground(case)):
        return "met", "the model sees it, and words of the answer show it"
    if said == "not" and not (votes.rules.met if has_rules else votes.stems):
        return _unmet(votes), "the model does not see it, and neither do the teacher's rules"
    return "unsure", "the model does not settle what the teacher's rules leave open"


def _led(case: _Case) -> tuple[Status, str]:
    votes, said, found = case.votes, case.voice.says, case.found
    if said == "not-judged" or case.voice.call is None:
        return _without_model(case)
    if said == "met" and _has_ground(case):
        return "met", "the model sees it, and words of the answer show it"
    if said == "not" and (found.status in ("not", "partly") or not (case.criterion.all_of or votes.stems)):
        return _unmet(votes), "neither the model nor the teacher's rules see it"
    return "unsure", "the model and the teacher's rules disagree"


def _without_model(case: _Case) -> tuple[Status, str]:
    """What stands where the model failed or has no say: the embedded judge's finding. Only where the model alone could
    have judged is a failure of it *not judged*.
    """
    found = case.found
    failed = case.voice.says == "not-judged" and not case.criterion.all_of
    return ("not-judged", case.voice.ground) if failed else (found.status, found.ground)


def _has_ground(case: _Case) -> bool:
    """Whether the rules see the idea, or the stems do in at least two words: one alone ("said", "end") is chance. One
    of them has to be the learner's own, not handed to them by the text, the question or the help.
    """
    votes = case.votes
    stems = votes.stems and len(votes.key_words) >= FEWEST_KEY_WORDS and bool(votes.fresh_words)
    return votes.rules.veto is None and (votes.rules.met or stems)


def _unmet(votes: Votes) -> Status:
    return "partly" if votes.rules.groups_hit > 0 and votes.rules.veto is None else "not"


def _shows(votes: Votes) -> bool:
    """Whether anything in the answer speaks for a criterion; then it is an answer, whatever a model takes it for."""
    return votes.stems or votes.rules.groups_hit > 0


def _believed(found: Sorted, task: JudgeTask) -> bool:
    """Whether the text looks like what the model takes it for: a question asks, and who is stuck says little.

    Without help "stuck" is "skip", and nobody's answer is skipped because of a machine.
    """
    if found.sort == "question":
        return bool(_ASKS.search(task.answer))
    if found.sort == "stuck":
        return task.step.assisted and len(split_words(task.answer)) <= _LONGEST_STUCK
    return found.sort == "off-point"
