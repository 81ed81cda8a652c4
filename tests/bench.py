"""Measures, and asserts nothing: `make bench`. Judging, loading, recording, and the first paint of the screen."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tests.agreement import LESSONS, between_raters, on_samples, on_strangers
from tests.pty_stage import PASTE_BEGINS, PASTE_ENDS, Stage
from tests.staged import learn
from tests.talk import shipped
from tests.test_forget import forget
from tests.test_forget import learn as sessions_of_a_learner
from tests.tui.acting import TestHouse, at_the_screen
from tutor.core import events as e
from tutor.core.judging import JudgeTask
from tutor.journal import Journal
from tutor.judges.embedded import EmbeddedJudge
from tutor.lessons.loader import load_lesson
from tutor.lessons.phrases_file import load_phrases
from tutor.resources import lessons_dir, prompts_dir
from tutor.workbench.checking.checking import check
from tutor.workbench.trying.agreement import Row, figures

LESSON = "lavrov-syria"
ROOT = Path(__file__).resolve().parent.parent
BARE = """
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Header, OptionList, Static, TextArea

class Bare(App):
    def compose(self) -> ComposeResult:
        yield Header()
        with Horizontal():
            with VerticalScroll():
                for number in range(10):
                    yield Static("A paragraph of an article. " * 20, markup=False)
            with VerticalScroll():
                yield Static("barelesson", markup=False)
                yield OptionList("one", "two", "three")
                yield TextArea()
        yield Footer()

Bare().run()
"""


def main() -> None:
    """Print every figure."""
    _judging()
    _speed()
    _checking()
    _stalls()
    _first_paint()
    _help_card()
    _forgetting()
    _pastes()


def _judging() -> None:
    """The embedded judge on every lesson: its samples, leave-one-out, and answers that nobody tuned to."""
    pooled: dict[str, list[Row]] = {}
    for name in LESSONS:
        lesson = shipped(name)
        print(f"embedded judge on {name}; between those who labelled: kappa {between_raters(name):.2f}")
        for title, rows in (("samples, leave-one-out", on_samples(lesson)), ("strangers", on_strangers(lesson))):
            pooled.setdefault(title, []).extend(rows)
            print(f"  {title:30} {figures(rows)}")
            for step, criterion in dict.fromkeys((row.step, row.criterion) for row in rows):
                some = [row for row in rows if (row.step, row.criterion) == (step, criterion)]
                print(f"    {step + ' ' + criterion:28} {figures(some)}")
    for title, rows in pooled.items():
        print(f"all lessons, {title:24} {figures(rows)}")


def _checking(lessons: int = 1000) -> None:
    """`check` on many lessons, beside reading the same files as bare YAML with the C loader."""
    sources = sorted(lessons_dir().glob("*/lesson.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(lessons):
            source = sources[number % len(sources)]
            shutil.copytree(source.parent, Path(folder) / f"{source.parent.name}-{number}")
        begun = time.perf_counter()
        found = check(Path(folder))
        checked = time.perf_counter() - begun
        begun = time.perf_counter()
        for file in Path(folder).glob("*/lesson.yaml"):
            yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
        parsed = time.perf_counter() - begun
    print(f"check: {found.lessons} lessons in {checked:.0f} s, {1000 * checked / lessons:.0f} ms each;", end=" ")
    print(f"bare YAML with the C loader {1000 * parsed / lessons:.1f} ms ({checked / parsed:.0f} times)")


def _speed() -> None:
    lesson, judge = shipped(LESSON), EmbeddedJudge()
    step = next(step for step in lesson.steps if step.do == "explain")
    task = JudgeTask(lesson, step, *(2 * ("It says Interfax on Thursday, but there is no link.",)), step.rubric)
    asyncio.run(judge.warm(task))
    print(f"loading the lesson      {_median(lambda: load_lesson(lessons_dir() / LESSON)):7.1f} ms")
    print(f"judging one answer      {_median(lambda: judge.judgement(task)):7.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder), now=lambda: datetime.now(UTC), new_id=iter(map(str, range(10_000))).__next__)
        begun = e.Started(
            learner="bench", lesson=LESSON, title="", lesson_sha="", article_sha="", program="", judge="", speaker=""
        )
        sitting = journal.begin("bench", begun)
        print(f"recording one event     {_median(lambda: sitting.record(e.Opened(step='start'))):7.1f} ms")


STALLS = """
import asyncio, json, sys, time
from tests.llm.fake_server import FakeServer, says
from tutor.llm.asking import Prompt
from tutor.llm.client import open_model
from tutor.llm.worker import prepare
import textual.app

async def tick(worst):
    last = time.perf_counter()
    while True:
        await asyncio.sleep(0.005)
        now = time.perf_counter()
        worst.append(now - last - 0.005)
        last = now

async def measure(server):
    model, prompt = open_model(server.endpoint()), Prompt("You judge.", "Is it met?", "hash", tokens=64)
    for name, times in (("its library loads", 1), ("the first reply streams", 1), ("twenty more stream", 20)):
        worst = []
        ticker = asyncio.ensure_future(tick(worst))
        begun = time.perf_counter()
        if name == "its library loads":
            prepare()
            await asyncio.to_thread(lambda: [time.sleep(0.1) for _ in range(1200) if "litellm" not in sys.modules])
            await asyncio.sleep(4)
        else:
            for _ in range(times):
                await model.ask(prompt)
        ticker.cancel()
        taken = time.perf_counter() - begun
        stall = 1000 * max(worst)
        print(f"worst stall of the screen's loop while {name:24} {stall:6.0f} ms  (of {taken:.1f} s)", flush=True)

