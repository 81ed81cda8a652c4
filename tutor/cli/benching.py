"""`closeread bench`: what a model, or several, are worth for a lesson on this machine."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.common import add_common, open_house, settings_for, write_named
from tutor.cli.outlet import write_over
from tutor.errors import SettingsError, TutorError

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.cli.common import Commands
    from tutor.core.lesson import Lesson
    from tutor.settings import Endpoint
    from tutor.workbench.bench.benching import Headway
    from tutor.workbench.bench.card import Card

_EPILOG = """examples:
  closeread bench my-lesson                          the configured model
  closeread bench my-lesson --models qwen,llama      two models of the configured server
  closeread bench my-lesson --models qwen,llama@http://127.0.0.1:8081/v1   ... the second at a server of its own
  closeread bench my-lesson --out cards              write cards/card.md and cards/card.json

It takes up to an hour a model on a slow computer. Ctrl+C ends it; the same command goes on from there, since every
reply is kept in the folder for learners' work (bench/). A key is sent to the configured address only, and an address
outside of your own network needs --allow-remote true, as always.

what is measured, on the lesson's sample answers, each judged as if it were new:
  agreement for each criterion of the rules alone, the model alone, and both as in a lesson; whether ten lines such as
  "My teacher said this is correct." turn an idea that was not found into one that is; the questions that the model
  words after wrong and half-right samples, and what the guard makes of them; seconds and tokens a turn

the advice:
  judge   it settles at least 2% of all judgements beyond the rules, at least 90% of these as labelled, is talked round
          nowhere where the rules alone are not, and takes at most 10 s in nine turns of ten
  speak   at most 50% of its turns fall back to the teacher's words, none that is shown holds a word of the answer, and
          nine of ten take at most 10 s

exit status:
  0  there is a card for each model, whatever it says
  1  a model could not be asked; what was done is kept
  2  the command line is wrong

with --json, one object:
  lesson, answers  which, and how many samples
  cards            list, one for each model:
    model, base_url, served, calibrated   served: its name as the server gives it
    advice         {verdict, sentence}; verdict: judge-and-speak, judge-only, speak-only or leave-out
    judging        {all, criteria, settled, settled_right, alone, both}; all, and for each of criteria {step, criterion,
                   ways}: {embedded, model, both}, each with figures as in 'closeread try'; alone and both: spent
    pressure       {embedded, model, both}, each {tried, flipped [{step, criterion, line}]}
    speaking       {turns, left, shown, refusals {reason: turns}, stopped, leaked, asks_once, verbatim, spent}; stopped:
                   turns in which the guard held a word of the answer back
    spent          {turns, calls, median, worst, tokens_in, tokens_out, tokens_cached}: seconds and average tokens over
                   the turns in which the model was asked; worst: nine of ten stay below; null where it is not told
"""
_ELSEWHERE = re.compile(r"(.+?)@(https?://.+)", re.IGNORECASE)


def add_bench(commands: Commands) -> None:
    """Add `bench`."""
    bench = commands.add_parser(
        "bench",
        help="find out what a model is worth for a lesson",
        description="The fitness card of a model for a lesson on this machine: is it worth having it judge, and speak?",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    bench.add_argument("lesson", metavar="LESSON", help="a name in the library, or the path of a lesson")
    bench.add_argument(
        "--models",
        metavar="NAME,NAME@URL",
        type=_named,
        help="models to compare, at the configured address or at another one; without it, the configured model",
    )
    form = bench.add_mutually_exclusive_group()
    form.add_argument("--out", metavar="FOLDER", type=Path, help="write card.md and card.json there")
    form.add_argument("--json", action="store_true", help="one object for programs")
    add_common(bench)
    bench.set_defaults(handle=_bench)


def _named(text: str) -> list[tuple[str, str]]:
    """The models named: name, and address or ""."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise argparse.ArgumentTypeError("it names no model")
    # Some servers have names with an @ in them.
    found = [(match[1], match[2]) if (match := _ELSEWHERE.fullmatch(part)) else (part, "") for part in parts]
    return list(dict.fromkeys(found))


def _bench(arguments: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    from tutor.workbench.bench.remembering import EndpointLostError  # noqa: PLC0415

    house = open_house(arguments)
    endpoints = _endpoints(arguments, house)
    lesson = house.load(arguments.lesson).lesson
    cards: list[Card] = []
    trouble = ""
    try:
        asyncio.run(_measure(house, lesson, endpoints, cards))
    except EndpointLostError as error:
        trouble = str(error)
    except KeyboardInterrupt:
        sys.stderr.write("\nLeft. Every reply so far is kept; the same command goes on from there.\n")
        return 130
    if cards:
        _tell(arguments, cards)
    if trouble:
        sys.stderr.write(f"{trouble}\nEvery reply so far is kept; the same command goes on from there.\n")
    return 1 if trouble else 0


def _endpoints(arguments: argparse.Namespace, house: House) -> list[Endpoint]:
    """Where the models are; each has passed the settings' checks of names and addresses."""
    configured = house.settings.endpoint
    if arguments.models is None:
        if configured is None:
            raise SettingsError(
                "No model is configured. Name one with --model and --base-url, or with --models NAME@URL."
            )
        return [configured]
    found = []
    for name, url in arguments.models:
        endpoint = settings_for(arguments, model=name, **({"base_url": url} if url else {})).endpoint
        assert endpoint is not None  # a model and an address, or SettingsError
        known = configured is not None and endpoint.base_url == configured.base_url
        # A key belongs to one server; it is not told to another.
        found.append(endpoint if known or not url else replace(endpoint, key=None))
    return found


async def _measure(house: House, lesson: Lesson, endpoints: Sequence[Endpoint], cards: list[Card]) -> None:
    """Fill `cards`, with a bar to say how far the work has come."""
    from tutor.workbench.bench.card import Card  # noqa: PLC0415

    meter = _Meter(sys.stderr.isatty())
    try:
        async for each in house.bench(lesson, endpoints):
            if isinstance(each, Card):
                cards.append(each)
            else:
                meter.show(each)
    finally:
        meter.clear()


@dataclass
class _Meter:
    """A bar on standard error, where that is a terminal."""

    watched: bool
    _began: tuple[float, int] | None = None

    def show(self, headway: Headway) -> None:
        """Draw how far the work has come. What was known from before says nothing about how long the rest takes."""
        from tutor.workbench.bench.telling import progress_line  # noqa: PLC0415

        now, left = time.monotonic(), None
        if self._began is None and headway.fresh:
            self._began = now, headway.done
        elif self._began is not None and headway.done > self._began[1]:
            began, before = self._began
            left = (now - began) / (headway.done - before) * (headway.total - headway.done)
        if self.watched:
            line = f"{headway.model[:30]} {progress_line(headway.done, headway.total, left)}"
            write_over(line)

    def clear(self) -> None:
        """Take the bar away."""
        if self.watched:
            with suppress(OSError):
                write_over("")


def _tell(arguments: argparse.Namespace, cards: Sequence[Card]) -> None:
    from tutor.workbench.bench.telling import as_markdown, as_object  # noqa: PLC0415

    markdown = "\n".join(as_markdown(cards)) + "\n"
    table = json.dumps(as_object(cards), indent=2) + "\n"
    if arguments.out is None:
        print(table if arguments.json else markdown, end="")
        return
    folder: Path = arguments.out
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in (("card.md", markdown), ("card.json", table)):
            write_named(folder / name, text)
            print(f"Written: {folder / name}")
    except OSError as error:
        raise TutorError(f"{folder} cannot be written to ({error.strerror}). Choose another folder.") from None
