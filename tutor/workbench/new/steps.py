"""A worked example of each kind of step, on the marks that were suggested; general questions where none fits.

Every idea comes with its whole ladder of help, with rules, and with sample answers on which the rules agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.core.article import Block
from tutor.workbench.new.marks import Category, Suggestion
from tutor.workbench.new.planning import Plan, claim_of, name_words, shown
from tutor.workbench.new.rewriting import is_milder_possible, rewritten
from tutor.workbench.new.rubrics import Idea, rubric
from tutor.workbench.new.yaml_out import Noted, Value

_PART = "Part one"


def make_steps(chosen: Plan, ids: Mapping[Suggestion, str], blocks: Sequence[Block], lang: str) -> list[Value]:
    """The steps of a lesson, each with a comment to its teacher; `ids` are the marks'."""
    texts = {block.id: block.text for block in blocks}
    return [
        _choose(chosen.who, ids, lang),
        _find(chosen, ids),
        _explain(chosen, ids, texts, lang),
        _rewrite(chosen, ids, lang),
        look(texts["title"], lang),
    ]


def _step(comment: str, **fields: Any) -> Noted:
    return Noted(f"\n{comment}", {name: value for name, value in fields.items() if value not in ([], None)})


def _choose(who: Suggestion | None, ids: Mapping[Suggestion, str], lang: str) -> Noted:
    if who is None or lang != "en":
        return _choose_headline()
    return _step(
        "choose: one answer of several. Every option has its own feedback; to a wrong one it is a question.",
        id="who-says-so",
        part=_PART,
        do="choose",
        at=who.block,
        ask=f"Look at these words: “{shown(claim_of(who))}”. Who says so, in this paragraph?",
        skills=["attribution.source"],
        marks=[ids[who]],
        options=[
            {
                "text": "The writer, in their own words",
                "why": "Read the whole sentence. Is there nobody else in it who speaks?",
            },
            {
                "text": who.source[:1].upper() + who.source[1:],
                "correct": True,
                "why": f"The text says so: look at “{who.said_by}”. Now you can ask how they know.",
            },
            {
                "text": "Somebody who is not named here",
                "why": "Read what stands before and after these words. Do you find nobody?",
            },
            {
                "text": "Everybody who was asked about it",
                "why": "Does the sentence speak of one voice or of many?",
            },
        ],
        hints=[
            "Read the whole sentence. Which of its words tells you that somebody speaks?",
            "Who stands right beside that word?",
        ],
    )


def _choose_headline() -> Noted:
    return _step(
        "choose: one answer of several. Every option has its own feedback; to a wrong one it is a question.",
        id="only-the-headline",
        part=_PART,
        do="choose",
        at="title",
        ask="Here is the headline of a text. What do you know for certain when you have read only that?",
        skills=["sift.stop", "evidence.headline-fit"],
        options=[
            {"text": "What really happened", "why": "Who has shown it to you so far?"},
            {"text": "What people think about it", "why": "Which people have you heard up to now?"},
            {
                "text": "What this text claims",
                "correct": True,
                "why": "So far you have met a claim. Reading on shows what stands behind it.",
            },
            {"text": "What experts have found out", "why": "Do you see the name of one of them up there?"},
        ],
        hints=[
            "Who wrote these words, and what have you been shown until now?",
            "Imagine that the rest of the page is empty. What could you still be sure of?",
        ],
    )


