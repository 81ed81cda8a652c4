"""The lesson: article, marks (the teacher's ground truth) and steps (the conversation), as frozen models.

Scalars arrive as the characters the teacher typed; the field decides what they mean. Text stays text (`no`, `010`,
`12:30`), booleans are only `true` and `false`, whole numbers are plain decimals.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from tutor.core.article import Block, Span, locate, split_blocks

StatementKind = Literal["fact", "report", "judgement", "opinion", "forecast"]
FactStatus = Literal["true", "false", "misleading", "disputed", "unverified", "future"]
SourceQuality = Literal["primary", "strong", "weak", "decoy"]
StepVerb = Literal["choose", "find", "explain", "rewrite", "look"]
SampleVerdict = Literal["secure", "partly", "not-yet", "off-task"]


def _typed_bool(value: Any) -> Any:
    if value in ("true", True):
        return True
    if value in ("false", False):
        return False
    raise ValueError("expected true or false")


def _typed_int(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]{0,8}", value):
        return int(value)
    raise ValueError("expected a whole number, such as 3")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]
Bool = Annotated[bool, BeforeValidator(_typed_bool)]
Count = Annotated[int, BeforeValidator(_typed_int), Field(ge=0, le=1_000_000)]
OneOrMore = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1)]
Groups = tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...]


class Model(BaseModel):
    """Frozen, and a field that is not part of the format is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Attribution(Model):
    """Who is made to say it: the form, the source, the cue word, and through whom (PARC: source, cue, content)."""

    form: Text
    source: Text | None = None
    cue: Text | None = None
    via: Text | None = None


class Mark(Model):
    """The teacher's ground truth: these exact words, there, are this."""

    id: Id
    at: Text
    quote: Text
    occurrence: Count | None = None
    kind: StatementKind | None = None
    also: tuple[StatementKind, ...] = ()
    contested: Bool = False
    techniques: tuple[Text, ...] = ()
    attribution: Attribution | None = None
    fact: Text | None = None
    sound: Bool = False
    note: Text | None = None


class Article(Model):
    """The text, untouched, and what is known about it."""

    title: Text
    licence: Text
    text: Text
    file: Text | None = None
    headings: tuple[Text, ...] = ()
    byline: Text | None = None
    outlet: Text | None = None
    date: Text | None = None
    url: Text | None = None
    links: Count | None = None

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Title, headings and paragraphs in reading order."""
        return split_blocks(self.title, self.text, self.headings, hashes=self.file is None)

    def block(self, block_id: str) -> Block:
        """The block with this id; KeyError where there is none."""
        return {block.id: block for block in self.blocks}[block_id]

    def spans(self, mark: Mark) -> tuple[Span, ...]:
        """Every place in the mark's block where its words stand (the loader insists on one, or on `occurrence`)."""
        places = locate(self.block(mark.at).text, mark.quote, whole_words=True)
        return tuple(Span(mark.at, start, end) for start, end in places)

    def span(self, mark: Mark) -> Span:
        """The place that the mark means."""
        return self.spans(mark)[(mark.occurrence or 1) - 1]


class Fact(Model):
    """A dated statement about the world: the only outside facts that the tutor may state."""

    id: Id
    claim: Text
    status: FactStatus
    card: Text
    as_of: Text
    source: Text | None = None


class Source(Model):
    """A card for lateral reading."""

    id: Id
    title: Text
    body: Text
    outlet: Text | None = None
    snippet: Text | None = None
    quality: SourceQuality | None = None


class Sensitivity(Model):
    """What to be careful with, and the questions on which the tutor stays neutral."""

    note: Text | None = None
    neutral_on: tuple[Text, ...] = ()


class Ruled(Model):
    """Something an author's rules can see: every group of `all_of` must show, `none_of` vetoes."""

    all_of: Groups = ()
    none_of: Groups | tuple[Text, ...] = ()

    @property
    def vetoes(self) -> tuple[str, ...]:
        """The items of `none_of`, whether written as one list or as groups."""
        return tuple(item for entry in self.none_of for item in ((entry,) if isinstance(entry, str) else entry))


class Criterion(Ruled):
    """One idea of a rubric, with its rules and its ladder of help: probe, hint, prompt, tell (AutoTutor's moves)."""

    id: Id
    idea: Text
    required: Bool = True
    judge: Literal["both", "rules"] | None = None
    probe: Text | None = None
    hint: Text | None = None
    prompt: Text | None = None
    tell: Text | None = None


class Misconception(Ruled):
    """A wrong idea that is worth a question of its own."""

    id: Id
    idea: Text
    reply: Text


class Sample(Model):
    """A learner's answer with its verdict: worked example, regression test, scripted learner, documentation."""

    answer: str
    verdict: SampleVerdict
    meets: tuple[Text, ...] = ()
    misconception: Text | None = None


class Next(Model):
    """Where to go after the step, by its verdict; absent: the following step."""

    secure: Text | None = None
    partly: Text | None = None
    stuck: Text | None = None


class Option(Model):
    """One answer to choose, and what the tutor says to it."""

    text: Text
    why: Text
    correct: Bool = False
    misconception: Text | None = None


