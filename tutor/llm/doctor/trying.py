"""Tries a model out: with questions of the kind that judging and speaking ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tutor.core.clean import one_line
from tutor.llm.asking import Model, ModelError, Prompt, Reply
from tutor.llm.doctor.findings import Check
from tutor.llm.doctor.knocking import stream
from tutor.llm.doctor.reaching import Site, closest, key_advice, listed, listed_name, setting
from tutor.llm.faults import LONGEST_NAME
from tutor.settings import Endpoint, Settings

JUDGEMENT_SECONDS = (10.0, 30.0)
"""An answer has two or three criteria: beyond the first a learner's patience is tried, beyond the second it is gone."""

TOKENS_A_SECOND = 3.0
"""A reply has about 40 tokens; more slowly than this it takes a quarter of a minute."""

_LINES = 70
_CUT = 0.85
_SPARE = 20
_FASTER = 0.6
_TOO_SHORT_TO_TELL = 0.5

_COLOUR = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": ["red", "green", "blue"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
_VERDICT = {
    "type": "object",
    "properties": {"met": {"type": "boolean"}},
    "required": ["met"],
    "additionalProperties": False,
}
_JUDGE = """Exercise {number}. You mark a pupil's answer against one criterion. Reply with JSON: {{"met": true}} when
the answer meets it, {{"met": false}} when it does not.
Passage: {passage}
Question: What does the passage say about the boat?
Criterion: the answer says that the boat passed the bridge."""
_GOOD, _BAD = "It says that the boat passed the bridge.", "It says that cats like milk."