_FINDS: Mapping[Category, tuple[str, str, tuple[str, ...], tuple[str, str]]] = {
    "forecast": (
        "Which words here speak of something that nobody can know yet?",
        "These words are about the time to come. Nobody can check them yet; ask how likely they are, and why.",
        ("statement.kind", "forecast.calibration"),
        ("Which sentence is about later, and not about now or before?", "Look at the verbs. Which one looks ahead?"),
    ),
    "certain": (
        "Which words here sound surer than a careful writer would?",
        "Words like these leave no room for doubt. So ask what stands behind them.",
        ("statement.kind", "language.technique"),
        ("Where would you like to ask: how do you know?", "Which words want you to agree at once?"),
    ),
    "loaded": (
        "Which words here judge, where a plainer word could tell the same?",
        "These words judge for you. With plainer ones you could make up your own mind.",
        ("language.loaded",),
        ("Which words would somebody who thinks otherwise not use?", "Which words carry a feeling, good or bad?"),
    ),
    "quoted": (
        "Which words here are given as what somebody said?",
        "Here the text passes on what somebody said. Ask who that is, and whether they can know.",
        ("attribution.form", "attribution.source"),
        ("Which marks show that somebody speaks?", "Where do the writer's own words stop?"),
    ),
    "number": (
        "Which words here could you check by counting, or by looking them up?",
        "This can be checked. Ask who counted, when, and out of how many.",
        ("statement.checkable", "numbers.context"),
        ("Which part of the sentence is about how much or how many?", "What could you look for in a list?"),
    ),
    "reported": (
        "Which words here pass on what somebody else says?",
        "The text says where this comes from. So you can ask them, or look it up.",
        ("attribution.source",),
        ("Where does somebody other than the writer speak?", "Which verb tells you that somebody speaks?"),
    ),
    "careful": (
        "Which words here leave open whether it is so?",
        "Careful words: the writer does not claim more than can be known.",
        ("forecast.calibration",),
        ("Where is the writer not quite sure?", "Which small word could be left out, and would make it sound surer?"),
    ),
    "opening": (
        "Which words tell you what this text is about?",
        "This is where the text says what it is about.",
        ("statement.kind",),
        ("Where does a text mostly say what it is about?", "Read the beginning once more. What is new in it?"),
    ),
}  # fmt: skip


def _find(chosen: Plan, ids: Mapping[Suggestion, str]) -> Noted:
    ask, why, skills, hints = _FINDS[chosen.find[0].category]
    several = len(chosen.find) > 1
    blocks = sorted({each.block for each in (*chosen.find, *chosen.leave)}, key=lambda name: (len(name), name))
    return _step(
        "find: the learner points at words. Sound passages make good decoys, against flagging everything.",
        id="find-the-words",
        part=_PART,
        do="find",
        at=blocks[0] if len(blocks) == 1 else blocks,
        ask=f"{ask} Pick one place, a few words." if several else f"{ask} Pick a few words.",
        skills=list(skills),
        targets=[ids[each] for each in chosen.find],
        decoys=[ids[each] for each in chosen.leave],
        at_least=1 if several else None,
        why=why,
        hints=list(hints),
    )


def _explain(chosen: Plan, ids: Mapping[Suggestion, str], texts: Mapping[str, str], lang: str) -> Noted:
    comment = (
        "explain: own words, held against ideas. Each idea has rules that see it, and a ladder: hint, prompt, tell."
    )
    said = chosen.explain
    if said is None or lang != "en":
        return _explain_checking(comment, chosen.check, texts[chosen.check], lang)
    ask = f"The text says: “{shown(claim_of(said))}”. Whose claim is that, and how can you tell?"
    return _step(
        comment,
        id="whose-claim",
        part=_PART,
        do="explain",
        at=said.block,
        ask=ask,
        skills=["attribution.source"],
        marks=[ids[said]],
        **rubric(_source_idea(said.source), lang, ask),
    )


def _source_idea(source: str) -> Idea:
    names = name_words(source)
    return Idea(
        id="source",
        idea=f"It names who says so: {source}.",
        probe="Can you say more about who that is?",
        hint="Read the whole sentence. Who stands beside the word that shows that somebody speaks?",
        prompt="These are the words of ___.",
        tell=f"The text says who it is: {source}.",
        words=names,
        having=[
            source,
            f"its {names[0].lower()}",
            f"{names[-1]} says that, it stands in the sentence",
            f"the claim comes from {source}",
        ],
        lacking=[
            "the one who made the page",
            "nobody",
            "some person",
            "its just true",
            "it is a fact, everybody has heard it",
        ],
        more={"judge": "rules"},
    )


def _explain_checking(comment: str, at: str, text: str, lang: str) -> Noted:
    ask = "A friend is not sure that this paragraph is right. What could the two of you do about it?"
    idea = Idea(
        id="way-to-check",
        idea="There is a way to see for yourself: look elsewhere, or ask those who were there.",
        probe="How would you go about that?",
        hint="Imagine that you have a phone and ten minutes. What would you do first?",
        prompt="To see whether it holds, we could ___.",
        tell="You could look it up elsewhere, or ask people who were there.",
        words=["look up", "looking up", "search", "google", "ask", "call", "phone them", "compare", "another",
               "other sources", "internet", "online", "website", "library", "email", "interview"],
        having=["look it up on another website", "google it and compare", "ask someone who was there",
                "search online if others say it too"],
        lacking=["believe it", "nothing", "its boring", "i think it is right", "read it again"],
    )  # fmt: skip
    return _step(
        comment,
        id="how-to-check",
        part=_PART,
        do="explain",
        at=at,
        ask=ask,
        skills=["statement.checkable", "sift.find"],
        **rubric(idea, lang, ask, text),
    )


