"""A lesson in which every field of the format is used, and a way to spoil it at one place and see what is said."""

from collections.abc import Callable

from tutor.errors import LessonError, Mistake
from tutor.lessons.loader import Loaded, load_copy
from tutor.workbench.checking.loader_codes import LOADER_CODES

EVERY_FIELD = """\
tutor: 1
id: ferry
version: 1.2.0
title: The ferry
goal: See who says what.
lang: en
ages: [12, 14]
minutes: 20
authors: [A Teacher]
licence: CC-BY-4.0
standards: [CCSS.RI.8.6, My school 3b]
sensitivity:
  note: Some learners take this ferry.
  neutral_on: [who should run it]
glossary:
  quay: Where ships tie up.
article:
  title: Ferry to close
  licence: CC0-1.0
  byline: absent
  outlet: The Quay
  date: 2026-11-02
  url: https://example.org/ferry
  links: 0
  headings: [What now?]
  text: |
    The ferry closes in May, says harbour master Ada Lund.
    It is a stupid plan, and everybody knows that it is.

    What now?

    The ferry will never return. The ferry was cheap.
misconceptions:
- id: all-lies
  idea: The whole text is made up
  reply: Which part names who says it?
  all_of: [[lies, fake, made up]]
  none_of: [not, "/n't/"]
facts:
- id: price
  claim: The ferry was cheap
  status: "true"
  card: A ticket was one crown.
  as_of: 2026-11
  source: The harbour's price list
sources:
- id: prices
  title: Price list
  body: One crown.
  outlet: The harbour
  snippet: One crown
  quality: primary
- id: post
  title: A post
  body: It was so cheap!
  quality: decoy
marks:
- id: says
  at: p1
  quote: says harbour master Ada Lund
  kind: report
  attribution: {form: indirect-speech, source: Ada Lund, cue: says, via: nobody}
  sound: true
- id: stupid
  at: p1
  quote: a stupid plan
  kind: opinion
  also: [judgement]
  contested: true
  techniques: [loaded-language]
  note: A verdict.
- id: never
  at: p2
  quote: will never return
  kind: forecast
- id: cheap
  at: p2
  quote: The ferry
  occurrence: 2
  fact: price
steps:
- id: who
  do: choose
  part: One
  at: p1
  ask: Who says that the ferry closes?
  skills: [attribution.source]
  marks: [says]
  confidence: true
  assisted: true
  options:
  - {text: Ada Lund, correct: true, why: Yes.}
  - {text: Nobody, why: Read the end again., misconception: all-lies}
  hints: [Look at the end.]
  next: {secure: words, partly: words, stuck: why}
- id: words
  do: find
  part: One
  at: p1
  ask: Which words judge?
  targets: [stupid]
  decoys: [says]
  at_least: 1
  why: It is a verdict.
  hints: [It is one word.]
- id: why
  do: explain
  part: Two
  at: [p1, title]
  ask: How do you know?
  tries: 2
  never_say: [harbour master]
  rubric:
  - {id: named, idea: It names her, probe: Go on., hint: Who?, prompt: It is _., tell: Ada., all_of: [[ada, lund]]}
  - id: role
    idea: It says what she is
    required: false
    judge: rules
    all_of: [["harbo* master", "/mast.{0,3}/"]]
    none_of: [[captain]]
  - It gives no link
  misconceptions:
  - all-lies
  - {id: she-decides, idea: She decides, reply: Does it say so?, all_of: [[decides]]}
  samples:
  - {answer: Ada Lund says so., verdict: partly, meets: [named, idea-3]}
  - {answer: It is fake, verdict: not-yet, misconception: all-lies}
- id: check
  do: look
  part: Two
  at: p2
  ask: Was it cheap?
  cards: [prices, post]
  best: [prices]
  budget: 1
  rubric: [It was one crown]
- id: anew
  do: rewrite
  part: Two
  at: p2
  ask: Make it honest.
  source: never
  must_keep: [ferry]
  must_drop: [never]
  rubric: [It says may or might]
exit:
  article:
    title: Bus
    licence: CC0-1.0
    text: |
      # News
      The bus is late, says Bo.
  marks:
  - {id: bo, at: p1, quote: says Bo}
  steps:
  - {id: last, do: find, at: p1, ask: Who says so?, targets: [bo], why: Bo does.}
"""


def read(text: str) -> Loaded:
    return load_copy(text.encode(), b"", "ferry.yaml")


def outcome(load: Callable[[], object]) -> tuple[Mistake, ...] | None:
    """The mistakes for which `load` refuses, None where it does not; any other error is passed on."""
    try:
        load()
    except LessonError as error:
        return error.mistakes
    return None


def mistakes_in(text: str | bytes, article: bytes = b"") -> tuple[Mistake, ...]:
    """What is wrong with a lesson; something must be."""
    mistakes = outcome(lambda: load_copy(text if isinstance(text, bytes) else text.encode(), article, "ferry.yaml"))
    assert mistakes, "this lesson was accepted"
    assert list(mistakes) == sorted(mistakes)
    assert {mistake.code for mistake in mistakes} <= {code.name for code in LOADER_CODES}
    return mistakes


def place_of(marked: str) -> tuple[str, tuple[int, int]]:
    """A text without its one `§`, and the line and column at which that stood."""
    before, after = marked.split("§")
    line = before.rpartition("\n")[2]
    return before + after, (before.count("\n") + 1, len(line) + 1)


def spoilt(old: str, new: str) -> tuple[Mistake, tuple[int, int]]:
    """The one mistake in the lesson in which `old` became `new`, and the place of the `§` in `new`."""
    assert EVERY_FIELD.count(old) == 1, f"{old!r} must stand in the lesson once"
    text, place = place_of(EVERY_FIELD.replace(old, new))
    [mistake] = mistakes_in(text)
    return mistake, place
