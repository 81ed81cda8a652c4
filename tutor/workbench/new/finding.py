"""The rules that find marks. They see words, not what is meant: each find is a suggestion.

English has every kind of rule; in another language only quotation marks and numbers tell something without reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tutor.core.article import Block, locate
from tutor.core.words import STOP_WORDS, folded_words, stem
from tutor.workbench.new.facts import first_paragraph, is_about_itself
from tutor.workbench.new.marks import Category, Suggestion
from tutor.workbench.new.speech import Sentence, Speaker, clause_around, quotations, sentences, speaker_of
from tutor.workbench.new.words import (
    AFTER_NO_HEDGE,
    CERTAINTY,
    HEDGES,
    LOADED,
    NOT_LOADED,
    OPENS_CLAUSE,
    STRONGER,
    UNITS,
    WHOLE_CLAUSE,
)

_LONGEST_QUOTE = 36
"""Words."""
_LONGEST_MARK = 500
_LONGEST_BLOCK = 10_000
"""Characters; what is longer is no paragraph."""
_MOST_BLOCKS = 500
_MOST_OPENED = 12
"""Words of a clause that “of course” opens."""


def find_all(blocks: Sequence[Block], lang: str) -> list[Suggestion]:
    """Everything that a rule points at, in the order of the text; headings, bylines and dates are left alone."""
    finders: tuple[Callable[[str], Iterator[Suggestion]], ...] = (_quoted_anywhere, _numbers_anywhere)
    if lang == "en":
        finders = (_quoted, _reported, _forecasts, _certain, _loaded, _numbers, _careful)
    found = []
    for block in blocks[:_MOST_BLOCKS]:
        if block.kind != "heading" and len(block.text) <= _LONGEST_BLOCK and not is_about_itself(block.text):
            each = [replace(one, block=block.id) for finder in finders for one in finder(block.text)]
            found += [placed for one in each if (placed := _placed(one, block.text))]
    return found


def opening(blocks: Sequence[Block]) -> Suggestion | None:
    """The first words of the first paragraph, where no rule found anything; None where they cannot be marked."""
    block = first_paragraph(blocks)
    words = list(re.finditer(r"[^\W_]+", block.text[:_LONGEST_MARK]))
    for word in reversed(words[:12]):
        span = words[0].start(), word.end()
        if placed := _placed(replace(_suggest("opening", block.text, span, ""), block=block.id), block.text):
            return placed
    return None


def _placed(each: Suggestion, text: str) -> Suggestion | None:
    """The suggestion as a mark holds it, with `occurrence` where its words stand there twice; None where none can."""
    quote = text[each.start : each.end]
    if len(quote) > _LONGEST_MARK or quote != quote.strip() or not any(char.isalnum() for char in quote):
        return None
    places = locate(text, quote, whole_words=True)
    if (each.start, each.end) not in places:
        return None
    number = places.index((each.start, each.end)) + 1
    return replace(each, quote=quote, occurrence=number if len(places) > 1 else None)


def _suggest(category: Category, text: str, span: tuple[int, int], cue: str, **more: object) -> Suggestion:
    return Suggestion(category, "", span[0], span[1], text[span[0] : span[1]], cue, **more)  # type: ignore[arg-type]


def _size(text: str) -> int:
    return len(folded_words(text))


# --------------------------------------------------------------------------- who says what


def _quoted_anywhere(text: str) -> Iterator[Suggestion]:
    """Quotations of four words and more, in any language: nobody knows here who speaks."""
    for quote in quotations(text):
        if 4 <= _size(text[quote.start : quote.end]) <= _LONGEST_QUOTE:
            yield _suggest("quoted", text, (quote.start, quote.end), "", kind="report", form="direct-quote")


def _quoted(text: str) -> Iterator[Suggestion]:
    """Quotations with somebody who says them, and long ones without."""
    every = quotations(text)
    for sentence in sentences(text):
        inside = [each for each in every if each.start >= sentence.start and each.end <= sentence.end]
        speaker = speaker_of(sentence.text) if inside else None
        for quote in inside:
            span = _shortened(text, quote.start, quote.end)
            words = text[span[0] : span[1]]
            size, cue = _size(words), speaker.cue if speaker else ""
            is_whole = words[:1].isupper() or text[quote.end : quote.outer[1] - 1].strip() != ""
            if size < (2 if speaker else 6) or size > _LONGEST_QUOTE:
                continue
            source = speaker.source if speaker else ""
            sound = bool(
                source and speaker and speaker.is_named and speaker.is_neutral and is_whole and _is_plain(words)
            )
            form = "direct-quote" if is_whole and size >= 4 else "partial-quote"
            yield _suggest(
                "quoted", text, span, cue, kind="report", sound=sound, form=form, source=source, said_by=cue,
                score=2 * bool(source) + min(size, 8) // 4,
            )  # fmt: skip


def _shortened(text: str, start: int, end: int) -> tuple[int, int]:
    """The first sentence of a long quotation."""
    inner = sentences(text[start:end])
    if _size(text[start:end]) > 20 and len(inner) > 1:
        end = start + inner[0].end
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _reported(text: str) -> Iterator[Suggestion]:
    """Sentences in which somebody or something is made to say the rest, without quotation marks."""
    for sentence in sentences(text):
        if any(sentence.start <= each.start < sentence.end for each in quotations(text)):
            continue
        speaker = speaker_of(sentence.text)
        if speaker is None or not speaker.source:
            continue
        span = _without_end(text, sentence)
        content = _content(sentence.text, speaker)
        if _size(text[span[0] : span[1]]) > _LONGEST_QUOTE or _size(content) < 3:
            continue
        form = "indirect-speech"
        if speaker.is_vague:
            form = "vague-attribution"
        elif speaker.is_document:
            form = "paraphrase-of-document"
        sound = speaker.is_certain and speaker.is_neutral and _is_plain(sentence.text)
        yield _suggest(
            "reported", text, span, speaker.cue, kind="report", sound=sound, form=form, source=speaker.source,
            said_by=speaker.cue, content=content, score=2 * sound,
        )  # fmt: skip


def _without_end(text: str, sentence: Sentence) -> tuple[int, int]:
    end = sentence.end
    while end > sentence.start and not text[end - 1].isalnum() and text[end - 1] not in "%)":
        end -= 1
    return sentence.start, end


def _content(sentence: str, speaker: Speaker) -> str:
    """What is claimed, without the words that say who claims it."""
    bare = sentence.rstrip(".!? ")
    if speaker.cue.lower() == "according to":
        before, after = bare[: speaker.start].strip(" ,"), bare[speaker.end :].strip(" ,")
        return before if _size(before) >= 3 else after
    rest = bare[speaker.end :]
    that = re.search(r"(?:^|\s)that\s", rest)
    content = rest[that.end() :] if that else rest.strip(" ,")
    if _size(content) < 4 or content.startswith(speaker.source):
        content = bare[: speaker.start].rsplit(speaker.source, 1)[0].strip(" ,") or content
    return "" if speaker.source in content else re.sub(r",? as$", "", content)


def _is_plain(text: str) -> bool:
    """Whether no word of a text judges, foretells or is sure."""
    return not any(list(finder(text)) for finder in (_loaded, _certain, _forecasts))


# --------------------------------------------------------------------------- single words that tell

_WILL = re.compile(
    r"(?<![\w'’-])(?P<cue>will(?: not| never| soon| also)?|won['’]t|(?:is|are|am) going to|"
    r"(?:is|are) (?:sure|bound|certain|set|expected|about) to|(?:is|are) on course to)(?= +[a-z])"
    r"|(?<=\w)['’](?P<short>ll)(?= +[a-z])"
)
_NO_FORECAST_BEFORE = frozenset("a the his her their my your our own good free of at last if where".split())
_SAYING = re.compile(r" +(?:say|tell|answer|comment|talk|reply|explain|discuss)\b")
_SOON = re.compile(
    r"(?<!\w)(?:by 20\d\d|by (?:next|the end of) \w+|in the (?:coming|next) (?:few |two |three |five |ten )?"
    r"(?:days|weeks|months|years|decades?)|in the (?:days|weeks|months|years) (?:ahead|to come))(?!\w)",
    re.IGNORECASE,
)
CERTAIN = re.compile(
    rf"(?<![\w'’-])(?:{'|'.join(map(re.escape, sorted(CERTAINTY, key=len, reverse=True)))})(?![\w'’-])",
    re.IGNORECASE,
)  # fmt: skip
_HEDGE = re.compile(r"(?<![\w'’-])(?:" + "|".join(HEDGES) + r")(?![\w'’-])(?=[ ,])(?! +\d)")
_NUMBER = r"\d[\d.,]*\d|\d"
_FEW = "one|two|three|four|five|six|seven|eight|nine|ten"
_COUNTED = re.compile(
    rf"(?<![\w.,$£€])(?:(?:[$£€] ?(?:{_NUMBER})(?: ?(?:million|billion|bn|m|k)\b)?)"
    rf"|(?:{_NUMBER}) ?(?:%|(?:per cent|percent|million|billion|thousand|{'|'.join(UNITS)})\b)"
    rf"|(?:{_FEW}|half|a third) (?:in|out of) (?:every )?(?:\d+|{_FEW}|twenty)\b"
    r"|(?:doubled|tripled|halved)\b|(?:twice|three times) as \w+)"
)
_COUNTED_ANYWHERE = re.compile(rf"(?<![\w.,$£€])(?:[$£€] ?(?:{_NUMBER})|(?:{_NUMBER}) ?(?:%|€|£|\$|[^\W\d_]{{3,}}))")


def _forecasts(text: str) -> Iterator[Suggestion]:
    for match in _WILL.finditer(text):
        before = folded_words(text[max(0, match.start() - 40) : match.start()])
        if (match["cue"] or "").endswith(("not", "n't", "n’t")) and _SAYING.match(text, match.end()):
            continue
        if not before or before[-1] in _NO_FORECAST_BEFORE or text[match.end() :].split(".")[0].endswith("?"):
            continue
        start, end = clause_around(text, *match.span())
        while text[start:end].split(" ")[0].lower() in ("then", "so", "and", "but", "now"):
            start += len(text[start:end].split(" ")[0]) + 1
        size = _size(text[start:end])
        if size >= 3:
            cue = match["cue"] or "will"
            yield _suggest(
                "forecast", text, (start, end), cue, kind="forecast", score=1 + (size >= 5) + (start < match.start())
            )
    for match in _SOON.finditer(text):
        span = clause_around(text, *match.span())
        if (
            _size(text[span[0] : span[1]]) >= 4
            and not _WILL.search(text, *span)
            and not re.search(r"\b(?:may|might|could)\b", text[span[0] : span[1]])
        ):
            yield _suggest("forecast", text, span, match.group(), kind="forecast")


def follows_not(text: str, start: int) -> bool:
    """Whether the word before a place is a "not": what is "not certainly" so is no certainty."""
    return folded_words(text[max(0, start - 40) : start])[-1:] == ("not",)


def _certain(text: str) -> Iterator[Suggestion]:
    for match in CERTAIN.finditer(text):
        cue = match.group().lower()
        if follows_not(text, match.start()):
            continue
        if cue in ("nobody", "no one") and re.match(r" (?:was|were) (?:hurt|injured|killed)", text[match.end() :]):
            continue
        if cue in OPENS_CLAUSE:
            yield from _opened(text, match)
            continue
        # A short answer (“Never!”) or a bare “always” says nothing by itself.
        span = clause_around(text, *match.span(), before=6) if cue in WHOLE_CLAUSE else match.span()
        if cue in WHOLE_CLAUSE and _size(text[span[0] : span[1]]) < max(3 - cue.count(" "), 2):
            continue
        technique = CERTAINTY[cue]
        score = 1 if cue in ("always", "never", "everyone", "everybody", "nobody", "no one") else 3
        yield _suggest("certain", text, span, match.group(), kind="opinion", technique=technique, score=score)


def _opened(text: str, match: re.Match[str]) -> Iterator[Suggestion]:
    """The clause that certain words such as “of course” open, or are put into between commas."""
    start, end = match.span()
    if re.search(r",\s$", text[:start]) and re.match(r"[,.!?;:]|$", text[end:]):
        start = text.rindex(",", 0, start)
    end += len(re.match(r",?(?: +that\b)?", text[end:]).group())  # type: ignore[union-attr]
    span = clause_around(text, start, end, before=6, after=_MOST_OPENED)
    if _size(text[slice(*span)]) > _size(match.group()) + 1:
        technique = CERTAINTY[match.group().lower()]
        yield _suggest("certain", text, span, match.group(), kind="opinion", technique=technique, score=3)


_LOADED_STEMS = frozenset(stem(word) for word in LOADED if "-" not in word)
_HYPHENED = frozenset(word for word in LOADED if "-" in word)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def _loaded(text: str) -> Iterator[Suggestion]:
    words = list(_WORD.finditer(text))
    for number, match in enumerate(words):
        word = match.group().lower().replace("’", "'")
        if word in NOT_LOADED or (word not in _HYPHENED and stem(word) not in _LOADED_STEMS):
            continue
        # A capital in the middle of a sentence is a name: Terrible Tom, the Brilliant Hotel.
        if match.group()[0].isupper() and number and text[words[number - 1].end() : match.start()] == " ":
            continue
        start, end = match.span()
        if number and words[number - 1].group().lower() in STRONGER and text[words[number - 1].end() : start] == " ":
            start = words[number - 1].start()
        following = words[number + 1] if number + 1 < len(words) else None
        if following and text[end : following.start()] == " " and not _is_function(following.group()):
            end = following.end()
        yield _suggest(
            "loaded", text, (start, end), match.group(), kind="opinion", technique="loaded-language", score=1
        )


def _is_function(word: str) -> bool:
    return word.lower() in STOP_WORDS or word.lower() in ("according", "last", "yesterday", "today", "without")


def _numbers(text: str) -> Iterator[Suggestion]:
    for sentence in sentences(text):
        speaker = speaker_of(sentence.text)
        has_source = bool(speaker and speaker.source and speaker.is_certain)
        for match in _COUNTED.finditer(sentence.text):
            start, end = clause_around(sentence.text, *match.span(), before=6)
            piece = sentence.text[start:end]
            if _size(piece) < 3:
                continue
            sound = has_source and _is_plain(piece)
            source = speaker.source if speaker and has_source else ""
            form = (
                ""
                if not speaker or not source
                else "paraphrase-of-document"
                if speaker.is_document
                else "indirect-speech"
            )
            yield _suggest(
                "number", text, (sentence.start + start, sentence.start + end), match.group(), kind="fact", sound=sound,
                form=form, source=source, said_by=speaker.cue if speaker and source else "", score=1 + sound,
            )  # fmt: skip


def _numbers_anywhere(text: str) -> Iterator[Suggestion]:
    for match in _COUNTED_ANYWHERE.finditer(text):
        span = clause_around(text, *match.span(), before=5)
        if _size(text[span[0] : span[1]]) >= 2:
            yield _suggest("number", text, span, match.group(), kind="fact")


def _careful(text: str) -> Iterator[Suggestion]:
    for match in _HEDGE.finditer(text):
        cue = match.group()
        following = folded_words(text[match.end() : match.end() + 30])
        if not following or (cue == "could" and following[0] in AFTER_NO_HEDGE):
            continue
        span = clause_around(text, *match.span())
        if _size(text[span[0] : span[1]]) >= 3:
            yield _suggest("careful", text, span, cue, kind=HEDGES[cue])