_CAREFUL_WORDS = (
    "may", "might", "could", "perhaps", "maybe", "possibly", "possible", "probably", "likely", "seems", "often",
    "usually", "mostly", "sometimes", "seldom", "rarely", "hardly", "few", "many", "some", "not sure", "not certain",
    "expect", "hope", "think", "believe", "claim", "according to", "told", "heard", "says", "said", "not everybody",
    "not everyone",
)  # fmt: skip


def _rewrite(chosen: Plan, ids: Mapping[Suggestion, str], lang: str) -> Noted:
    source = chosen.rewrite
    milder = lang == "en" and is_milder_possible(source)
    ask = f"Write these words anew, so that they claim no more than anybody can know: “{source.quote}”."
    if not milder:
        ask = f"Write these words anew, as somebody would who has only heard of it and was not there: “{source.quote}”."
    anew = rewritten(source, has_milder=milder)
    idea = Idea(
        id="careful",
        idea="The new sentence leaves room for doubt.",
        probe="How sure does your sentence sound?",
        hint="How would somebody put it who has heard of this, and has not seen it?",
        prompt="Begin like this, if you like: It is not yet clear ___.",
        tell=f"One way to put it: “{anew.having[0]}”."
        if milder
        else "Say who told you, or put in a word such as perhaps.",
        words=_CAREFUL_WORDS,
        having=anew.having,
        lacking=anew.lacking,
    )
    return _step(
        "rewrite: the marked words in other words. must_drop sends back what still has a word, before anybody judges.",
        id="say-it-carefully",
        part=_PART,
        do="rewrite",
        at=source.block,
        ask=ask,
        skills=["forecast.calibration", "language.loaded"],
        source=ids[source],
        must_drop=list(anew.drop) if lang == "en" else [],
        **rubric(idea, lang, source.quote),
    )


CARDS: Sequence[Mapping[str, Value]] = (
    {
        "id": "card-first-hand",
        "title": "A page of those who know it at first hand",
        "quality": "primary",
        "body": "UNREVIEWED: Put in what a page says that was made by those who were there. Three sentences will do.",
    },
    {
        "id": "card-other-paper",
        "title": "Another paper on the same matter",
        "quality": "strong",
        "body": "UNREVIEWED: Put in what another paper says about it, with its date and where it has it from.",
    },
    {
        "id": "card-passed-on",
        "title": "A post that many people pass on",
        "quality": "decoy",
        "body": "UNREVIEWED: Put in a post that is loud, is shared a lot, and does not say where it has it from.",
    },
)  # fmt: skip


def look(title: str, lang: str) -> Noted:
    """The step of lateral reading, on cards that the teacher has yet to write."""
    ask = "Does this headline hold? Before you pass it on, open two cards. Which one helps you most, and why?"
    idea = Idea(
        id="reason",
        idea="The reason has to do with who made the card, or with how they found out.",
        probe="What is it about that card?",
        hint="Compare where the cards have it from. Which of them could you go back to tomorrow?",
        prompt="I would go by ___, because ___.",
        tell="A good reason looks at who made the card and how they found out, not at how loud or long it is.",
        words=["wrote", "written", "made by", "who made", "author", "expert", "was there", "were there", "first hand",
               "counted", "measured", "study", "official", "source", "where it comes from", "where they have it from",
               "where they got it", "date", "saw it", "independent", "proof", "evidence", "original", "name", "asked"],
        having=["The first card, because it is from people who were there.", "the paper, it says where they got it",
                "card 1 its made by someone who counted it", "The paper, because it has a source and a date.",
                "i trust the one where you can see the author"],
        lacking=["the first one", "The post, because so many people like it.", "the short one is easier to read",
                 "they all say the same", "card 3 because it sounds right"],
    )  # fmt: skip
    return _step(
        "look: source cards, for reading sideways without the internet. Write the three cards (below, under sources).",
        id="look-elsewhere",
        part=_PART,
        do="look",
        at="title",
        ask=ask,
        skills=["sift.find", "lateral.source-choice"],
        cards=[str(card["id"]) for card in CARDS],
        best=[str(CARDS[0]["id"]), str(CARDS[1]["id"])],
        budget=2,
        **rubric(idea, lang, ask, title),
    )
