"""The conversation over plain lines: commands, wrong input, the end of the input, and naughty text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.core.small import ReadingJudge, begun, choose, explain, find, lesson, taken_up
from tests.talk import MemoryRecorder
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.judging import Judgement, JudgeTask
from tutor.core.lesson import Choose, Find, Lesson
from tutor.plain import Console, Plain, chosen_option, pointed_words

HELP_CARD = "(the help card)"


class Held:
    """A conversation held with these lines, and then the end of the input."""

    def __init__(self, made: Lesson, *lines: str, echo: bool = True, conversation: Conversation | None = None) -> None:
        self.conversation = conversation or begun(made, ReadingJudge())
        source, target = io.StringIO("".join(f"{line}\n" for line in lines)), io.StringIO()
        self.finished = Plain(self.conversation, Console(source, target, echo)).run(HELP_CARD) == "over"
        self.text = target.getvalue()

    @property
    def payloads(self) -> list[e.Payload]:
        return [event.payload for event in self.conversation.events]

    def after(self, line: str) -> str:
        """What was written after this line was read, up to the next prompt."""
        return self.text.partition(f"> {line}\n")[2].partition("\n> ")[0].removesuffix("> ").strip("\n")

    def answers(self) -> list[Any]:
        return [payload.answer for payload in self.payloads if isinstance(payload, e.Answered)]


def test_a_conversation_from_start_to_end() -> None:
    held = Held(lesson(choose(confidence=True), explain()), "1", "4", "a:met")
    assert held.finished
    assert held.text.startswith("\n== step 1 of 2 ==\n[p1] The ferry closes in May")
    assert "\nTutor: Who says so, ask-who?\n  1) Option 0\n  2) Option 1\n  3) Option 2\n> 1\n" in held.text
    assert "(1 guessing, 2 not very sure, 3 quite sure, 4 certain)\n> 4\nTutor:" in held.text
    assert "\n== step 2 of 2 ==\n[p1, as before]\nTutor: How do you know" in held.text
    assert held.text.rstrip().endswith(held.conversation.phrases.finished)


def test_what_was_typed_is_repeated_only_where_it_is_piped() -> None:
    assert "a:met" in Held(lesson(explain()), "a:met").text
    assert "> a:met" not in Held(lesson(explain()), "a:met", echo=False).text


@pytest.mark.parametrize("line", ["/quit", " /quit ", "/q", "/exit"])
def test_leaving(line: str) -> None:
    held = Held(lesson(explain()), "a:not", line, "a:met")
    assert not held.finished
    assert isinstance(held.payloads[-1], e.Left)
    assert len(held.answers()) == 1


@pytest.mark.parametrize("lines", [[], ["a:not"], ["a:unsure", "i want to kill myself"]])
def test_the_end_of_the_input_is_leaving(lines: list[str]) -> None:
    held = Held(lesson(explain()), *lines)
    assert not held.finished
    assert isinstance(held.payloads[-1], e.Left)
    assert held.text.endswith("\n")


def test_coming_back_shows_where_one_left_off() -> None:
    made = lesson(choose(), explain())
    left = Held(made, "1", "a:not")
    back, target = taken_up(made, MemoryRecorder(left.conversation.events)), io.StringIO()
    plain = Plain(back, Console(io.StringIO("a:met\n"), target, echo=True))
    plain.recall()
    assert plain.run(HELP_CARD) == "over"
    text = target.getvalue()
    assert text.index("left off") < text.index("ask-why") < text.index("You: a:not") < text.index("hint-a")
    assert "ask-who" not in text


# ------------------------------------------------------------------ commands

LOOK = explain("look", do="look", cards=["x", "y", "z"], budget=2, at=["p1", "p2"])


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("/hint", "Where, hint-a?"),
        ("/stuck", "Where, hint-a?"),
        ("/skip", "Where, hint-a?"),
        ("/why", "Nothing has been judged yet"),
        ("/back", "Tutor: How do you know, ask-look?"),
        ("/article", "[p1, here] The ferry closes"),
        ("/term QUAY", "quay: where ships tie up."),
        ("/term ua", "quay: where ships tie up."),
        ("/term", "Words explained here: quay."),
        ("/term xylophone", "Words explained here: quay."),
        ("/cards", "  2) Card y"),
        ("/card 2", "Card y\nWhat card y says.\n(1 of 2 cards opened)"),
        ("/card", "  1) Card x"),
        ("/card 4", "  1) Card x"),
        ("/card x", "  1) Card x"),
        ("/help", "/stuck    I'm stuck"),
        ("/nonsense", "There is no command /nonsense. /help lists them."),
        ("/", "There is no command /."),
    ],
)
def test_a_command(command: str, says: str) -> None:
    held = Held(lesson(LOOK), command)
    assert says in held.after(command)
    assert held.answers() == []


def test_commands_that_only_show_change_nothing() -> None:
    commands = ("/why", "/back", "/article", "/term quay", "/cards", "/help", "/nonsense")
    assert [payload.type for payload in Held(lesson(LOOK), *commands).payloads] == ["started", "opened", "left"]


def test_why_names_the_learners_words_and_no_idea_that_is_open() -> None:
    held = Held(lesson(explain(rubric="a b")), "a:met", "/why")
    shown = held.after("/why")
    assert "Idea 1 of 2, found: The idea-a." in shown
    assert "“a:met”" in shown
    assert "Idea 2 of 2: not seen in your words yet." in shown
    assert "idea-b" not in shown


def test_seeing_it_differently_is_noted_and_said_by_why_afterwards() -> None:
    held = Held(lesson(explain(rubric="a b")), "a:met", "/disagree 2", "/disagree 2", "/why", "/disagree", "/back")
    assert held.after("/disagree 2").startswith("Thank you, that is noted for your teacher.")
    assert "That is noted already." in held.text
    open_idea = "Idea 2 of 2: not seen in your words yet.\n  Judged by reading: it was written.\n"
    assert f"{open_idea}  You see this differently" in held.after("/why")
    said = [(each.step, each.criterion) for each in held.payloads if isinstance(each, e.Disagreed)]
    assert said == [("why", "b"), ("why", None)]
    assert "Note: You see the judgement on idea 2 of 2 differently; it is noted for your teacher." in held.after(
        "/back"
    )
    assert held.conversation.turn == "answer"


@pytest.mark.parametrize("number", ["3", "x", "-1", "2 1"])
def test_an_idea_that_is_not_there_cannot_be_seen_differently(number: str) -> None:
    held = Held(lesson(explain(rubric="a b")), "a:met", f"/disagree {number}")
    assert held.after(f"/disagree {number}").startswith("There is no such idea here")
    assert not any(isinstance(each, e.Disagreed) for each in held.payloads)


def test_before_a_verdict_nothing_can_be_seen_differently() -> None:
    assert "Nothing has been judged yet" in Held(lesson(explain()), "/disagree").after("/disagree")


def test_what_could_not_be_judged_can_be_sent_again_without_typing_it() -> None:
    held = Held(lesson(explain()), "a:not-judged", "/again", "/again")
    assert "(/again sends the same answer once more.)" in held.after("a:not-judged")
    assert [answer.text for answer in held.answers()] == ["a:not-judged"] * 3
    assert "There is no answer of yours here" in Held(lesson(explain()), "/again").after("/again")


def test_cards_are_opened_within_the_budget_and_read_again_for_nothing() -> None:
    held = Held(lesson(LOOK), "/card 1", "/card 1", "/card 3", "/card 2", "/cards")
    assert [payload.card for payload in held.payloads if isinstance(payload, e.CardOpened)] == ["x", "z"]
    assert held.after("/card 2").startswith("Not now: 2 cards are open")
    assert "Card x (open)" in held.after("/cards")


@pytest.mark.parametrize("command", ["/hint", "/stuck", "/card 1"])
def test_help_comes_when_it_is_the_learners_turn_to_answer(command: str) -> None:
    held = Held(lesson(choose(confidence=True)), "1", command, "3")
    assert held.after(command).startswith("Not now: please answer the line above first.")
    assert held.finished


def test_no_hints_in_the_exit_ticket() -> None:
    held = Held(lesson(choose(), exit_steps=[explain()]), "1", "/hint", "/card 1", "/skip")
    assert "== Exit ticket, 1 of 1 ==" in held.text
    assert held.after("/hint").startswith("Not now: there are no hints in the exit ticket.")
    assert held.finished


# ------------------------------------------------------------------ input that does not fit


@pytest.mark.parametrize(
    "line", ["", "0", "4", "11", "0011", "-1", "1.5", "²", "\uff13", "9" * 5000, "Option", "the first"]
)
def test_a_choice_that_is_none(line: str) -> None:
    held = Held(lesson(choose()), line)
    assert "Please type a number from 1 to 3." in held.text
    assert held.answers() == []


@pytest.mark.parametrize(
    ("line", "option"), [("2", 1), (" 3 ", 2), ("2)", 1), ("1.", 0), ("option 1", 1), ("OPTION 2 ", 2)]
)
def test_a_choice_by_number_or_words(line: str, option: int) -> None:
    step = lesson(choose()).step("who")
    assert isinstance(step, Choose)
    assert chosen_option(step, line) == option
    assert [answer.option for answer in Held(lesson(choose()), line).answers()] == [option]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["1", "5"], "Please type 1, 2, 3 or 4."),
        (["1", "3 people said so"], "That was not taken: first I ask how sure you are"),
        (["1", ""], "Please type 1, 2, 3 or 4."),
        (["1", "very sure"], "That was not taken: first I ask how sure you are"),
        (["1", "2", "a:unsure", "/stuck", "/stuck", "perhaps"], "Please type yes or no."),
        (["1", "2", "i want to die", "what"], 'Please type "go on", "change" or /quit.'),
    ],
)
def test_a_line_that_the_prompt_did_not_ask_for(lines: list[str], says: str) -> None:
    held = Held(lesson(choose(confidence=True), explain()), *lines)
    assert says in held.text
    assert not held.finished


@pytest.mark.parametrize(("line", "level"), [("3", 3), (" 4. ", 4), ("Guessing", 1), ("not very sure", 2)])
def test_how_sure_one_is_by_number_or_words(line: str, level: int) -> None:
    held = Held(lesson(choose(confidence=True), explain()), "1", "2 of them", line)
    assert [payload.level for payload in held.payloads if isinstance(payload, e.Confident)] == [level]
    assert held.text.count("how sure are you? (1 guessing") == 2


def test_a_question_back_in_the_exit_ticket_is_promised_no_hint() -> None:
    asked = "what do i have to do?"
    in_exit = Held(lesson(choose(), exit_steps=[explain()]), "1", asked).after(asked)
    assert "the exit ticket goes without hints. You can skip the question." in in_exit
    assert "stuck" not in in_exit
    assert in_exit.count("?") == 1
    assert 'a hint or "I\'m stuck" is always there' in Held(lesson(explain()), asked).after(asked)


def test_the_words_to_be_rewritten_stand_below_the_question() -> None:
    step = explain(do="rewrite", source="everybody", at=["p1", "p2"])
    held = Held(lesson(step))
    assert "ask-why?\n  (The words to be written anew: “everybody knows it”)\n> " in held.text
    back, target = taken_up(lesson(step), MemoryRecorder(held.conversation.events)), io.StringIO()
    Plain(back, Console(io.StringIO(), target, echo=True)).recall()
    assert "“everybody knows it”" in target.getvalue()
    assert "written anew" not in Held(lesson(explain(do="rewrite"))).text


def test_a_stopping_point_takes_any_line_as_going_on() -> None:
    made = lesson(choose("a", part="One"), choose("b", part="Two"))
    assert Held(made, "1", "", "1").finished
    assert Held(made, "1", "ok then", "1").finished
    left = Held(made, "1", "/quit")
    assert (left.finished, left.conversation.turn) == (False, "rest")


@pytest.mark.parametrize("word", ["yes", "Y", "no", "N"])
def test_a_self_check(word: str) -> None:
    held = Held(lesson(explain()), "a:unsure", "/stuck", "/stuck", word)
    checks = [payload.had_it for payload in held.payloads if isinstance(payload, e.SelfChecked)]
    assert checks == [word.lower().startswith("y")]


def test_an_empty_line_and_one_with_control_characters() -> None:
    held = Held(lesson(explain()), "", "\x1b[2Ja:not\x07\ttab")
    assert [answer.text for answer in held.answers()] == ["", "[2Ja:not tab"]


# ------------------------------------------------------------------ pointing at words

FOUND = ["a stupid plan", "everybody knows it"]


@pytest.mark.parametrize(
    ("line", "words", "missing"),
    [
        ("a stupid plan", ["a stupid plan"], []),
        ("a stupid plan / everybody knows it", FOUND, []),
        ("a stupid plan; EVERYBODY knows it.", FOUND, []),
        ('"a  stupid plan" /', ["a stupid plan"], []),
        ("plan", ["plan", "plan"], []),
        ("stupid plan", ["stupid plan", "stupid plan"], []),
        ("a stupid plam", [], ["a stupid plam"]),
        ("plan of theirs / closes in May", ["closes in May"], ["plan of theirs"]),
        ("will surely never return", [], ["will surely never return"]),
        ("", [], []),
        (" / ; / ", [], []),
        ("…", [], []),
    ],
)
def test_words_are_found_as_they_stand(line: str, words: list[str], missing: list[str]) -> None:
    made = lesson(find())
    step = made.step("words")
    assert isinstance(step, Find)
    picked, nowhere = pointed_words(made, step, line)
    assert sorted(each.text for each in picked) == sorted(words)
    assert list(nowhere) == missing
    text = made.article.block("p1").text
    assert all(text[each.start : each.end] == each.text for each in picked)
    assert len({(each.start, each.end) for each in picked}) == len(picked)


def test_words_that_stand_nowhere_are_named_and_cost_nothing() -> None:
    held = Held(lesson(find()), "a stupid plan / nobody knows", "")
    assert held.after("a stupid plan / nobody knows").startswith("I cannot find “nobody knows” in that paragraph.")
    assert held.after("").startswith("Please type words just as they stand there.")
    assert held.answers() == []
    both = Held(lesson(find(at=["p1", "p2"])), "nobody knows", "")
    assert both.after("nobody knows").startswith("I cannot find “nobody knows” in these paragraphs.")


def test_a_target_with_a_slash_or_a_semicolon_in_it_can_be_pointed_at() -> None:
    text = "The plan and/or the idea; both are bad."
    article = {"title": "T", "licence": "CC0-1.0", "text": text}
    marks = [{"id": "all", "at": "p1", "quote": "plan and/or the idea; both"}]
    made = lesson(find(targets=["all"], decoys=[]), article=article, marks=marks)
    held = Held(made, "plan and/or the idea; both")
    assert held.finished


# ------------------------------------------------------------------ words of distress


def test_the_help_card_is_shown_at_once_and_the_words_may_be_changed() -> None:
    held = Held(lesson(explain()), "i want to kill myself", "change", "a:met")
    assert held.after("i want to kill myself").startswith(f"Note: The lesson was paused.\n{HELP_CARD}\n")
    assert f"You wrote: i want to kill myself\nTutor: {held.conversation.phrases.back_to_change}" in held.text
    assert held.finished
    assert [answer.text for answer in held.answers()] == ["a:met"]


def test_after_the_help_card_one_may_go_on_or_leave() -> None:
    assert Held(lesson(explain()), "i want to kill myself", "go on", "a:met").finished
    assert Held(lesson(explain()), "i want to kill myself", "/quit").conversation.turn == "pause"


# ------------------------------------------------------------------ naughty text

NAUGHTY = "\x1b]0;title\x07\x1b[31mred\x9b2J\x08\x00\u202e[bold]b[/bold]"
ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _naughty(value: Any, key: str = "") -> Any:
    """The same lesson with naughty characters at the end of every text that is shown."""
    if isinstance(value, dict):
        return {name: _naughty(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_naughty(each, key) for each in value]
    shown = ("title", "ask", "why", "text", "idea", "probe", "hint", "prompt", "tell", "reply", "body", "part", "hints")
    return f"{value} {NAUGHTY}" if isinstance(value, str) and key in shown else value


def test_nothing_that_acts_on_a_terminal_is_written() -> None:
    text = {"title": "Ferry to close", "licence": "CC0-1.0", "text": f"The stupid plan {NAUGHTY} is known.\n\nMore."}
    steps = [
        choose(part="One"),
        find(targets=["m"], decoys=["n"]),
        explain(rubric="a b", misconceptions=["myth"], part="Two"),
        LOOK | {"at": "p1"},
    ]
    made = lesson(
        *(_naughty(step) for step in steps),
        article=text,
        marks=[{"id": "m", "at": "p1", "quote": f"stupid plan {NAUGHTY}"}, {"id": "n", "at": "p1", "quote": "known"}],
        sources=[_naughty({"id": each, "title": each, "body": "x"}) for each in "xyz"],
        glossary={f"quay {NAUGHTY}": f"bay {NAUGHTY}"},
        misconceptions=[_naughty({"id": "myth", "idea": "x", "reply": "Who?", "all_of": [["made up"]]})],
    )
    lines = [
        "2", "1", "known", "stupid plan", "/hint", "/stuck", "/stuck", "", "what is a quay?", "a:met",
        f"myth {NAUGHTY}", f"b:unsure {NAUGHTY}", "/why", "/back", "/article", "/term", "/term quay", f"/{NAUGHTY}",
        "/stuck", "/stuck", "no", f"i want to die {NAUGHTY}", "change", "/cards", "/card 1", "a:met",
    ]  # fmt: skip
    held = Held(made, *lines)
    assert "red2J[bold]b[/bold]" in held.text
    assert held.finished
    assert ACTING.findall(held.text) == []


def test_trouble_with_the_record_is_said_once_and_that_it_is_over() -> None:
    troubles = iter([None, "The disk is full.", "The disk is full.", None, None])
    target = io.StringIO()
    plain = Plain(begun(lesson(LOOK), ReadingJudge()), Console(io.StringIO("/help\n" * 4), target, echo=True))
    plain.watch(lambda: next(troubles))
    plain.run(HELP_CARD)
    notes = [line for line in target.getvalue().splitlines() if line.startswith("Note:")]
    assert notes == ["Note: The disk is full.", "Note: your answers are being saved again."]


def test_a_model_that_does_not_answer_is_said_once_and_that_it_is_back() -> None:
    judge = ReadingJudge()
    conversation = begun(lesson(explain()), judge)
    target = io.StringIO()
    sentences = iter(["It does not answer.", ""])

    async def judging(task: JudgeTask) -> Judgement:
        trouble = next(sentences)
        calls = () if trouble else (e.Call(model="m", prompt="p"),)
        return replace(await ReadingJudge().judge(task), calls=calls, trouble=trouble)

    judge.judge = judging  # type: ignore[method-assign]
    plain = Plain(conversation, Console(io.StringIO("a:not\n/help\n" * 2), target, echo=True))
    plain.watch(lambda: None)
    plain.run(HELP_CARD)
    notes = [line for line in target.getvalue().splitlines() if line.startswith("Note:")]
    away = f"Note: {conversation.phrases.model_away} It does not answer."
    assert notes == [away, "Note: the language model answers again."]


# ------------------------------------------------------------------ whatever is asked just now

DISTRESS = "i want to kill myself"


@pytest.mark.parametrize(
    ("step", "before"),
    [(choose(), []), (find(), []), (choose(confidence=True), ["0", "1"])],
    ids=["choose", "find", "confidence"],
)
def test_words_of_distress_are_heard_whatever_is_asked(step: dict[str, object], before: list[str]) -> None:
    held = Held(lesson(step), *before, DISTRESS)
    assert HELP_CARD in held.after(DISTRESS)
    assert not any(DISTRESS in event.model_dump_json() for event in held.conversation.events)


@pytest.mark.parametrize("step", [choose(), find()], ids=["choose", "find"])
def test_idk_is_being_stuck_at_every_kind_of_step(step: dict[str, object]) -> None:
    held = Held(lesson(step), "idk")
    assert [payload.type for payload in held.payloads if payload.type == "stuck"] == ["stuck"]


@pytest.mark.parametrize("letters", ["e", "s", "erybody know"])
def test_letters_within_words_are_no_words(letters: str) -> None:
    held = Held(lesson(find()), letters)
    assert held.answers() == []
    assert "I cannot find" in held.after(letters)


def test_beginning_again() -> None:
    conversation, target = begun(lesson(choose()), ReadingJudge()), io.StringIO()
    assert Plain(conversation, Console(io.StringIO("/anew\n"), target, echo=True)).run(HELP_CARD) == "anew"


def test_coming_back_shows_the_paragraph_again() -> None:
    first = Held(lesson(choose("a"), choose("b")), "1")
    target = io.StringIO()
    Plain(first.conversation, Console(io.StringIO(""), target, echo=True)).recall()
    assert "as before" not in target.getvalue()
    assert first.conversation.lesson.article.block("p1").text in target.getvalue()