with FakeServer(says("word " * 200)) as server:
    asyncio.run(measure(server))
sys.stdout.flush()
import os
os._exit(0)
"""


def _stalls() -> None:
    subprocess.run([sys.executable, "-c", STALLS], cwd=ROOT, check=True)


def _median(act: Callable[[], object], times: int = 15) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def _first_paint() -> None:
    bare = [sys.executable, "-c", BARE]
    library, lesson = ([sys.executable, "-m", "tutor", *rest, "--as", "bench"] for rest in ([], ["learn", LESSON]))
    seconds = {
        "a bare Textual app with the same widgets": _painted(bare, b"barelesson"),
        "the library, its frame": _painted(library, b"Closeread"),
        "the library, its lessons": _painted(library, b"talking"),
        "the lesson, its frame": _painted(lesson, b"Closeread"),
        "the lesson, its question": _painted(lesson, b"Welcome"),
    }
    first = next(iter(seconds.values()))
    for title, taken in seconds.items():
        print(f"first paint: {title:42} {1000 * taken:6.0f} ms  ({taken / first:.2f} of the bare app)")


def _painted(command: list[str], awaited: bytes, times: int = 7) -> float:
    """The median of the seconds from the start of a process until `awaited` stands on its terminal."""
    return statistics.median(_once(command, awaited) for _ in range(times))


def _once(command: list[str], awaited: bytes) -> float:
    own, other = pty.openpty()
    seen = b""
    with tempfile.TemporaryDirectory() as home:
        size = {"COLUMNS": "120", "LINES": "40", "TERM": "xterm-256color", "HOME": home, "PYTHONPATH": str(ROOT)}
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=other, stdout=other, stderr=other, env={**os.environ, **size}, cwd=home,
            start_new_session=True,
        )  # fmt: skip
        os.close(other)
        try:
            while awaited not in seen:
                ready, _, _ = select.select([own], [], [], 30)
                if not ready:
                    raise TimeoutError(f"{awaited!r} was not painted within 30 s by {' '.join(command)[:80]}")
                seen += os.read(own, 65536)
            return time.perf_counter() - begun
        finally:
            process.kill()
            process.wait()
            os.close(own)


def _help_card() -> None:
    """From sending words of distress to the help card on the screen, headless, with no model; and the check itself."""

    async def once() -> float:
        with tempfile.TemporaryDirectory() as folder:
            async with at_the_screen(TestHouse(Path(folder))) as learner:
                await learner.open_writing()
                await learner.write("It is a claim. My dad hits me when he is drunk.")
                begun = time.perf_counter()
                learner.tap("enter")
                await learner.until(lambda: "It matters" in learner.text)
                return time.perf_counter() - begun

    taken = [asyncio.run(once()) for _ in range(5)]
    print(f"help card after sending: {1000 * statistics.median(taken):.0f} ms, {1000 * max(taken):.0f} at most of five")
    signs = load_phrases(prompts_dir(), "en").listening.distress
    texts = {
        "a typical answer": "The writer says that they killed people, but I think nobody is named there.",
        "15,000 characters": "I want to be like that, my dad says, and so do I because of the text " * 215,
    }
    for title, text in texts.items():
        print(f"check for distress, {title}: {_median(lambda text=text: signs.are_in(text)):.1f} ms")  # type: ignore[misc]


def _forgetting(sessions: int = 200) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sessions_of_a_learner(Path(folder), sessions)
        print(f"forgetting a learner of {sessions} sessions: {forget(Path(folder))[1]:.2f} s")


def _pastes() -> None:
    """Ten megabytes pasted into the box and typed into plain lines: until the sentence that refuses them is written."""
    line, lines = "a" * (10 << 20), "some words of a line\n" * ((10 << 20) // 21)
    for title, flags, text in (
        ("one line, into the box", (), f"{PASTE_BEGINS}{line}{PASTE_ENDS}"),
        ("many lines, into the box", (), f"{PASTE_BEGINS}{lines}{PASTE_ENDS}"),
        ("one line, by a terminal that marks no pastes", (), line),
        ("many lines, at a terminal, plain", ("--plain",), lines),
    ):
        with tempfile.TemporaryDirectory() as folder, Stage(learn(Path(folder), *flags), home=Path(folder)) as stage:
            stage.until("late? >" if flags else "Enter Send")
            memory, start = stage.peak_memory, time.perf_counter()
            sending = threading.Thread(target=stage.send, args=(text,))
            sending.start()
            stage.until(lambda stage=stage: b"1,500 are the most" in stage.log)  # type: ignore[misc]
            refused = time.perf_counter() - start
            sending.join()
            sent, more = time.perf_counter() - start, stage.peak_memory - memory
        print(
            f"10 MB pasted, {title:46} refused after {refused:5.2f} s, all of it read after {sent:5.2f} s;"
            f" {more / 2**20:.0f} MB more"
        )


if __name__ == "__main__":
    main()
