"""The conversation over plain lines: paints events as lines, and does what a line says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Literal

from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.clean import clean
from tutor.core.lesson import Choose, Find, Look, Rewrite
from tutor.core.session import OutOfTurn
from tutor.core.usage import calls_of
from tutor.core.wording import idea_in_question
from tutor.core.words import fold, quoted_list, sentence
from tutor.plain.console import Console
from tutor.plain.interrupting import Interrupts
from tutor.plain.typed import chosen_level, chosen_option, pointed_words
from tutor.report.ground import NOTED, ground, why
from tutor.report.transcript import lines_of

HELP = """Type your answer and press Enter. Commands:
  /hint     a hint            /stuck    I'm stuck (in the exit ticket: skip)
  /why      why the tutor said that
  /disagree you see that differently (/disagree 2: idea 2); your teacher reads it
  /again    send your last answer once more
  /back     the conversation so far
  /article  the text          /term WORD  what a word means
  /cards    the source cards  /card N   open a card
  /save FOLDER  keep your work in another place, such as a USB stick
  /help     this list         /quit     leave; your place is kept
  /anew     begin this lesson again"""

End = Literal["over", "left", "anew"]
_ENDS: dict[str, End] = {"/quit": "left", "/exit": "left", "/q": "left", "/anew": "anew"}
Reply = AsyncIterator[e.Event] | str
"""What a line leads to: events of the conversation, or words about it that change nothing."""

_TURN_ONLY = ("/hint", "/stuck", "/skip", "/card")
PATIENCE = 2.0
"""Seconds after which somebody who waits for a model is told how to go on without it."""
_THINKING = "(thinking ... Ctrl+C to go on without)"
_NOT_JUDGED = "(/again sends the same answer once more.)"
_NO_ANSWER = "(/again sends the same text once more, as your answer.)"
_LEVEL = "Please type 1, 2, 3 or 4."
_NOT_TAKEN = f"That was not taken: first I ask how sure you are of the answer before. {_LEVEL} Then you can say more."
_SAVED_AGAIN = "Note: your answers are being saved again."
_ANSWERS_AGAIN = "Note: the language model answers again."
_COMES_AND_GOES = (
    "Note: the language model comes and goes. Whenever it does not answer, your teacher's rules and words stand in, "
    "and nothing is lost. You will not be told each time; /why says who judged."
)
_NAMES = {"tutor": "Tutor", "learner": "You", "note": "Note"}


class Plain:
    """Paints events as lines and turns lines into what the conversation understands."""

    def __init__(self, conversation: Conversation, console: Console) -> None:
        self._conversation = conversation
        self._console = console
        self._interrupts = Interrupts(conversation)
        self._trouble: Callable[[], str | None] = lambda: None
        self._keep_in: Callable[[str], str] = lambda _: "Nothing of this is kept anywhere."
        self._unsaved: str | None = None
        self._is_away = False
        self._absences = 0
        self._commands: dict[str, Callable[[str], Reply]] = {
            "/hint": lambda _: conversation.ask_hint(),
            "/stuck": lambda _: conversation.say_stuck(),
            "/skip": lambda _: conversation.say_stuck(),
            "/why": lambda _: "\n".join(why(conversation.lesson, conversation.session, conversation.events)),
            "/disagree": self._disagree,
            "/again": lambda _: self._again(),
            "/back": lambda _: self._look_back(),
            "/article": lambda _: self._article(),
            "/term": self._term,
            "/cards": lambda _: self._cards(),
            "/card": self._open_card,
            "/save": self._save,
            "/help": lambda _: HELP,
        }

    def watch(self, trouble: Callable[[], str | None]) -> None:
        """Ask `trouble` before each turn for a sentence about the record that the learner must know."""
        self._trouble = trouble

    def save_with(self, keep_in: Callable[[str], str]) -> None:
        """Have `keep_in` take the folder that is named to keep everything in; it says what came of it."""
        self._keep_in = keep_in

    def recall(self) -> None:
        """Where one comes back to: the open step, and what was said in it."""
        conversation = self._conversation
        if conversation.session.current is None:
            return
        current = conversation.session.current
        since = [event for event in conversation.events if getattr(event.payload, "step", None) == current]
        self._console.say("You left off here:")
        for event in since:
            self._show(event, whole=True)

    def run(self, help_card: str) -> End:
        """Hold the conversation until its end, or until the learner leaves it or wants to start anew."""
        # Not asyncio.run: that would keep Ctrl+C from a learner who is being waited for.
        loop = asyncio.new_event_loop()
        try:
            with self._interrupts.heard(loop):
                return loop.run_until_complete(self._run(help_card))
        finally:
            loop.close()

    async def _run(self, help_card: str) -> End:
        conversation = self._conversation
        await self._paint(conversation.advance())
        if conversation.turn == "pause":
            self._console.say(help_card)
        while conversation.turn != "over":
            self._warn()
            line = self._line()
            if line in _ENDS:
                conversation.leave()
                return _ENDS[line]
            if not conversation.is_distress(line):
                await self._take(line)
                continue
            # At once, whatever is asked just now. Only where an answer was asked for is there anything to go back to.
            if conversation.turn == "answer":
                self._show(conversation.pause(line))
            self._console.say(help_card)
        return "over"

    def _line(self) -> str:
        try:
            line = self._console.ask(self._prompt())
        except KeyboardInterrupt:
            line = None
        return "/quit" if line is None else line.strip() if line.strip() in _ENDS else line

    def _warn(self) -> None:
        """Say new trouble, and that it is over; what was not saved comes before a model that does not answer."""
        unsaved, before = self._trouble(), self._unsaved
        self._unsaved = unsaved
        if unsaved != before:
            self._console.say(f"Note: {unsaved}" if unsaved else _SAVED_AGAIN)
        if not unsaved:
            self._warn_of_model()

    def _warn_of_model(self) -> None:
        """Twice, and no more: a network may fail thirty times in a lesson, and nothing is lost by it."""
        trouble = self._conversation.trouble
        if bool(trouble) == self._is_away:
            return
        self._is_away = bool(trouble)
        self._absences += self._is_away
        if self._absences == 1:
            self._console.say(f"Note: {trouble}" if trouble else _ANSWERS_AGAIN)
        elif self._absences == 2 and trouble:
            self._console.say(_COMES_AND_GOES)

    async def _take(self, line: str) -> None:
        try:
            reply = self.reply(line)
            if isinstance(reply, str):
                self._console.say(reply)
            else:
                await self._paint(reply)
        except OutOfTurn as reason:
            self._console.say(f"Not now: {reason}.")

    def reply(self, line: str) -> Reply:
        """What a line leads to; OutOfTurn where it may not come now."""
        word, _, rest = line.strip().partition(" ")
        if not word.startswith("/"):
            return self._answer(line)
        if word not in self._commands:
            return f"There is no command {word}. /help lists them."
        if word in _TURN_ONLY and self._conversation.turn != "answer":
            return "Not now: please answer the line above first."
        return self._commands[word](rest.strip())

    async def _paint(self, events: AsyncIterator[e.Event]) -> None:
        thinking = asyncio.get_running_loop().call_later(PATIENCE, self._say_waiting)
        step = again = ""
        try:
            async for event in events:
                self._show(event, hide=("learner",))
                if calls_of(event.payload):
                    self._interrupts.waited()
                match event.payload:
                    case e.Judged(verdict="not-judged") as judged:
                        step, again = judged.step, _NOT_JUDGED
                    case e.Caught(call=e.Call()) as caught:
                        step, again = caught.step, _NO_ANSWER
                    case _:
                        pass
        finally:
            thinking.cancel()
        if self._conversation.turn == "answer" and self._conversation.step.id == step:
            self._console.say(again)

    def _say_waiting(self) -> None:
        if self._conversation.is_waiting and not self._console.echo:
            self._console.say(_THINKING)

    def _show(self, event: e.Event, hide: tuple[str, ...] = (), *, whole: bool = False) -> None:
        conversation, payload = self._conversation, event.payload
        if isinstance(payload, e.Opened):
            self._open(payload, whole=whole)
        for line in lines_of(conversation.lesson, event, conversation.phrases):
            if line.who not in hide:
                self._console.say(f"{_NAMES[line.who]}: {line.text}")
        if isinstance(payload, e.Opened):
            for text in self._how_to_answer():
                self._console.say(text)
        if isinstance(payload, e.CardOpened):
            self._console.say(self._card(payload.card))

    def _open(self, opened: e.Opened, *, whole: bool) -> None:
        lesson, session = self._conversation.lesson, self._conversation.session
        self._console.say()
        exit_ids = [step.id for step in lesson.exit.steps] if lesson.exit else []
        if opened.step in exit_ids:
            self._console.say(f"== Exit ticket, {exit_ids.index(opened.step) + 1} of {len(exit_ids)} ==")
        else:
            ids = [step.id for step in lesson.steps]
            part = f"{opened.part}, " if opened.part else ""
            self._console.say(f"== {part}step {ids.index(opened.step) + 1} of {len(ids)} ==")
        before = session.visited[-2] if len(session.visited) > 1 else None
        step, article = lesson.step(opened.step), lesson.article_of(opened.step)
        known = before and lesson.step(before).at == step.at and lesson.article_of(before) is article
        if known and not whole:
            self._console.say(f"[{', '.join(step.at)}, as before]")
            return
        for block_id in step.at:
            self._console.say(f"[{block_id}] {article.block(block_id).text}")

    def _how_to_answer(self) -> Iterable[str]:
        step = self._conversation.step
        if isinstance(step, Choose):
            yield from (f"  {number}) {option.text}" for number, option in enumerate(step.options, 1))
        elif isinstance(step, Find):
            yield "  (Type the words just as they stand above; part several by a slash: first words / other words)"
        elif isinstance(step, Look):
            yield from self._card_list(step)
        elif isinstance(step, Rewrite) and step.source:
            mark = self._conversation.lesson.marks_of(step.id)[step.source]
            yield f"  (The words to be written anew: {quoted_list([mark.quote])})"

    def _card_list(self, step: Look) -> Iterable[str]:
        opened = self._conversation.session.step.cards
        yield f"  (Source cards: you may open {step.allowance} of {len(step.cards)}, with /card and a number)"
        for number, card_id in enumerate(step.cards, 1):
            card = self._conversation.lesson.source(card_id)
            mark = " (open)" if card_id in opened else ""
            outlet = f", {card.outlet}" if card.outlet else ""
            snippet = f': "{card.snippet}"' if card.snippet else ""
            yield f"  {number}) {card.title}{outlet}{snippet}{mark}"

    def _prompt(self) -> str:
        conversation = self._conversation
        match conversation.turn:
            case "confidence":
                levels = conversation.phrases.confidence_levels
                scale = ", ".join(f"{number} {level}" for number, level in enumerate(levels, 1))
                return f"Tutor: {conversation.phrases.confidence} ({scale})\n> "
            case "self-check":
                idea = idea_in_question(conversation.lesson, conversation.session)
                return f"{idea}\n(yes or no) > " if idea else "(yes or no) > "
            case "pause":
                return "(go on, change what I wrote, or /quit) > "
            case "rest":
                return "(Enter to go on, /quit to stop here) > "
            case _:
                return "> "

    def _answer(self, line: str) -> Reply:
        conversation, text = self._conversation, line.strip()
        match conversation.turn:
            case "confidence":
                level = chosen_level(conversation.phrases.confidence_levels, text)
                if level is None:
                    return _NOT_TAKEN if text else _LEVEL
                return conversation.confide(level)
            case "self-check":
                if text.lower() not in ("yes", "y", "no", "n"):
                    return "Please type yes or no."
                return conversation.self_check(had_it=text.lower().startswith("y"))
            case "pause":
                return self._end_pause(text.lower())
            case "rest":
                return conversation.go_on()
            case _:
                return self._answer_step(line)

    def _end_pause(self, text: str) -> Reply:
        if text.startswith("change"):
            self._console.say(f"You wrote: {self._conversation.unsent}")
            return self._conversation.end_pause(change=True)
        if text.startswith("go"):
            return self._conversation.end_pause(change=False)
        return 'Please type "go on", "change" or /quit.'

    def _answer_step(self, line: str) -> Reply:
        step, conversation = self._conversation.step, self._conversation
        if isinstance(step, Choose):
            option = chosen_option(step, line)
            if option is None and conversation.is_stuck(line):
                return conversation.say_stuck()
            if option is None:
                return f"Please type a number from 1 to {len(step.options)}."
            if e.Chosen(option=option, text=step.options[option].text) in conversation.session.step.answers:
                return "You have tried that one. Which of the others could it be?"
            return conversation.answer(e.Chosen(option=option, text=step.options[option].text))
        if isinstance(step, Find):
            selections, missing = pointed_words(conversation.lesson, step, line)
            if missing and conversation.is_stuck(line):
                return conversation.say_stuck()
            if missing or not selections:
                named = quoted_list(missing)
                place = "that paragraph" if len(step.at) == 1 else "these paragraphs"
                where = f"I cannot find {named} in {place}. " if missing else ""
                return f"{where}Please type words just as they stand there."
            return conversation.answer(e.Pointed(selections=selections))
        return conversation.answer(e.Written(text=clean(line)))

    def _again(self) -> Reply:
        """The answer that stands once more, as one writes it anew; where none stands, what was written last."""
        conversation = self._conversation
        state = conversation.session.step
        last = next((each.text for each in reversed(state.answers) if isinstance(each, e.Written)), "")
        text = last if state.probing or not state.text else state.text
        if conversation.turn != "answer" or not text:
            return "There is no answer of yours here to send once more."
        return conversation.answer(e.Written(text=text))

    def _save(self, folder: str) -> str:
        return self._keep_in(folder)

    def _disagree(self, number: str) -> Reply:
        conversation = self._conversation
        found = ground(conversation.lesson, conversation.session, conversation.events)
        chosen = next((each for each in found.differing if str(each.number) == (number or "0")), None)
        if found.step is None or not found.differing:
            return "Nothing has been judged yet that you could see differently."
        if chosen is None:
            return "There is no such idea here to see differently; /why lists them with their numbers."
        if chosen.noted:
            return "That is noted already."
        conversation.disagree(found.step, chosen.criterion)
        return NOTED

    def _look_back(self) -> str:
        conversation = self._conversation
        lines = (
            line for event in conversation.events for line in lines_of(conversation.lesson, event, conversation.phrases)
        )
        return "\n".join(f"{_NAMES[line.who]}: {line.text}" for line in lines)

    def _article(self) -> str:
        article = self._conversation.lesson.article_of(self._conversation.step.id)
        here = self._conversation.step.at
        return "\n".join(f"[{block.id}{', here' if block.id in here else ''}] {block.text}" for block in article.blocks)

    def _term(self, word: str) -> str:
        glossary = self._conversation.lesson.glossary
        found = [term for term in glossary if fold(word) in fold(term)] if word else []
        if found:
            return "\n".join(f"{term}: {sentence(glossary[term])}" for term in found)
        return f"Words explained here: {', '.join(glossary) or 'none in this lesson'}."

    def _cards(self) -> str:
        step = self._conversation.step
        return "\n".join(self._card_list(step)) if isinstance(step, Look) else "This step has no source cards."

    def _open_card(self, number: str) -> Reply:
        step = self._conversation.step
        if not isinstance(step, Look) or number not in [str(n) for n in range(1, len(step.cards) + 1)]:
            return self._cards()
        card = step.cards[int(number) - 1]
        if card in self._conversation.session.step.cards:
            return self._card(card)
        return self._conversation.open_card(card)

    def _card(self, card_id: str) -> str:
        step, card = self._conversation.step, self._conversation.lesson.source(card_id)
        outlet = f" ({card.outlet})" if card.outlet else ""
        allowance = step.allowance if isinstance(step, Look) else 0
        opened = len(self._conversation.session.step.cards)
        return f"{card.title}{outlet}\n{card.body}\n({opened} of {allowance} cards opened)"
