"""From an article to a lesson's folder: article.txt, lesson.yaml and the schema for editors."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.core.clean import one_line
from tutor.errors import LessonError, TutorError
from tutor.lessons.loader import LESSON_FILE, load_lesson
from tutor.workbench.new.finding import find_all, opening
from tutor.workbench.new.marks import Suggestion, choose
from tutor.workbench.new.planning import plan
from tutor.workbench.new.reading import ArticleText
from tutor.workbench.new.steps import CARDS, make_steps
from tutor.workbench.new.ticket import make_ticket
from tutor.workbench.new.yaml_out import Noted, Row, Value, comment, dump
from tutor.workbench.schema import EDITOR_LINE, FILE, schema_text

ARTICLE_FILE = "article.txt"
UNREVIEWED = "UNREVIEWED"
"""`check` warns of every text that holds this word."""
_LICENCE = f"{UNREVIEWED}: licence unknown. Find out before you share this lesson."
_LONGEST_NAME = 40
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")

_HEAD = f"""\
A new lesson. The article and this file belong together in one folder.

  closeread check FOLDER      what is wrong, and what could be better
  closeread preview FOLDER    see it as learners do, with the key beside it

The marks were suggested by simple rules that cannot read: keep, change or delete each. The steps are worked
examples, one of each kind: put your own questions in their place. {UNREVIEWED} stands where something is missing that
only you can know; `check` warns until you have taken the word out. Lines that begin with # are for you: learners do not
see them."""
_OTHER_LANGUAGE = """

The text is not in English ({lang}). So only quotations and numbers are suggested, and the steps below are in English
and have no rules: write them in the language of your learners."""
_YOURS = """\
Yours to fill in, without the # before it: for whom the lesson is, how long it takes, and how others may use it (the
text has a licence of its own, below).
ages: [12, 15]
minutes: 30
licence: CC-BY-4.0"""
_WHAT = {
    "reported": "somebody says so",
    "quoted": "words in quotation marks",
    "forecast": "a forecast",
    "certain": "words that leave no doubt",
    "loaded": "a word that judges",
    "number": "a number",
    "careful": "a careful word",
    "opening": "the first words; no rule found anything here",
}
_ID = {"reported": "report", "quoted": "quote", "certain": "certainty", "opening": "begin"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A step that a model proposed for a block: a question, the idea of a good answer, and a hint, "" where its own
    gave the idea away.
    """

    block: str
    question: str
    idea: str
    hint: str
    model: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """An article with the marks that are suggested for it, and their ids."""

    article: ArticleText
    ids: Mapping[Suggestion, str]
    steps: Sequence[Value]


def sketch(article: ArticleText) -> Sketch:
    """Suggest marks and steps for an article; TutorError where there is nothing in it that could be marked."""
    blocks = article.blocks
    found = find_all(blocks, article.lang)
    if not any(each.block != "title" for each in found):
        first = opening(blocks)
        if first is None:
            raise TutorError("The first paragraph of this article has no words that could be marked.")
        found.append(first)
    chosen = plan(found, blocks, article.lang)
    marks = choose(found, blocks, chosen.needed)
    ids = {each: f"m{number}-{_ID.get(each.category, each.category)}" for number, each in enumerate(marks, 1)}
    return Sketch(article, ids, make_steps(chosen, ids, blocks, article.lang))


def lesson_yaml(made: Sketch, drafts: Sequence[Draft] = ()) -> str:
    """The lesson's file."""
    article = made.article
    steps = [*made.steps, *(_drafted(number, draft) for number, draft in enumerate(drafts, 1))]
    head = _HEAD + (_OTHER_LANGUAGE.format(lang=article.lang) if article.lang != "en" else "")
    fields: dict[str, Value] = {
        "tutor": 1,
        "title": Noted("What the lesson is called in the library.", article.title),
        "goal": "Tell who says what in a text, and how sure it can be.",
        "lang": article.lang,
        "article": Noted(_YOURS, _article(article)),
        "marks": [_mark(each, name, made.steps) for each, name in made.ids.items()],
        "sources": Noted(
            "\nThe cards of the look step. Learners open some of them, and see title and snippet first.", list(CARDS)
        ),
        "steps": steps,
        "exit": Noted(
            "\nThe exit ticket: a fresh text, without help. It is the same in every new lesson; make it fit yours.",
            make_ticket(),
        ),
    }
    lines = [EDITOR_LINE.format(FILE), *comment(head)]
    return "\n".join(lines) + "\n\n" + dump(fields)


def _article(article: ArticleText) -> dict[str, Value]:
    fields: dict[str, Value] = {
        "title": article.title,
        "byline": article.byline or "absent",
        "outlet": article.outlet or "absent",
        "date": article.date or "absent",
    }
    if article.url:
        fields["url"] = article.url
    fields["licence"] = Noted(
        "May you use this text in class, and pass it on? Write where the permission is from.", _LICENCE
    )
    fields["file"] = ARTICLE_FILE
    if article.headings:
        fields["headings"] = list(article.headings)
    return fields


