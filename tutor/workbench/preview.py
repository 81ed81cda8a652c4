"""A lesson that its teacher has open in an editor: its last readable version, to be tried at any step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from tutor.conversation import Conversation, Parts
from tutor.core.lesson import Lesson
from tutor.errors import LessonError
from tutor.lessons.loader import Loaded, load_lesson
from tutor.workbench.foreseeing import Answer, Foresight, Playable
from tutor.workbench.memory import MemoryRecorder, begin
from tutor.workbench.previewing import Bar, bar

_MOST_FILES = 500
"""Files of a folder that are looked at; a lesson's own folder holds a handful."""
_Stamp = tuple[tuple[str, int, int], ...]


class Preview:
    """What the screen of the preview is given: conversations that leave no trace, and what the bar says of them."""

    def __init__(self, path: Path, parts: Callable[[str], Parts], help_card: Callable[[str], str]) -> None:
        """`path` is the lesson's file, `parts` and `help_card` are those of a language; LessonError where it cannot be
        loaded.
        """
        self._path = path
        self._parts = parts
        self._help_card = help_card
        self._reloading = Lock()
        self._stamp: _Stamp = ()
        self._loaded: Loaded = load_lesson(path)
        self._made: tuple[Lesson, Parts] | None = None
        self._mistakes: tuple[str, ...] = ()
        self._begun: WeakKeyDictionary[Conversation, tuple[MemoryRecorder, Foresight]] = WeakKeyDictionary()

    @property
    def lesson(self) -> Lesson:
        """The last version that could be read: the same object for as long as it has not changed."""
        return self._loaded.lesson

    @property
    def step_ids(self) -> tuple[str, ...]:
        """The steps in the file's order, those of the exit ticket last."""
        lesson = self.lesson
        return tuple(step.id for step in (*lesson.steps, *(lesson.exit.steps if lesson.exit else ())))

    @property
    def mistakes(self) -> tuple[str, ...]:
        """What is wrong in the files as they are now: file:line:column and a sentence each; empty where all is well."""
        return self._mistakes

    def reload(self) -> None:
        """Look whether a file was saved, and read the lesson anew if so; may be called from any thread, and often."""
        with self._reloading:
            stamp = self._stamp_now()
            if stamp == self._stamp:
                return
            self._stamp = stamp
            try:
                loaded = load_lesson(self._path)
            except LessonError as error:
                self._mistakes = _told(error)
                return
            self._mistakes = ()
            if (loaded.sha, loaded.article_sha) != (self._loaded.sha, self._loaded.article_sha):
                self._made = loaded.lesson, self._parts(loaded.lesson.lang)
                self._loaded = loaded

    def begin(self, step: str, draft: str = "") -> Conversation:
        """A conversation about the lesson as it is now, at a step, with an answer half typed; KeyError where there is
        no such step. The first one takes some tens of milliseconds: it has the parts put together.
        """
        lesson, parts = self._made = self._made or (self.lesson, self._parts(self.lesson.lang))
        conversation, recorder = begin(lesson, parts, step, draft)
        self._begun[conversation] = recorder, Foresight(lesson, parts.phrases)
        return conversation

    def sitting(self, conversation: Conversation) -> MemoryRecorder:
        """What keeps a conversation, in memory alone."""
        return self._begun[conversation][0]

    def help_card(self, lang: str = "en") -> str:
        """What is shown at words of distress."""
        return self._help_card(lang)

    async def bar(self, conversation: Conversation, answer: Answer | None) -> Bar:
        """What the bar says when `answer` is about to be sent; None where there is none yet."""
        return bar(await self._begun[conversation][1].ahead(conversation.events, answer))

    async def playables(self, conversation: Conversation, step: str) -> tuple[Playable, ...]:
        """The answers that can be played to a step."""
        return await self._begun[conversation][1].playables(step)

    def _stamp_now(self) -> _Stamp:
        """When the files beside the lesson, and those of its articles, were changed last, and how long they are."""
        folder = self._path.parent
        try:
            found = {each for each in islice(folder.iterdir(), _MOST_FILES) if _counts(each)}
        except OSError:
            found = set()
        return tuple(sorted(_stamp_of(each) for each in {self._path, *found, *self._article_files()}))

    def _article_files(self) -> list[Path]:
        """An article may stand in a folder inside the lesson's."""
        lesson = self.lesson
        articles = (lesson.article, *([lesson.exit.article] if lesson.exit else []))
        return [self._path.parent / each.file for each in articles if each.file]


def _counts(path: Path) -> bool:
    """Whether a file may be part of the lesson: editors keep hidden files and copies ending in ~ beside it."""
    return not path.name.startswith(".") and not path.name.endswith("~")


def _stamp_of(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), status.st_mtime_ns, status.st_size


def _told(error: LessonError) -> tuple[str, ...]:
    """The mistakes, each with the name of its file alone: there is little room."""
    short = tuple(str(replace(each, file=Path(each.file).name)) for each in error.mistakes)
    return short or (str(error),)
