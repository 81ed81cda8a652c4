"""What every object and field of a lesson is for, in a teacher's words: shown by editors on hover and in completion."""

from __future__ import annotations

from collections.abc import Mapping

OBJECTS: Mapping[str, str] = {
    "Lesson": "A lesson: an article, marks on it, and the steps of a conversation about it.",
    "Article": "The text that is read, and what is known about it. Its blocks number themselves: title, p1, p2, h1 ...",
    "Mark": "Your ground truth: these exact words, in that block, are this.",
    "Attribution": "How the words are passed on: the form, who says it, the words that tell so, and through whom.",
    "Fact": "A dated statement about the world: the only outside facts that the tutor may state.",
    "Source": "A source card, for reading sideways without the internet.",
    "Sensitivity": "What to be careful with, and on which questions the tutor takes no side.",
    "Criterion": "One idea that an answer should hold, with rules that see it and a ladder of help.",
    "Misconception": "A wrong idea that is worth a question of its own.",
    "Sample": "An answer as a learner might write it, with your verdict. It trains the judge and tests the lesson.",
    "Next": "Where to go after the step. Leave out what is to lead to the following step.",
    "Option": "One answer to choose from, and what the tutor says to it.",
    "Choose": "The learner chooses one option.",
    "Find": "The learner points at words of the text.",
    "Explain": "The learner answers in their own words.",
    "Rewrite": "The learner writes the marked words anew.",
    "Look": "The learner opens a few source cards, then explains what they show.",
    "ExitTicket": "A fresh text at the end, worked through without help.",
}

_RULED = {
    "all_of": "Groups of words. Every group must show in the answer; within a group any one item will do. An item is a "
    "word (any form of it), a phrase, a beginning such as exagger*, or a /regular expression/.",
    "none_of": "Words that speak against it: if one of them shows, it does not count.",
}
_STEP = {
    "id": "A short name for the step, used once in the lesson.",
    "do": "What the learner does: choose, find, explain, rewrite or look.",
    "at": "The block or blocks that are read here, such as p2 or [title, p2].",
    "ask": "The question, as the learner reads it.",
    "part": "The part of the lesson that the step belongs to. At the end of a part there is a stopping point.",
    "skills": "What the step trains, by the names of the taxonomy.",
    "marks": "The marks that the step is about, by their ids.",
    "tries": "How many judged answers the learner has, 3 by default.",
    "confidence": "Ask how sure the learner is, after the answer and before the feedback.",
    "assisted": "true by default. Steps of the exit ticket go without help of their own accord.",
    "never_say": "Words that the tutor must not say before the learner does.",
    "next": "Where to go after the step, by its result.",
    "samples": "Answers with your verdict. Sixteen or more a step make the judge's figures worth reading.",
}
_RUBRIC = _STEP | {
    "rubric": "The ideas that an answer should hold. Two or three are enough.",
    "misconceptions": "Wrong ideas to watch for: names of the lesson's, or some of this step alone.",
}
_HINTS = "Help on request, one after the other. Questions that point, and give nothing away."