@dataclass
class Trial:
    """What was tried at an endpoint so far. `number` makes its prompts new to the server, `figures` are by name."""

    settings: Settings
    endpoint: Endpoint
    model: Model
    site: Site
    number: int
    checks: list[Check] = field(default_factory=list)
    figures: dict[str, float | int | None] = field(default_factory=dict)
    tokens_a_word: float = 1.0

    async def run(self) -> None:
        """Try everything; stop where nothing further can come of it."""
        enforced = await self._answers()
        if enforced is None:
            return
        await self._streams()
        if await self._judges(enforced):
            await self._writes()
            await self._takes_long_prompts()

    def _add(self, name: str, good: bool, sentence: str, otherwise: str, advice: str = "") -> None:
        self.checks.append(Check(name, "ok", sentence) if good else Check(name, "warn", otherwise, advice))

    def _failed(self, name: str, error: ModelError) -> None:
        self.checks.append(Check(name, "fail", one_line(str(error)), self._line_for(error)))

    def _line_for(self, error: ModelError) -> str:
        """The setting that helps, where there is one, or where the key goes; the error's own words say the rest."""
        for kind, name in (("slow-connect", "connect"), ("slow-first", "first_token"), ("slow-gap", "gap")):
            if error.kind == kind:
                return f"{name}_seconds = {2 * getattr(self.endpoint, f'{name}_seconds'):g}"
        if error.kind == "slow-total":
            return f"total_seconds = {2 * self.endpoint.total_seconds:g}"
        if error.kind in ("too-long", "prompt-cut"):
            return self._more_room()
        return key_advice(self.endpoint) if error.kind == "unauthorised" else ""

    async def _answers(self) -> bool | None:
        """The first question: whether a schema is enforced, by a question that does not ask for JSON at all.

        None where there is no answer. A server that does not list the model may still answer to its name.
        """
        asked = Prompt("You are friendly.", "Say hello in one short sentence.", "doctor", _COLOUR, tokens=24)
        reply = None
        try:
            reply = await self.model.ask(asked)
        except ModelError as error:
            if error.kind not in ("garbage", "empty", "reply-cut"):
                unknown = error.kind in ("no-model", "no-such-path", "bad-request")
                if self._is_listed("" if unknown else " Asked all the same, it gave no answer.") or not unknown:
                    self._failed("answers", error)
                return None
        served = one_line(reply.call.model)[:LONGEST_NAME] if reply else ""
        self._is_listed(f" It answers all the same{f', as {served}' if served else ''}.")
        return reply is not None and _value(reply, "colour") in ("red", "green", "blue")

    def _is_listed(self, instead: str) -> bool:
        """Whether the server lists the model; where it does not, `instead` says what happened when it was asked."""
        name, site = listed_name(self.endpoint), self.site
        if site.lists(name):
            self.checks.append(Check("model", "ok", f"The model '{name}' is there."))
            return True
        close = closest(name, site.models)
        advice = setting("model", close) if close else f"Set model to one of: {listed(site.models)}."
        if not site.models:
            advice = f"ollama pull {name}" if site.software == "Ollama" else "Load a model in the server first."
        sentence = f"The server at {self.endpoint.base_url} does not list the model '{name}'."
        sentence += f" It has: {listed(site.models)}.{instead}"
        self.checks.append(Check("model", "warn" if instead else "fail", sentence, advice))
        return False

    async def _streams(self) -> None:
        import httpx  # noqa: PLC0415

        whole = "The reply does not come piece by piece, so Esc and the time limits act late."
        advice = "Switch streaming on in the server, or in the proxy before it."
        try:
            status, kind, pieces = await stream(self.endpoint, "Count from one to ten.", 24)
        except (httpx.HTTPError, TimeoutError):
            status, kind, pieces = 0, "", 0
        if status != 200:
            asked = f"{self.endpoint.base_url}/chat/completions (model {self.endpoint.model})"
            sentence = f"A reply in pieces could not be had from {asked}" + (f" (status {status})." if status else ".")
            self.checks.append(Check("streams", "fail", sentence, advice))
            return
        streams = kind.startswith("text/event-stream") and pieces > 1
        self._add("streams", streams, "The reply comes piece by piece.", whole, advice)

    async def _judges(self, enforced: bool) -> bool:
        system = _JUDGE.format(number=self.number, passage=" ".join(_lines(_LINES)))
        try:
            cold, warm = [
                await self.model.ask(Prompt(system, f"Answer: {answer}", "doctor", _VERDICT, tokens=16))
                for answer in (_GOOD, _BAD)
            ]
        except ModelError as error:
            self._failed("judgement", error)
            return False
        self.figures |= {
            "judgement_seconds_cold": round(cold.call.seconds, 2),
            "judgement_seconds_warm": round(warm.call.seconds, 2),
            "cached_tokens": warm.call.tokens_cached,
        }
        if cold.call.tokens_in:
            self.tokens_a_word = max(1.0, cold.call.tokens_in / len(system.split()))
        verdicts = [_value(each, "met") for each in (cold, warm)]
        self._keeps_schema(enforced, all(isinstance(each, bool) for each in verdicts))
        self._add(
            "sense",
            verdicts == [True, False],
            "It judges two easy answers rightly.",
            "It judges at least one of two easy answers wrongly: its judgement is worth something only where the "
            "teacher's rules agree.",
            'judge = "both"' if self.settings.judge == "model" else "A larger model judges better.",
        )
        self._add(
            "logprobs",
            any(each.alternatives for each in (*cold.tokens, *warm.tokens)),
            "The server says how sure the model is of each word (logprobs).",
            "The server gives no logprobs, so a judgement cannot say how sure it is. It works without.",
            "llama-server, vLLM and newer versions of Ollama and LM Studio give them.",
        )
        self._times(cold, warm)
        return True

    def _keeps_schema(self, enforced: bool, kept: bool) -> None:
        if not (enforced or kept):
            sentence = "Replies do not keep to a JSON schema, not even when the question asks for it."
            advice = 'Update the server, or choose another model; until then: judge = "embedded", speaker = "scripted"'
            self.checks.append(Check("schema", "fail", sentence, advice))
            return
        self._add(
            "schema",
            enforced,
            "The server keeps every reply to a JSON schema.",
            "Replies keep to a JSON schema when the question asks for it; the server does not see to it.",
            "Update the server: llama-server, Ollama, LM Studio and vLLM can all do this.",
        )

    def _times(self, cold: Reply, warm: Reply) -> None:
        took = f"One judgement takes {warm.call.seconds:.1f} s, the first of a step {cold.call.seconds:.1f} s."
        fine, most = JUDGEMENT_SECONDS
        advice = 'Choose a smaller model or a faster machine, or write: judge = "embedded"'
        if warm.call.seconds > most:
            self.checks.append(Check("judgement", "fail", f"{took} No learner waits that long.", advice))
        else:
            self._add("judgement", warm.call.seconds <= fine, took, f"{took} That is slow for a learner.", advice)
        cached, seconds = warm.call.tokens_cached or 0, (cold.call.seconds, warm.call.seconds)
        faster = seconds[1] < _FASTER * seconds[0]
        evidence = "a second question was clearly faster"
        if cached:
            evidence = f"it says that it had {cached} tokens of the second question already"
        elif seconds[0] < _TOO_SHORT_TO_TELL:
            evidence = "questions are answered so fast that it makes no difference"
        self._add(
            "cache",
            bool(cached) or faster or seconds[0] < _TOO_SHORT_TO_TELL,
            f"The server remembers the beginning of a prompt: {evidence}."
            if cached or faster
            else f"Whether the server remembers the beginning of a prompt cannot be told: {evidence}.",
            "The server reads each prompt anew: it reports no remembered tokens, and a second question was not clearly "
            "faster.",
            "llama-server remembers by itself (without --no-cache-prompt); vLLM: --enable-prefix-caching.",
        )

    async def _writes(self) -> None:
        asked = Prompt("You write plainly.", "Describe a bridge in four plain sentences.", "doctor", tokens=64)
        try:
            reply = await self.model.ask(asked)
        except ModelError as error:
            if error.kind != "reply-cut" or not error.call or not error.call.tokens_out:
                self._failed("speed", error)
                return
            call, count = error.call, error.call.tokens_out
        else:
            call, count = reply.call, reply.call.tokens_out or len(reply.text) // 4
        rate = count / max(call.seconds, 0.001)
        self.figures["tokens_a_second"] = round(rate, 1)
        took = f"It writes about {rate:.1f} tokens a second."
        slow = f"{took} A reply to a learner takes about {40 / max(rate, 0.01):.0f} s."
        self._add("speed", rate >= TOKENS_A_SECOND, took, slow, 'speaker = "scripted"')

    async def _takes_long_prompts(self) -> None:
        """Send as much as the tutor ever would, with a word at the very beginning, and ask for that word."""
        word = f"heron-{self.number}"
        prompt = self._longest(word)
        words = len(f"{prompt.system} {prompt.user}".split())
        expected = int(words * self.tokens_a_word)
        try:
            reply = await self.model.ask(prompt)
        except ModelError as error:
            if error.kind.startswith("slow"):
                sentence = f"Whether a prompt of about {expected} tokens arrives whole cannot be told."
                advice = f"{self._line_for(error)}, or here: context = {self._smaller()}"
                self.checks.append(Check("context", "warn", f"{sentence} {one_line(str(error))}", advice))
            else:
                self._failed("context", error)
            return
        arrived = reply.call.tokens_in
        self.figures |= {"context_tokens_sent": expected, "context_tokens_arrived": arrived}
        remembered = str(self.number) in reply.text
        if (arrived is not None and arrived < _CUT * expected) or (arrived is None and not remembered):
            count = f"the server counts {arrived}" if arrived is not None else "the model does not know its first word"
            sentence = f"The server cuts long prompts without a word: of about {expected} tokens sent, {count}."
            self.checks.append(Check("context", "fail", sentence, self._more_room()))
            return
        sent = f"{arrived if arrived is not None else f'about {expected}'} tokens"
        self._add(
            "context",
            remembered,
            f"A long prompt arrives whole ({sent}), and the model knows its first word.",
            f"A long prompt arrives whole by the server's count ({sent}), but the model did not find the word at its "
            "beginning.",
            "A larger model reads long prompts better; shorter steps help, too.",
        )

    def _longest(self, word: str) -> Prompt:
        """The longest prompt for which the model has room; a little is left, for room is itself an estimate."""

        def prompt(count: int) -> Prompt:
            text = " ".join([f"The code word is {word}.", *_lines(count)])
            return Prompt(
                text, "Which code word stands at the very beginning? Reply with it alone.", "doctor", tokens=24
            )

        low, high, spare = 0, self.endpoint.context // 4, self.endpoint.context // _SPARE
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.model.room(prompt(middle)) >= spare else (low, middle - 1)
        return prompt(low)

    def _more_room(self) -> str:
        size = self.endpoint.context
        start = {
            "Ollama": f"OLLAMA_CONTEXT_LENGTH={max(size, 8192)} ollama serve",
            "llama-server": f"llama-server -c {size * (self.endpoint.parallel or 1)} (shared out over --parallel)",
            "vLLM": f"vllm serve MODEL --max-model-len {size}",
        }.get(self.site.software, f"Give the model a context of {size} tokens in the server's settings")
        return f"{start}, or here: context = {self._smaller()}"

    def _smaller(self) -> int:
        return next((each for each in (8192, 4096, 2048) if each < self.endpoint.context), 1024)


def _value(reply: Reply, name: str) -> Any:
    """A field of a reply in JSON; None where it is no such thing."""
    try:
        table = json.loads(reply.text)
    except (ValueError, RecursionError):
        return None
    return table.get(name) if isinstance(table, dict) and len(table) == 1 else None


def _lines(count: int) -> Iterator[str]:
    """Plain sentences to fill a prompt with, thousands before one comes twice; the judge is asked about the first.

    Without numbers: tokenizers differ most in how they take those apart, and lessons hold few.
    """
    old = ("old", "new", "small", "green", "quiet")
    boat = ("boat", "teacher", "train", "farmer", "child", "letter", "bus", "painter", "dog", "bell", "cart")
    bridge = ("bridge", "market", "school", "river", "garden", "station", "harbour")
    noon = ("noon", "dinner", "the rain", "the holidays", "the concert", "dawn", "winter", "the match", "sunset")
    for each in range(count):
        words = [words[each % len(words)] for words in (old, boat, bridge, noon)]
        yield "The {} {} passed the {} before {}.".format(*words)
