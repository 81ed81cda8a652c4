"""Plain lines while a model is waited for: Ctrl+C goes on without it, and what it turned back can be sent again."""

from __future__ import annotations

import asyncio
import io
import signal
import threading
from collections.abc import Callable

import pytest

from tests.core.small import ReadingJudge, begun, explain, lesson
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.judging import Judgement, JudgeTask
from tutor.plain import Console, Plain

HELP_CARD = "(the help card)"


class Endless(ReadingJudge):
    """Never comes to a verdict. `meanwhile` is done while it is waited for."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self.meanwhile = meanwhile
        self.cancelled = 0

    async def judge(self, task: JudgeTask) -> Judgement:
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self.meanwhile)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
        raise AssertionError("nobody waits for it any more")


def press_ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


class Keyboard(io.StringIO):
    """Lines, and Ctrl+C where one says ^C."""

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # the stub has bytes here
        line = super().readline()
        while line == "^C\n":
            press_ctrl_c()
            line = super().readline()
        return line


def with_endless(judge: Endless, *, echo: bool, lines: str = "a:met\n") -> tuple[Conversation, str]:
    conversation, target = begun(lesson(explain()), judge), io.StringIO()
    Plain(conversation, Console(Keyboard(lines), target, echo=echo)).run(HELP_CARD)
    return conversation, target.getvalue()


def test_ctrl_c_goes_on_without_a_model_that_is_waited_for_and_leaves_at_any_other_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tutor.plain.interrupting.GRACE", 0.0)
    judge, before = Endless(press_ctrl_c), signal.getsignal(signal.SIGINT)
    conversation, text = with_endless(judge, echo=False, lines="a:met\n^C\n")
    kinds = [event.payload.type for event in conversation.events]
    assert kinds == ["started", "opened", "answered", "judged", "moved", "left"]
    judged = next(event.payload for event in conversation.events if isinstance(event.payload, e.Judged))
    assert (judge.cancelled, judged.judge) == (1, "embedded")
    assert text.endswith("\n> \n")
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("echo", [False, True])
def test_somebody_who_waits_is_told_once_what_ctrl_c_does(echo: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.plain.talking.PATIENCE", 0.0)
    _, text = with_endless(Endless(press_ctrl_c), echo=echo, lines="a:met\na:not\n")
    assert text.count("(thinking ... Ctrl+C to go on without)\n") == (0 if echo else 2)


def test_a_quick_turn_says_nothing_of_waiting() -> None:
    target = io.StringIO()
    Plain(begun(lesson(explain())), Console(io.StringIO("a:not\na:met\n"), target, echo=False)).run(HELP_CARD)
    assert "thinking" not in target.getvalue()


def test_a_conversation_in_another_thread_leaves_ctrl_c_alone() -> None:
    found: list[object] = []
    judge = ReadingJudge()

    def hold() -> None:
        source = io.StringIO("a:met\n")
        found.append(Plain(begun(lesson(explain()), judge), Console(source, io.StringIO(), echo=True)).run(HELP_CARD))

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert found == ["over"]


def test_ctrl_c_just_after_a_wait_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("tutor.plain.interrupting.monotonic", lambda: now[0])
    judge, target = Endless(press_ctrl_c), io.StringIO()
    conversation = begun(lesson(explain()), judge)

    class Later(Keyboard):
        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # the stub has bytes here
            line = super().readline()
            now[0] += line.startswith("/help")
            return line

    lines = Later("a:not\n^C\n/help\n^C\n/hint\n")
    Plain(conversation, Console(lines, target, echo=True)).run(HELP_CARD)
    assert target.getvalue().count("/help") > 1, "the first Ctrl+C came just after the wait"
    kinds = [event.payload.type for event in conversation.events]
    assert (kinds[-1], "hint-asked" in kinds) == ("left", False), "the second came later, and left"


def test_what_was_turned_back_as_no_answer_can_be_sent_again() -> None:
    class Sorting(ReadingJudge):
        async def judge(self, task: JudgeTask) -> Judgement:
            if task.sortable:
                return Judgement((), sort="off-point", sorting=e.Call(model="m", prompt="p"))
            return await super().judge(task)

    conversation, target = begun(lesson(explain()), Sorting()), io.StringIO()
    assert Plain(conversation, Console(io.StringIO("a:met\n/again\n"), target, echo=True)).run(HELP_CARD) == "over"
    assert "(/again sends the same text once more, as your answer.)" in target.getvalue()
    answers = [each.payload.answer for each in conversation.events if isinstance(each.payload, e.Answered)]
    assert answers == [e.Written(text="a:met")] * 2
