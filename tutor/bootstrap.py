"""The only place that chooses real parts: which judge, which speaker, which folders, which clock."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor import __version__
from tutor.resources import lessons_dir, prompts_dir
from tutor.settings import Settings

if TYPE_CHECKING:
    from tutor.conversation import Conversation, Parts
    from tutor.core.judging import Judge
    from tutor.core.lesson import Lesson
    from tutor.core.outcome import Progress
    from tutor.core.phrases import Phrases
    from tutor.core.speaking import Speaker
    from tutor.journal import Journal, Past, Sitting
    from tutor.judges.calibration import Table
    from tutor.judges.combined import CombinedJudge, Weight
    from tutor.judges.embedded import EmbeddedJudge
    from tutor.judges.model import ModelJudge
    from tutor.lessons.library import Entry
    from tutor.lessons.loader import Loaded
    from tutor.llm.asking import Model
    from tutor.llm.doctor import Examination
    from tutor.report.annotated import Names
    from tutor.settings import Endpoint
    from tutor.speakers.scripted import ScriptedSpeaker
    from tutor.workbench.bench.benching import Headway
    from tutor.workbench.bench.card import Card
    from tutor.workbench.calibrating import Judged
    from tutor.workbench.preview import Preview
    from tutor.workbench.trying.walking import Walks

GUEST = "guest"


class House:
    """Puts the parts together for one learner on one machine. What is heavy is imported when it is first needed."""

    def __init__(
        self,
        settings: Settings,
        learner: str | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self.settings = settings
        self._now = now
        self._new_id = new_id
        self._learner = learner
        self._found: tuple[str | None] | None = None
        self._journal: Journal | None = None
        self._sittings: dict[int, Sitting] = {}
        self._model: Model | None = None

    @property
    def journal(self) -> Journal:
        """The journal in the settings' data folder."""
        from tutor.journal import Journal  # noqa: PLC0415

        if self._journal is None:
            self._journal = Journal(
                self.settings.data_dir, now=self._now, new_id=self._new_id, note=" ".join(self.settings.notes)
            )
        return self._journal

    @property
    def learner(self) -> str | None:
        """The nickname in use: given, or the last one on this machine; None before the first."""
        if not self._learner and self._found is None:
            # Once: another window of this login may change to another learner, and this one goes on with its own.
            self._found = (self.journal.last_learner(),)
        return self._learner or (self._found[0] if self._found else None)

    def set_learner(self, nickname: str) -> None:
        """Switch to a nickname and remember it."""
        self._learner = nickname
        self.journal.remember_learner(nickname)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where lessons are looked for: the learner's own folders, then the shipped ones."""
        return (*self.settings.lessons_dirs, lessons_dir())

    def entries(self) -> list[Entry]:
        """All lessons of the library; takes some tens of milliseconds each."""
        from tutor.lessons.library import scan  # noqa: PLC0415

        return scan(self.folders)

    def load(self, name: str) -> Loaded:
        """The lesson with this name or path; LessonError."""
        from tutor.lessons.library import find_lesson  # noqa: PLC0415
        from tutor.lessons.loader import load_lesson  # noqa: PLC0415

        return load_lesson(find_lesson(name, self.folders))

    def phrases(self, lang: str = "en") -> Phrases:
        """The tutor's own words."""
        from tutor.lessons.phrases_file import load_phrases  # noqa: PLC0415

        named = (folder for folder in self.prompt_folders if (folder / "tutor.en.yaml").is_file())
        return load_phrases(next(named, prompts_dir()), lang)

    def is_distress(self, text: str) -> bool:
        """Whether somebody writes of their own distress where no lesson is open, as in place of a nickname."""
        from tutor.core.listening import is_distress  # noqa: PLC0415
        from tutor.errors import TutorError  # noqa: PLC0415
        from tutor.lessons.phrases_file import load_phrases  # noqa: PLC0415

        try:
            phrases = self.phrases()
        except TutorError:  # a teacher's own prompts, which cannot be read: said when a lesson is opened
            phrases = load_phrases(prompts_dir(), "en")
        return is_distress(text, phrases.listening)

    def help_card(self, lang: str = "en") -> str:
        """What is shown at words of distress: the school's own card, or the one that ships."""
        from tutor.lessons.help_card_file import shipped_card  # noqa: PLC0415

        return self.own_help_card or shipped_card(prompts_dir(), lang)

    @property
    def own_help_card(self) -> str | None:
        """The school's own card; None where there is none, or none that can be read."""
        from tutor.lessons.help_card_file import read_card  # noqa: PLC0415

        return read_card(self.settings.help_card) if self.settings.help_card else None

    def progress(self, lessons: Iterable[Lesson]) -> dict[str, Progress]:
        """How far the learner has come, by lesson id; lessons never opened are left out."""
        from tutor.core.outcome import progress  # noqa: PLC0415
        from tutor.core.session import replay  # noqa: PLC0415

        past = self._past()
        found = {}
        for lesson in lessons:
            mine = [each for each in past if each.started.lesson == lesson.id]
            if mine:
                finished = any(each.finished for each in mine)
                found[lesson.id] = progress(lesson, replay(mine[0].events), finished=finished)
        return found

    def past(self, loaded: Loaded) -> Past | None:
        """The newest session of a lesson, finished or not; None where it was never opened."""
        from tutor.lessons.returning import is_of  # noqa: PLC0415

        return next((each for each in self._past() if is_of(each.started, loaded)), None)

    def damage(self) -> tuple[str, ...]:
        """A sentence for each file of the learner's record that cannot be read to its end."""
        found = [each.damage for each in self._past() if each.damage]
        return (*self.journal.unreadable(self.learner or GUEST), *found)

    def _past(self) -> list[Past]:
        self.journal.expire(self.settings.keep_months)
        return self.journal.past(self.learner or GUEST)

    @staticmethod
    def changed(past: Past, loaded: Loaded) -> bool:
        """Whether the lesson or its article has changed since that session."""
        return (past.started.lesson_sha, past.started.article_sha) != (loaded.sha, loaded.article_sha)

    def start(self, loaded: Loaded) -> Conversation:
        """Begin a new session."""
        from tutor.core.events import Started  # noqa: PLC0415

        parts = self._parts(loaded.lesson.lang)
        self._keep_copies(loaded)
        started = Started(
            learner=self.learner or GUEST,
            lesson=loaded.lesson.id,
            title=loaded.lesson.title,
            lesson_sha=loaded.sha,
            article_sha=loaded.article_sha,
            program=__version__,
            judge=parts.judge.name,
            speaker=parts.speaker.name,
        )
        sitting = self.journal.begin(started.learner, started)
        # Until just now, another window that tidied up could not know that they are needed.
        self._keep_copies(loaded)
        return self._conversation(loaded.lesson, sitting, parts)

    def _keep_copies(self, loaded: Loaded) -> None:
        for source in (loaded.source, loaded.article_source):
            self.journal.keep_copy(source)

    def resume(self, past: Past) -> Conversation:
        """Go on with a session, on the copy of the lesson that it was begun with; LessonError where that is lost."""
        from tutor.lessons.returning import begun_with  # noqa: PLC0415

        loaded = begun_with(past.started, past.events, self.journal.copy)
        parts = self._parts(loaded.lesson.lang)
        sitting = self.journal.resume(past.learner, past, judge=parts.judge.name, speaker=parts.speaker.name)
        return self._conversation(loaded.lesson, sitting, parts)

    def sitting(self, conversation: Conversation) -> Sitting:
        """The sitting that keeps a conversation: its drafts, and its trouble if it cannot be written."""
        return self._sittings[id(conversation)]

    @property
    def names(self) -> Names:
        """What skills, kinds and techniques are called in words."""
        from tutor.lessons.taxonomy_file import shipped_taxonomy  # noqa: PLC0415
        from tutor.report.annotated import term_names  # noqa: PLC0415

        return term_names(shipped_taxonomy())

    def export(self, conversation: Conversation) -> tuple[Path, Path]:
        """Write the end-of-lesson files, Markdown and HTML; JournalError where they cannot be written."""
        from tutor.core.events import Started  # noqa: PLC0415
        from tutor.errors import JournalError  # noqa: PLC0415
        from tutor.report.export import write_files  # noqa: PLC0415

        sitting = self.sitting(conversation)
        if sitting.is_removed:
            raise JournalError(f"Your pages are not written. {sitting.trouble}")
        learner = next(event.payload.learner for event in sitting.events if isinstance(event.payload, Started))
        return write_files(
            self.journal.exports_dir(learner),
            conversation.lesson,
            conversation.session,
            conversation.events,
            nickname=learner,
            when=self._now().astimezone().strftime("%Y-%m-%d"),
        )

    def prepare(self) -> None:
        """Begin to load what the model needs, where one is used, and return at once: to be called after the first
        paint.
        """
        if self._uses_model:
            from tutor.llm.worker import prepare  # noqa: PLC0415

            prepare()

    @property
    def prompt_folders(self) -> tuple[Path, ...]:
        """Where prompts are looked for: the teacher's own folder, then the shipped one."""
        own = (self.settings.prompts_dir,) if self.settings.prompts_dir else ()
        return (*own, prompts_dir())

    @property
    def calibration_file(self) -> Path:
        """Where the cuts of models' probabilities are kept."""
        return self.settings.data_dir / "calibration.json"

    @property
    def model(self) -> Model:
        """The configured model; one for all lessons of this process. SettingsError where none is configured."""
        from tutor.errors import SettingsError  # noqa: PLC0415
        from tutor.llm.client import open_model  # noqa: PLC0415

        if self.settings.endpoint is None:
            raise SettingsError(
                "No model is configured. Name one with --model and --base-url, or run: closeread doctor"
            )
        if self._model is None:
            self._model = open_model(self.settings.endpoint)
        return self._model

    def model_judge(self, lang: str = "en") -> ModelJudge:
        """The judge that asks the configured model, uncalibrated where the file cannot be read; PromptError,
        SettingsError.
        """
        from tutor.judges.model import JudgePrompts, ModelJudge  # noqa: PLC0415

        model, endpoint = self.model, self.settings.endpoint
        prompts = JudgePrompts.load(self.prompt_folders, lang)
        return ModelJudge(model, prompts, self._cuts(), endpoint.examples if endpoint else 0)

    def _cuts(self) -> Table:
        from tutor.judges.calibration import CalibrationError, read  # noqa: PLC0415

        try:
            return read(self.calibration_file)
        except CalibrationError:
            return {}

    def walk(self, lesson: Lesson) -> Coroutine[object, object, Walks]:
        """Send scripted learners down every way of a lesson, with the embedded judge and the teacher's words."""
        from tutor.conversation import Parts  # noqa: PLC0415
        from tutor.judges.embedded import EmbeddedJudge  # noqa: PLC0415
        from tutor.speakers.scripted import ScriptedSpeaker  # noqa: PLC0415
        from tutor.workbench.trying.walking import walk  # noqa: PLC0415

        phrases = self.phrases(lesson.lang)
        rules, teacher = EmbeddedJudge(), ScriptedSpeaker(phrases)
        return walk(lesson, Parts(rules, rules, teacher, teacher, phrases))

    def preview(self, name: str) -> Preview:
        """A lesson for its teacher to try, with the configured judge and speaker; nothing is kept. LessonError."""
        from tutor.lessons.library import find_lesson  # noqa: PLC0415
        from tutor.workbench.preview import Preview  # noqa: PLC0415

        return Preview(find_lesson(name, self.folders), self._parts, self.help_card)

    def bench(self, lesson: Lesson, endpoints: Iterable[Endpoint]) -> AsyncIterator[Headway | Card]:
        """Take the measure of models for a lesson; their replies are kept in the data folder. PromptError."""
        from tutor.judges.model import JudgePrompts  # noqa: PLC0415
        from tutor.llm.client import open_model  # noqa: PLC0415
        from tutor.speakers.model import SpeakerPrompts  # noqa: PLC0415
        from tutor.workbench.bench.benching import Candidate, bench  # noqa: PLC0415
        from tutor.workbench.bench.remembering import Remembering  # noqa: PLC0415

        judging = JudgePrompts.load(self.prompt_folders, lesson.lang)
        speaking = SpeakerPrompts.load(self.prompt_folders, lesson.lang)
        cuts, kept = self._cuts(), self.settings.data_dir / "bench"
        candidates = [
            Candidate(Remembering(open_model(at), kept, at.base_url), at.base_url, judging, speaking, cuts, at.examples)
            for at in endpoints
        ]
        return bench(lesson, candidates, self.phrases(lesson.lang))

    def doctor(self) -> Coroutine[object, object, Examination]:
        """Look at the settings, at this machine's usual ports and at the configured model."""
        from tutor.llm.client import open_model  # noqa: PLC0415
        from tutor.llm.doctor import examine  # noqa: PLC0415

        return examine(self.settings, open_model)

    def calibration(self, lessons: Iterable[Lesson]) -> AsyncIterator[Judged]:
        """Have the configured model judge the samples of lessons; PromptError, SettingsError."""
        from tutor.workbench.calibrating import judged_samples  # noqa: PLC0415

        return judged_samples(self.model_judge(), lessons)

    def keep_calibration(self, judged: Iterable[Judged]) -> Table:
        """Find the cuts and keep them beside those of other models; CalibrationError."""
        from tutor.judges.calibration import write  # noqa: PLC0415
        from tutor.workbench.calibrating import thresholds_from  # noqa: PLC0415

        found = thresholds_from(judged)
        # A file that cannot be read is what this command is to replace.
        write(self.calibration_file, self._cuts() | found)
        return found

    @property
    def _uses_model(self) -> bool:
        return self.settings.judge != "embedded" or self.settings.speaker == "model"

    def _conversation(self, lesson: Lesson, sitting: Sitting, parts: Parts) -> Conversation:
        from tutor.conversation import Conversation  # noqa: PLC0415

        if self._learner is not None and not sitting.is_removed:
            # Not when it was given: the journal is slow to import, and the screen is to paint first.
            self.journal.remember_learner(self._learner)
        conversation = Conversation(lesson, sitting, parts)
        self._sittings[id(conversation)] = sitting
        return conversation

    def _parts(self, lang: str) -> Parts:
        """Judge, speaker and their stand-ins. A lesson always runs: where a model cannot be used, they stand in."""
        from tutor.conversation import Parts  # noqa: PLC0415
        from tutor.errors import TutorError  # noqa: PLC0415
        from tutor.judges.embedded import EmbeddedJudge  # noqa: PLC0415
        from tutor.speakers.scripted import ScriptedSpeaker  # noqa: PLC0415

        phrases = self.phrases(lang)
        rules, teacher = EmbeddedJudge(), ScriptedSpeaker(phrases)
        judge: Judge = rules
        speaker: Speaker = teacher
        trouble = []
        try:
            judge = self.judge(lang, rules)
        except TutorError as error:
            trouble.append(str(error))
        try:
            speaker = self._speaker(teacher, lang)
        except TutorError as error:
            trouble.append(str(error))
        return Parts(judge, rules, speaker, teacher, phrases, trouble=" ".join(trouble))

    def judge(self, lang: str = "en", rules: EmbeddedJudge | None = None) -> EmbeddedJudge | CombinedJudge:
        """The configured judge, made with `rules`; PromptError, SettingsError where a model cannot be asked."""
        from tutor.judges.combined import CombinedJudge  # noqa: PLC0415
        from tutor.judges.embedded import EmbeddedJudge  # noqa: PLC0415

        rules = rules or EmbeddedJudge()
        if self.settings.judge == "embedded":
            return rules
        weight: Weight = "fills" if self.settings.judge == "both" else "leads"
        return CombinedJudge(rules, self.model_judge(lang), weight)

    def _speaker(self, teacher: ScriptedSpeaker, lang: str) -> Speaker:
        from tutor.speakers.model import ModelSpeaker, SpeakerPrompts  # noqa: PLC0415

        if self.settings.speaker == "scripted":
            return teacher
        return ModelSpeaker(self.model, SpeakerPrompts.load(self.prompt_folders, lang), self.phrases(lang))
