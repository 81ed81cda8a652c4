"""What happened in a session, as events: the history that screen, plain mode, report and resume all read.

Every event says what it records and nothing that could be computed from what is recorded. Verdicts and moves are
recorded with their words and are never computed again when a session is replayed.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

FORMAT = 1

Status = Literal["open", "met", "partly", "not", "unsure", "not-judged"]
Verdict = Literal["secure", "partly", "not-yet", "unsure", "off-task", "not-judged"]
Result = Literal["secure", "partly", "stuck"]
Doubt = Literal["only-words", "denied", "copied", "repeated"]
"""Why an answer that has the words of an idea may still hold no thought of the learner's."""
Reason = Literal["empty", "copied", "question", "off-point", "too-long", "keep", "drop"]
MoveKind = Literal[
    "probe", "hint", "prompt", "tell", "misconception", "option", "look-again",
    "secure", "settled", "onward", "caught", "back-again", "noted",
]  # fmt: skip
Then = Literal["ask", "check", "close"]


class Record(BaseModel):
    """Frozen; fields that a later version added are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Selection(Record):
    """Words a learner pointed at: characters `start` to `end` of a block, and the words themselves."""

    block: str
    start: int
    end: int
    text: str


class Chosen(Record):
    """An answer by choosing: the option's number, from 0, and its words."""

    kind: Literal["choice"] = "choice"
    option: int
    text: str


class Pointed(Record):
    """An answer by pointing at words."""

    kind: Literal["words"] = "words"
    selections: tuple[Selection, ...]


class Written(Record):
    """An answer in the learner's own words."""

    kind: Literal["text"] = "text"
    text: str


Answer = Annotated[Chosen | Pointed | Written, Field(discriminator="kind")]


class Call(Record):
    """One question to a model: the model as the server names it, the prompt's hash, tokens sent, received and taken
    from the server's cache (None where it does not say), and the seconds it took.
    """

    model: str
    prompt: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    seconds: FiniteFloat = 0.0


class Voice(Record):
    """What one judge said about a criterion, before what several said was brought together.

    `probability` is that of "met", between 0 and 1, from a model that tells it.
    """

    judge: str
    says: Status
    ground: str = ""
    probability: FiniteFloat | None = None
    call: Call | None = None


class Finding(Record):
    """What a judge found on one criterion: its status, the learner's own words that show it, and on what ground.

    `voices` are the judges that were heard, where there was more than one; `doubt` is why it is not met though words of
    the idea are there.
    """

    criterion: str
    status: Status
    evidence: tuple[str, ...] = ()
    judge: str
    ground: str = ""
    doubt: Doubt | None = None
    voices: tuple[Voice, ...] = ()


class Sighting(Record):
    """A misconception that shows in an answer, and the words that show it."""

    misconception: str
    evidence: tuple[str, ...] = ()


class Payload(Record):
    """What an event records. `type` names it in the journal, `trigger` in the session's transition table."""

    type: ClassVar[str]

    @property
    def trigger(self) -> str:
        """The column of the transition table; most events have one."""
        return self.type


class Started(Payload):
    """A session begins.

    `after` is the sitting that was the learner's newest then, and `after_seq` its last event: a clock may go back.
    """

    type = "started"
    learner: str
    lesson: str
    title: str
    lesson_sha: str
    article_sha: str
    program: str
    judge: str
    speaker: str
    after: str = ""
    after_seq: int = -1


class Resumed(Payload):
    """A new sitting goes on with a session from where its parent sitting had come."""

    type = "resumed"
    parent: str
    parent_seq: int
    judge: str
    speaker: str


class Opened(Payload):
    """The tutor opens a step and asks its question."""

    type = "opened"
    step: str
    part: str | None = None


class Answered(Payload):
    """The learner sent an answer; recorded before anything else happens with it."""

    type = "answered"
    step: str
    answer: Answer
    to_probe: bool = False


class Confident(Payload):
    """How sure the learner is of the answer just sent: 1 (guessing) to 4 (certain)."""

    type = "confident"
    step: str
    level: Annotated[int, Field(ge=1, le=4)]


class Caught(Payload):
    """A check before judging caught the answer: it is not judged and costs no try.

    `terms` are glossary terms that a question asks about, or the words that a rewriting should keep or drop. `refused`
    says that the text was turned away at the door, without an `answered` before this event. `call` is the question to
    the model that caught it, where one did.
    """

    type = "caught"
    step: str
    reason: Reason
    terms: tuple[str, ...] = ()
    refused: bool = False
    call: Call | None = None


class Paused(Payload):
    """Words of distress: the lesson pauses. The words themselves are not recorded."""

    type = "paused"
    step: str


class PauseEnded(Payload):
    """The learner goes on after a pause, or goes back to change what they wrote."""

    type = "pause-ended"
    step: str
    change: bool = False