class StepBase(Model):
    """What every step has."""

    id: Id
    at: OneOrMore
    ask: Text
    part: Text | None = None
    skills: tuple[Text, ...] = ()
    marks: tuple[Text, ...] = ()
    tries: Annotated[Count, Field(ge=1, le=10)] = 3
    confidence: Bool = False
    assisted: Bool = True
    never_say: tuple[Text, ...] = ()
    next: Next = Next.model_construct()
    samples: tuple[Sample, ...] = ()


class Choose(StepBase):
    """Choose one option; more than one may be right where good readers differ."""

    do: Literal["choose"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=9)]
    hints: tuple[Text, ...] = ()


class Find(StepBase):
    """Point at words; graded by overlap with the target marks."""

    do: Literal["find"]
    targets: Annotated[tuple[Text, ...], Field(min_length=1)]
    why: Text
    decoys: tuple[Text, ...] = ()
    at_least: Annotated[Count, Field(ge=1)] | None = None
    hints: tuple[Text, ...] = ()

    @property
    def needed(self) -> int:
        """How many targets make the step secure."""
        return self.at_least or len(self.targets)


class RubricStep(StepBase):
    """Free text against a rubric."""

    rubric: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    misconceptions: tuple[Text | Misconception, ...] = ()

    @field_validator("rubric", mode="before")
    @classmethod
    def _number_plain_sentences(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [{"id": f"idea-{n}", "idea": each} if isinstance(each, str) else each for n, each in enumerate(value, 1)]

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion with this id; KeyError where there is none."""
        return {criterion.id: criterion for criterion in self.rubric}[criterion_id]


class Explain(RubricStep):
    """Answer in your own words."""

    do: Literal["explain"]


class Rewrite(RubricStep):
    """Write the marked words anew."""

    do: Literal["rewrite"]
    source: Text | None = None
    must_keep: tuple[Text, ...] = ()
    must_drop: tuple[Text, ...] = ()


class Look(RubricStep):
    """Open source cards within a budget, then explain: lateral reading without the internet."""

    do: Literal["look"]
    cards: Annotated[tuple[Text, ...], Field(min_length=1)]
    best: tuple[Text, ...] = ()
    budget: Annotated[Count, Field(ge=1)] | None = None

    @property
    def allowance(self) -> int:
        """How many cards may be opened."""
        return self.budget or len(self.cards)


Step = Annotated[Choose | Find | Explain | Rewrite | Look, Field(discriminator="do")]


class ExitTicket(Model):
    """A fresh text without help; its blocks number themselves anew."""

    article: Article
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    marks: tuple[Mark, ...] = ()

    @field_validator("steps", mode="before")
    @classmethod
    def _without_help(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [{"assisted": "false", **each} if isinstance(each, dict) else each for each in value]


class Lesson(Model):
    """A whole lesson. `tutor` is the version of the format."""

    tutor: Annotated[Count, Field(ge=1, le=1)]
    title: Text
    article: Article
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    id: Id = ""
    version: Text | None = None
    goal: Text | None = None
    lang: Text = "en"
    ages: tuple[Count, Count] | None = None
    minutes: Count | None = None
    authors: tuple[Text, ...] = ()
    licence: Text | None = None
    standards: tuple[Text, ...] = ()
    sensitivity: Sensitivity | None = None
    glossary: dict[Text, Text] = Field(default_factory=dict)
    misconceptions: tuple[Misconception, ...] = ()
    marks: tuple[Mark, ...] = ()
    facts: tuple[Fact, ...] = ()
    sources: tuple[Source, ...] = ()
    exit: ExitTicket | None = None

    @cached_property
    def _steps_by_id(self) -> dict[str, Choose | Find | Explain | Rewrite | Look]:
        return {step.id: step for step in (*self.steps, *(self.exit.steps if self.exit else ()))}

    def step(self, step_id: str) -> Choose | Find | Explain | Rewrite | Look:
        """The step of the walk or of the exit ticket with this id; KeyError where there is none."""
        return self._steps_by_id[step_id]

    def in_exit(self, step_id: str) -> bool:
        """Whether the step belongs to the exit ticket."""
        return self.exit is not None and any(step.id == step_id for step in self.exit.steps)

    def article_of(self, step_id: str) -> Article:
        """The text that the step is about."""
        return self.exit.article if self.exit and self.in_exit(step_id) else self.article

    def marks_of(self, step_id: str) -> dict[str, Mark]:
        """The marks that the step may name, by id."""
        marks = self.exit.marks if self.exit and self.in_exit(step_id) else self.marks
        return {mark.id: mark for mark in marks}

    def source(self, source_id: str) -> Source:
        """The source card with this id; KeyError where there is none."""
        return {source.id: source for source in self.sources}[source_id]

    def misconceptions_of(self, step: StepBase) -> tuple[Misconception, ...]:
        """The misconceptions that the step watches for, its own and the lesson's that it names."""
        shared = {each.id: each for each in self.misconceptions}
        named = step.misconceptions if isinstance(step, RubricStep) else ()
        return tuple(shared[each] if isinstance(each, str) else each for each in named)