FIELDS: Mapping[str, Mapping[str, str]] = {
    "Lesson": {
        "tutor": "The version of the format. Write 1.",
        "title": "What the lesson is called in the library.",
        "article": "The text that is read.",
        "steps": "The conversation, in order.",
        "id": "A short name without blanks. Left out, it is the name of the folder.",
        "version": "Your own version of the lesson, such as 1.0.0.",
        "goal": "What learners can do afterwards, in a sentence.",
        "lang": "The language of the lesson, such as en or de.",
        "ages": "The youngest and the oldest it is meant for, such as [12, 15].",
        "minutes": "How long it takes. At most 20 for each part.",
        "authors": "Who wrote the lesson.",
        "licence": "The licence of the lesson; the article has its own.",
        "standards": "The standards that it serves. Those of the taxonomy are offered; others may be written.",
        "sensitivity": "What to be careful with.",
        "glossary": "Hard words of the text and what they mean here, as word: meaning.",
        "misconceptions": "Wrong ideas that options and steps of this lesson name by their id.",
        "marks": "Your ground truth about the text.",
        "facts": "Dated fact cards.",
        "sources": "Source cards for `look` steps.",
        "exit": "The exit ticket: a fresh text without help.",
    },
    "Article": {
        "title": "The headline. It is the block called title.",
        "licence": "Under which licence the text may be used, or where the permission comes from.",
        "text": "The text itself. A blank line ends a paragraph; a line that begins with # is a heading.",
        "file": "The file that holds the text, beside the lesson: article.txt.",
        "headings": "The exact lines of the file that are headings.",
        "byline": "Who wrote the text, or absent.",
        "outlet": "Where it was published, or absent.",
        "date": "When it was published, or absent.",
        "url": "Where it was found. Nothing is ever fetched from there.",
        "links": "How many links the text had when it was published.",
    },
    "Mark": {
        "id": "A short name, used once among the marks of this text.",
        "at": "The block that holds the words, such as p3.",
        "quote": "The very words of the text.",
        "occurrence": "Which one is meant, where the words stand in the block more than once: 1 is the first.",
        "kind": "What the words do: fact, report, judgement, opinion or forecast.",
        "also": "Other kinds that can be defended.",
        "contested": "Good readers differ on it.",
        "techniques": "Persuasion techniques in these words, by the names of the taxonomy.",
        "attribution": "Who is made to say it.",
        "fact": "The fact card that settles it, by its id.",
        "sound": "A passage to be trusted for now: plain, checkable, attributed.",
        "note": "One or two sentences that learners read at the end.",
    },
    "Attribution": {
        "form": "How the words are passed on, by the names of the taxonomy.",
        "source": "Who says so.",
        "cue": "The words that tell so, such as said or according to.",
        "via": "Through whom it reached the text.",
    },
    "Fact": {
        "id": "A short name, used once among the facts.",
        "claim": "What is claimed.",
        "status": "What is known about the claim.",
        "card": "What the tutor may tell, in a few sentences.",
        "as_of": "When this was known, such as 2026-03.",
        "source": "Where it can be read.",
    },
    "Source": {
        "id": "A short name, used once among the source cards.",
        "title": "The card's headline.",
        "body": "What the card says when it is open.",
        "outlet": "Who published it.",
        "snippet": "What is seen before the card is opened.",
        "quality": "primary, strong, weak or decoy. Learners do not see it.",
    },
    "Sensitivity": {
        "note": "A note to teachers.",
        "neutral_on": "Questions on which the tutor takes no side.",
    },
    "Criterion": _RULED
    | {
        "id": "A short name, used once in the rubric.",
        "idea": "The idea in one plain sentence: one thought that two readers would see alike.",
        "required": "true by default. An optional idea is praised and not asked for.",
        "judge": "rules: the rules alone decide. both: the rules and the words of the samples have to agree.",
        "probe": "A question that asks for more, where it is unclear whether the idea is there.",
        "hint": "A question that shows where to look.",
        "prompt": "A sentence to finish, with ___ in it.",
        "tell": "The answer in one plain sentence. It comes last.",
    },
    "Misconception": _RULED
    | {
        "id": "A short name for it.",
        "idea": "The wrong idea in one plain sentence.",
        "reply": "A question that makes the learner think again.",
    },
    "Sample": {
        "answer": "What a learner might write, slips of spelling included.",
        "verdict": "secure: every required idea, no misconception. partly: some. not-yet: none. off-task: no answer.",
        "meets": "The ids of the criteria that it meets.",
        "misconception": "The id of the misconception that it shows.",
    },
    "Next": {
        "secure": "The step after a secure answer.",
        "partly": "The step after a partly secure answer.",
        "stuck": "The step for all others.",
    },
    "Option": {
        "text": "The answer, as the learner reads it. Make all of them about equally long.",
        "why": "What the tutor says to it. For a wrong one, a question that helps.",
        "correct": "Whether it is right. More than one may be, where good readers differ.",
        "misconception": "The id of the lesson's misconception that it shows.",
    },
    "Choose": _STEP | {"options": "Two to nine answers to choose from.", "hints": _HINTS},
    "Find": _STEP
    | {
        "targets": "The marks to point at, by their ids.",
        "why": "What the tutor says when they are found.",
        "decoys": "Marks that count against: what a hasty reader would pick. Sound passages make good ones.",
        "at_least": "How many targets are enough. All of them by default.",
        "hints": _HINTS,
    },
    "Explain": _RUBRIC,
    "Rewrite": _RUBRIC
    | {
        "source": "The mark with the words to rewrite.",
        "must_keep": "Words that have to stand in the new sentence.",
        "must_drop": "Words that may not stand in it any more.",
    },
    "Look": _RUBRIC
    | {
        "cards": "The source cards on the table, by their ids.",
        "best": "The cards that are worth opening.",
        "budget": "How many may be opened. All of them by default.",
    },
    "ExitTicket": {
        "article": "The fresh text. Its blocks number themselves anew.",
        "steps": "Two or three steps without help.",
        "marks": "Your ground truth about the fresh text.",
    },
}

VALUES: Mapping[str, str] = {
    "choose": OBJECTS["Choose"],
    "find": OBJECTS["Find"],
    "explain": OBJECTS["Explain"],
    "rewrite": OBJECTS["Rewrite"],
    "look": OBJECTS["Look"],
    "both": "The rules and the words of the samples have to agree.",
    "rules": "The rules alone decide.",
    "secure": "Every required idea is there, and no misconception.",
    "partly": "Some of it is there, or a misconception beside it.",
    "not-yet": "None of the ideas is there.",
    "off-task": "No answer at all: empty, copied, a question back.",
    "primary": "The thing itself: a document, a recording, the person asked.",
    "strong": "Careful and independent, with sources.",
    "weak": "Repeats what others say.",
    "decoy": "Looks fitting and settles nothing.",
    "true": "Known to be so.",
    "false": "Known not to be so.",
    "misleading": "Not false word by word, but it leads astray.",
    "disputed": "Those who know differ.",
    "unverified": "Nobody has been able to check it.",
    "future": "It had not happened yet.",
}
"""What the fixed words of the format mean; the kinds of statements are the taxonomy's."""