class HintAsked(Payload):
    """The learner asked for a hint."""

    type = "hint-asked"
    step: str


class Stuck(Payload):
    """The learner said "I'm stuck" (in the exit ticket: skip), by the key or in words ("idk")."""

    type = "stuck"
    step: str
    in_words: bool = False
    call: Call | None = None


class CardOpened(Payload):
    """The learner opened a source card."""

    type = "card-opened"
    step: str
    card: str


class Judged(Payload):
    """The verdict on an answer. `hits` and `decoys` are mark ids (find); `costs` says whether it cost a try.

    `calls` are questions to a model beside those of the findings: whether this is an answer at all, whether it can tell
    an idea. `trouble` is a sentence for people where a model could not be asked and its stand-in judged.
    """

    type = "judged"
    step: str
    verdict: Verdict
    judge: str
    costs: bool
    findings: tuple[Finding, ...] = ()
    misconceptions: tuple[Sighting, ...] = ()
    hits: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()
    option: int | None = None
    calls: tuple[Call, ...] = ()
    trouble: str = ""


class Moved(Payload):
    """The tutor's turn: which move, in which words, and what comes then.

    `met` are the criteria newly met, `criteria` those that the move helps with or tells, `checks` those that the
    learner is asked to check for themselves, `by` the speaker. `calls` are the questions to a model that was asked to
    word the move; `fallback` says why the teacher's words stand here all the same, `trouble` is a sentence for people
    where the model could not be asked.
    """

    type = "moved"
    step: str
    move: MoveKind
    text: str
    then: Then
    by: str
    criteria: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    misconception: str | None = None
    hint: int | None = None
    calls: tuple[Call, ...] = ()
    fallback: str = ""
    trouble: str = ""

    @property
    def trigger(self) -> str:
        """What comes then decides the phase."""
        return f"moved-{self.then}"


class SelfChecked(Payload):
    """The learner compared their answer with an idea that was told; `more` says whether another one waits."""

    type = "self-checked"
    step: str
    criterion: str
    had_it: bool
    more: bool = False

    @property
    def trigger(self) -> str:
        """Whether another self-check waits decides the phase."""
        return "self-checked-more" if self.more else "self-checked"


class Closed(Payload):
    """A step is over. `next` is the step that follows, None at the end."""

    type = "closed"
    step: str
    result: Result
    verdict: Verdict | None = None
    next: str | None = None


class Rested(Payload):
    """A part is over: a stopping point, with a short look back."""

    type = "rested"
    part: str
    text: str


class WentOn(Payload):
    """The learner goes on after a stopping point."""

    type = "went-on"


class Reviewed(Payload):
    """Feedback on one step of the exit ticket, after its last step."""

    type = "reviewed"
    step: str
    text: str
    told: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def trigger(self) -> str:
        """Whether a self-check follows decides the phase."""
        return "reviewed-check" if self.checks else "reviewed"


class Finished(Payload):
    """The lesson is over."""

    type = "finished"
    text: str


class Disagreed(Payload):
    """The learner sees a verdict differently: on one criterion, or on the answer as a whole. Their teacher reads it."""

    type = "disagreed"
    step: str
    criterion: str | None = None


class Left(Payload):
    """The learner left; the session can be resumed."""

    type = "left"


PAYLOADS: tuple[type[Payload], ...] = (
    Started, Resumed, Opened, Answered, Confident, Caught, Paused, PauseEnded, HintAsked, Stuck, CardOpened, Judged,
    Moved, SelfChecked, Closed, Rested, WentOn, Reviewed, Finished, Disagreed, Left,
)  # fmt: skip
_BY_TYPE = {payload.type: payload for payload in PAYLOADS}


class Event(Record):
    """A payload in its envelope: format, session, sitting, number in the session, and when (UTC, ISO 8601)."""

    v: int = FORMAT
    session: str
    sitting: str
    seq: int
    at: str
    payload: Payload

    def to_json(self) -> dict[str, Any]:
        """The envelope as it stands in the journal: {v, session, sitting, seq, at, type, data}."""
        return {
            "v": self.v, "session": self.session, "sitting": self.sitting, "seq": self.seq, "at": self.at,
            "type": self.payload.type, "data": self.payload.model_dump(mode="json"),
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: Any) -> Event:
        """Read an envelope back; ValueError where it is not one that this version knows."""
        envelope = _Envelope.model_validate(value)
        if envelope.v != FORMAT or envelope.type not in _BY_TYPE:
            raise ValueError(f"an event of format {envelope.v}, type {envelope.type!r}, is not known here")
        payload = _BY_TYPE[envelope.type].model_validate(envelope.data)
        return cls(**envelope.model_dump(exclude={"type", "data"}), payload=payload)


class _Envelope(BaseModel):
    v: int
    session: str
    sitting: str
    seq: Annotated[int, Field(ge=0)]
    at: str
    type: str
    data: dict[str, Any]
