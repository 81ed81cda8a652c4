"""The speaker without a model: the teacher's own words for every move, framed by the tutor's fixed phrases."""

from __future__ import annotations

from collections.abc import Callable

from tutor.core.guard import asks
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.phrases import Phrases
from tutor.core.speaking import Brief, Utterance
from tutor.core.words import quoted_list, sentence


class ScriptedSpeaker:
    """Says what the teacher wrote. Variety comes from the number of the turn, never from chance."""

    name = "scripted"

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._bodies: dict[str, Callable[[Brief], str]] = {
            "probe": self._probe,
            "hint": self._hint,
            "prompt": self._help(phrases.prompt, phrases.after_prompt),
            "misconception": self._help("", phrases.after_hint),
            "option": self._help("", phrases.after_hint),
            "look-again": self._look_again,
            "tell": self._tell,
            "secure": self._secure,
            "settled": lambda _: phrases.settled,
            "onward": lambda _: phrases.onward,
            "caught": self._caught,
            "back-again": self._back_again,
            "noted": lambda brief: phrases.skipped if brief.in_need else phrases.noted,
        }

    async def speak(self, brief: Brief) -> Utterance:
        """The move in the teacher's words; it never fails."""
        return Utterance(self.say(brief), self.name)

    def say(self, brief: Brief) -> str:
        """The words for a move, as `speak` gives them."""
        body = self._bodies[brief.move.kind](brief)
        return "\n".join(part for part in (self.opening(brief), body) if part)

    def opening(self, brief: Brief, *, named: bool = True) -> str:
        """What stands before the words for a move: what was found, or that more help comes.

        Where not `named`, the learner's words that show what was found are left to what follows.
        """
        phrases = self._phrases
        if brief.not_judged and brief.met:
            return "\n".join([*self._praise(brief, named=named), phrases.not_judged_part])
        if brief.not_judged:
            return phrases.not_judged
        if brief.met:
            return "\n".join(self._praise(brief, named=named))
        if brief.partly:
            return phrases.found_partly
        return self._before_help(brief) if brief.move.kind in ("hint", "prompt") else ""

    def _before_help(self, brief: Brief) -> str:
        if brief.move.repeated and brief.authored:
            return self._phrases.hint_again
        if brief.in_need:
            return _turn(self._phrases.cheer, brief.turn)
        return _turn(self._phrases.heard, brief.turn) if brief.answer else ""

    def _praise(self, brief: Brief, *, named: bool) -> list[str]:
        lines = []
        for number, met in enumerate(brief.met):
            found = self._phrases.found_also if number else _turn(self._phrases.found_one, brief.turn)
            line = found.format(idea=sentence(met.idea))
            words = quoted_list(met.words) if named else ""
            lines.append(f"{line} {self._phrases.found_words.format(words=words)}" if words else line)
        return lines

    def _help(self, generic: str, closing: str) -> Callable[[Brief], str]:
        def say(brief: Brief) -> str:
            return _asking(brief.authored[0] if brief.authored else generic, closing)

        return say

    def _probe(self, brief: Brief) -> str:
        phrases = self._phrases
        if brief.doubt:
            return {
                "only-words": phrases.probe_only_words,
                "denied": phrases.probe_denied,
                "copied": phrases.probe_unchanged if brief.do == "rewrite" else phrases.probe_copied,
                "repeated": phrases.probe_repeated,
            }[brief.doubt]
        generic = phrases.probe_again if brief.move.repeated else phrases.probe
        return self._help(generic, self._phrases.after_hint)(brief)

    def _hint(self, brief: Brief) -> str:
        generic = self._phrases.no_hint if brief.do in ("choose", "find") else self._phrases.hint
        return self._help(generic, self._phrases.after_hint)(brief)

    def _look_again(self, brief: Brief) -> str:
        phrases = self._phrases
        lead = [self._found_words(brief), self._near(brief)]
        if not any(lead) and not brief.decoys:
            lead.append(phrases.found_none)
        if brief.decoys and brief.move.hint is None and not brief.move.repeated:
            return _joined(*lead, phrases.naming(brief.decoys, phrases.found_decoy, phrases.found_decoys))
        if brief.decoys:
            lead.append(phrases.naming(brief.decoys, phrases.decoy_again))
        if brief.words and brief.authored:
            lead.append(phrases.found_left)
        return _joined(*lead, _asking(brief.authored[0] if brief.authored else "", phrases.after_hint))

    def _found_words(self, brief: Brief) -> str:
        found, words = len(brief.words), quoted_list(brief.words)
        if found >= brief.needed:
            return self._phrases.found_enough.format(words=words) if found else ""
        return self._phrases.found_some.format(found=found, needed=brief.needed, words=words) if found else ""

    def _near(self, brief: Brief) -> str:
        phrases, near = self._phrases, brief.near
        if near is None:
            return ""
        said = {
            "more": phrases.found_near_more,
            "fewer": phrases.found_near_fewer,
            "far fewer": phrases.found_near_long,
            "other": phrases.found_near_other,
        }[near.wants]
        return said.format(words=quoted_list([near.words]))

    def _tell(self, brief: Brief) -> str:
        phrases, authored = self._phrases, brief.authored
        if brief.do == "choose":
            return phrases.tell_option.format(option=quoted_list(authored[:1]), why=authored[1])
        if brief.do == "find":
            return self._tell_words(brief)
        if len(authored) == 1:
            text = phrases.tell_one.format(tell=sentence(authored[0]))
        else:
            text = "\n".join([phrases.tell_more, *(f"- {sentence(each)}" for each in authored)])
        closing = {"check": phrases.self_check, "ask": phrases.after_tell, "close": ""}[brief.move.then]
        return f"{text}\n{closing}" if closing else text

    def _tell_words(self, brief: Brief) -> str:
        """What was found and what is left, as the feedback on an exit ticket says it; the teacher's why comes last."""
        phrases, (*left, why) = self._phrases, brief.authored
        if not brief.words:
            return phrases.tell_words.format(words=quoted_list(left), why=why)
        parts = [phrases.naming(brief.words, phrases.review_found)]
        if left:
            enough = len(brief.words) >= brief.needed
            parts.append(phrases.naming(left, phrases.review_more if enough else phrases.review_left))
        if brief.decoys:
            parts.append(phrases.naming(brief.decoys, phrases.review_decoy, phrases.review_decoys))
        return _joined(*parts, why)

    def _secure(self, brief: Brief) -> str:
        lines = self._phrases.secure_choice if brief.do == "choose" else self._phrases.secure
        return " ".join([_turn(lines, brief.turn), *brief.authored])

    def _back_again(self, brief: Brief) -> str:
        return self._phrases.back_to_change if brief.changing else self._phrases.back_again.format(ask=brief.ask)

    def _caught(self, brief: Brief) -> str:
        phrases, words = self._phrases, quoted_list(brief.terms)
        if brief.meanings:
            named = zip(brief.terms, brief.meanings, strict=True)
            meanings = " ".join(f"“{term}”: {sentence(meaning)}" for term, meaning in named)
            return phrases.question_term.format(meanings=meanings)
        if brief.where:
            word, sentence_ = brief.where
            return phrases.question_word.format(word=word, sentence=sentence_)
        return {
            "empty": phrases.empty,
            "copied": phrases.copied,
            "question": phrases.question_alone if brief.alone else phrases.question,
            "off-point": phrases.off_point,
            "too-long": phrases.too_long.format(limit=LONGEST_ANSWER),
            "keep": phrases.keep.format(words=words),
            "drop": phrases.drop.format(words=words),
        }[brief.move.reason or "empty"]


def _joined(*texts: str) -> str:
    return " ".join(each for each in texts if each)


def _asking(text: str, closing: str) -> str:
    """`text`, followed by the closing task where it asks nothing itself."""
    return text if asks(text) else f"{text} {closing}".strip()


def _turn(lines: tuple[str, ...], number: int) -> str:
    return lines[number % len(lines)]