def _mark(each: Suggestion, name: str, steps: Sequence[Value]) -> Noted:
    what = _WHAT[each.category] + (f' ("{each.cue}")' if each.cue else "")
    used = [step for step in map(_fields, steps) if name in _names(step)]
    uses = f" The step {used[0]['id']} uses it." if used else ""
    fields: dict[str, Value] = {"id": name, "at": each.block, "quote": each.quote}
    if each.occurrence:
        fields["occurrence"] = each.occurrence
    if each.kind:
        fields["kind"] = each.kind
    if each.technique:
        fields["techniques"] = [each.technique]
    if each.sound:
        fields["sound"] = True
    if each.form:
        said = {"form": each.form, "source": each.source, "cue": each.said_by}
        fields["attribution"] = Row({field: value for field, value in said.items() if value})
    sound = ", plain and with its source" if each.sound else ""
    return Noted(f"suggested: {what}{sound}. Keep it, change it, or delete it.{uses}", fields)


def _fields(step: Value) -> Mapping[str, Value]:
    value = step.value if isinstance(step, Noted) else step
    assert isinstance(value, Mapping)
    return value


def _names(step: Mapping[str, Value]) -> set[str]:
    """The marks that a step names."""
    found = set()
    for field in ("marks", "targets", "decoys", "source"):
        value = step.get(field)
        found |= (
            {value} if isinstance(value, str) else {str(each) for each in value} if isinstance(value, list) else set()
        )
    return found


def _drafted(number: int, draft: Draft) -> Noted:
    """A step that a model proposed: it warns until a person has read it."""
    hint = {"hint": draft.hint} if draft.hint else {}
    criterion: dict[str, Value] = {
        "id": "idea",
        "idea": draft.idea,
        "probe": "Can you say more about that?",
        **hint,
        "prompt": "I can tell from the words ___.",
        "tell": draft.idea,
    }
    step: dict[str, Value] = {
        "id": f"draft-{number}",
        "part": "Drafts",
        "do": "explain",
        "at": draft.block,
        "ask": f"{UNREVIEWED}: {draft.question}",
        "rubric": [criterion],
    }
    return Noted(
        f"\ndrafted by {draft.model}, unreviewed. It has no rules and no samples yet: write them, or delete the step.",
        step,
    )


# --------------------------------------------------------------------------- the folder


def folder_for(article: ArticleText, file: Path) -> str:
    """A short name for the folder, from the title or else from the file's name."""
    for text in (article.title, file.stem):
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
        name = ""
        for word in words:
            if name and len(name) + 1 + len(word) > _LONGEST_NAME:
                break
            name = f"{name}-{word}" if name else word[:_LONGEST_NAME]
        if len(name) > 2:
            return f"{name}-lesson" if _RESERVED.fullmatch(name) else name
    return "lesson"


def refuse_taken(folder: Path) -> None:
    """TutorError where a lesson could not be put without overwriting something."""
    shown = one_line(str(folder))
    if os.path.isdir(folder):  # noqa: PTH112  a name that no folder can have is no reason for it to raise
        for name in (LESSON_FILE, ARTICLE_FILE, FILE):
            if os.path.lexists(folder / name):  # a link that leads nowhere, too
                what = "a lesson" if name == LESSON_FILE else name
                raise TutorError(
                    f"There is {what} in {shown} already, and nothing is overwritten. Choose another place: --to FOLDER"
                )
    elif os.path.lexists(folder):
        raise TutorError(f"{shown} is a file. Choose another place: --to FOLDER")


def write_folder(folder: Path, article: ArticleText, yaml: str) -> None:
    """Write a lesson's folder, all of it or nothing; TutorError where it cannot be written or would not load.

    The files are written beside it and looked at first, so that nobody is left with half a lesson.
    """
    refuse_taken(folder)
    files = {ARTICLE_FILE: article.text, FILE: schema_text(), LESSON_FILE: yaml}
    beside = folder.parent / f".{folder.name[:_LONGEST_NAME]}-{secrets.token_hex(4)}"
    try:
        beside.mkdir(parents=True)
        try:
            for name, text in files.items():
                (beside / name).write_text(text, encoding="utf-8", newline="\n")
            _insist_that_it_loads(beside)
            _put(beside, folder, files)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be used"
        raise TutorError(
            f"{one_line(str(folder))} cannot be written ({why}). Choose another place: --to FOLDER"
        ) from None


def _insist_that_it_loads(folder: Path) -> None:
    try:
        load_lesson(folder)
    except LessonError as error:
        first = str(error.mistakes[0].message) if error.mistakes else str(error)
        message = f"This article cannot be made into a lesson ({first}). Please tell those who look after Closeread."
        raise TutorError(message) from None


def _put(beside: Path, folder: Path, files: Mapping[str, str]) -> None:
    if not folder.exists():
        beside.rename(folder)
        return
    refuse_taken(folder)
    for name in files:
        # A rename within one disk; the lesson's own file comes last, and makes it a lesson.
        (beside / name).rename(folder / name)
