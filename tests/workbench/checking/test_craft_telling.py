"""The craft of help, rules and samples: where a remark begins and where it ends."""

import pytest

from tests.workbench.checking.test_craft import codes, remarks
from tutor.core.lesson import Ruled
from tutor.core.rules import Reading, RuleMatch, match_rules
from tutor.workbench.checking.craft import telling

STEP = """\
- id: support
  do: {do}
  at: p2
  ask: {ask}
{more}  rubric:
  - id: witness
    idea: The writer names no witness for the claim.
    probe: {probe}
    hint: {hint}
    prompt: {prompt}
    tell: There is no witness and no source. Nobody was on the platform at seven.
    all_of: {all_of}
{misconceptions}  samples:
{samples}"""
SAMPLES = """\
  - {answer: There is no witness., verdict: secure, meets: [witness]}
  - {answer: He has no source, verdict: secure, meets: [witness]}
  - {answer: It is about a bus., verdict: not-yet}
"""


def explain(**given: str) -> str:
    """The base with one free-text step, some of its fields as they are `given`; fields at the left edge in `top`."""
    fields = {
        "do": "explain",
        "ask": "What does the writer leave out?",
        "more": "",
        "probe": "What would you ask?",
        "hint": "Who stands behind these words?",
        "prompt": "The writer offers ___.",
        "all_of": "[[witness, source]]",
        "misconceptions": "",
        "samples": SAMPLES,
        "top": "",
    }
    assert set(given) <= set(fields)
    fields |= given
    return f"{fields['top']}steps:\n{STEP.format(**fields)}"


def watching(reply: str, rules: str = "[[true, right]]") -> str:
    return (
        "  misconceptions:\n  - id: believes\n    idea: It has to be so because a claim in a paper is right\n"
        f"    reply: {reply}\n    all_of: {rules}\n"
    )


def test_the_question_is_held_against_the_rules_of_an_idea_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counting(ruled: Ruled, reading: Reading) -> RuleMatch:
        seen.append(reading.text)
        return match_rules(ruled, reading)

    monkeypatch.setattr(telling, "match_rules", counting)
    head = "  misconceptions:\n"
    ask = "Is there a witness whom the writer leaves unnamed?"
    each = (watching(f"Which witness number {n}?").replace("believes", f"belief-{n}") for n in range(20))
    codes(explain(ask=ask, misconceptions=head + "".join(one.removeprefix(head) for one in each)))
    assert len([text for text in seen if text.startswith("Which witness number")]) == 20
    assert seen.count(ask) == 1


def test_there_is_nothing_to_say_about_this_step() -> None:
    assert codes(explain(misconceptions=watching("Would it be so if I wrote the opposite?"))) == []


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("Which witness speaks?", "“witness”"),
        ("Do the names of any claim stand there?", "“names”, “claim”"),
        ("Who was on the platform at seven?", "“the platform at seven”"),
    ],
    ids=["a word that the rules take by itself", "two words of the idea", "four words of the tell in a row"],
)
def test_a_hint_gives_the_answer_away(hint: str, told: str) -> None:
    [found] = remarks(explain(hint=hint))
    assert (found.code, found.message) == ("hint-gives-away", f"this hint says {told} of the answer")


@pytest.mark.parametrize(
    "hint",
    [
        "What is a claim?",
        "Which platform has the number seven?",
        "Why will the bus never come back?",
        "What does the writer leave out?",
        "Who was here in 2019?",
    ],
    ids=["what it is about", "words of the tell, apart", "the paragraph says so", "the question says so", "a number"],
)
def test_a_hint_may_say(hint: str) -> None:
    assert codes(explain(hint=hint)) == []


SWEEPING = """\
- id: press
  do: explain
  at: p2
  ask: {ask}
  rubric:
  - id: never
    idea: The words Never come press the reader to agree.
    probe: Say more. Which of them press?
    hint: {hint}
    prompt: They press by ___.
    tell: Never come leaves nobody out.
    all_of: {rules}
  misconceptions:
  - {{id: sure, idea: He is sure, reply: {reply}, all_of: [[sure]]}}
  samples:
  - {{answer: never come does that, verdict: secure, meets: [never]}}
  - {{answer: It is about a bus., verdict: not-yet}}
"""


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"hint": "Is it not Never come back that wants you to agree?"}, ["hint-gives-away"]),
        ({"hint": "Is it not “never come” that wants you to agree?"}, ["hint-gives-away"]),
        ({"hint": "Will it never come?", "rules": '[["/never.{0,9}come/"]]'}, ["hint-gives-away"]),
        ({"hint": "Would you bet on it?", "rules": '[["/never come|bet on/"]]'}, []),
        ({"hint": "Would you bet on it?", "rules": '[["/bet on", never come]]'}, ["hint-gives-away"]),
        ({"hint": "Is it the bus that wants you to agree?"}, []),
        ({"reply": "Would never come be true then?"}, ["reply-gives-away"]),
        ({"hint": "What does never come leave out?", "ask": "Why never come?"}, ["rule-fires-on-question"]),
    ],
    ids=["plain", "quoted", "regex", "a regex by chance", "no regex", "other words", "a reply", "question"],
)
def test_what_the_rules_take_for_the_answer_gives_it_away_though_the_text_says_so(
    given: dict[str, str], told: list[str]
) -> None:
    fields = {"ask": "How is it said?", "hint": "Who says so?", "reply": "And if not?", "rules": "[[never come]]"}
    assert codes(f"steps:\n{SWEEPING.format(**fields | given)}") == told


def test_a_reply_may_hold_what_the_misconception_says_of_the_rules() -> None:
    step = SWEEPING.replace("idea: He is sure", "idea: It will never come")
    fields = {
        "ask": "How is it said?",
        "hint": "Who says so?",
        "reply": "Will it never come?",
        "rules": "[[never come]]",
    }
    assert codes(f"steps:\n{step.format(**fields)}") == []


def test_what_the_rules_take_for_the_answer_gives_it_away_in_any_language() -> None:
    given = {"hint": "Is it never ever so?", "prompt": "The writer ___.", "all_of": "[[never ever]]"}
    given["samples"] = (
        "  - {answer: never ever, verdict: secure, meets: [witness]}\n  - {answer: bus, verdict: not-yet}\n"
    )
    assert codes(explain(top="lang: nl\n", **given)) == ["hint-gives-away"]


def test_words_that_only_samples_which_meet_it_have_give_it_away() -> None:
    samples = "".join(f"  - {{answer: the platform {n}, verdict: secure, meets: [witness]}}\n" for n in "abc")
    rules = '[["/the platform/"]]'
    others = "  - {answer: it is late, verdict: not-yet}\n"
    told = codes(explain(all_of=rules, samples=samples + others, hint="Which platform is it?"))
    assert told == ["hint-gives-away"]
    others += "  - {answer: on a platform, verdict: not-yet}\n"
    assert codes(explain(all_of=rules, samples=samples + others, hint="Which platform is it?")) == []


def test_a_reply_may_say_what_the_misconception_says() -> None:
    assert codes(explain(misconceptions=watching("Whose claim in which paper is it?"))) == []
    assert codes(explain(misconceptions=watching("Which witness says so?"))) == ["reply-gives-away"]


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("There are two sentences.", True),
        ("Look at the second sentence.", False),
        ("There are two sentences. Now, compare them.", False),
        ("'Where would you say \"How do you know?\"'", False),
        ("Who says so?", False),
    ],
)
def test_a_hint_asks_or_says_what_to_do(hint: str, told: bool) -> None:
    assert codes(explain(hint=hint)) == (["hint-asks-nothing"] if told else [])


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("The writer offers ___.", False),
        ("The writer offers ...", False),
        ("What is offered?", False),
        ("Think.", True),
    ],
)
def test_a_prompt_has_something_to_fill_in(prompt: str, told: bool) -> None:
    assert codes(explain(prompt=prompt)) == (["prompt-without-blank"] if told else [])


def test_what_was_made_for_english_is_silent_elsewhere() -> None:
    given = {"hint": "The platform at seven.", "ask": "Why does the writer name no witness for the claim?"}
    given["all_of"], given["samples"] = (
        "[[never ever]]",
        "  - {answer: never ever, verdict: secure, meets: [witness]}\n",
    )
    given["samples"] += "  - {answer: bus, verdict: not-yet}\n"
    assert codes(explain(**given)) == ["hint-asks-nothing", "hint-gives-away", "question-gives-away"]
    assert codes(explain(top="lang: nl\n", **given)) == []


def test_a_question_is_not_looked_for_where_it_has_a_mark_of_its_own() -> None:
    reply = watching("Ποιος το λέει αυτό;")
    assert codes(explain(top="lang: el\n", misconceptions=reply)) == []
    assert codes(explain(top="lang: de\n", misconceptions=watching("Das ist nicht so."))) == ["reply-asks-nothing"]


def test_rules_are_held_against_samples_in_any_language() -> None:
    samples = "  - {answer: Keiner war dabei, verdict: secure, meets: [witness]}\n"
    samples += "  - {answer: Zwei Zeugen waren da, verdict: not-yet}\n"
    rules = "[[zeuge, niemand]]"
    found = codes(explain(top="lang: de\n", all_of=rules, samples=samples))
    assert found == ["rule-accepts-sample", "rule-refuses-sample"]


def test_the_tell_may_say_what_is_never_to_be_said_and_a_message_names_the_form_that_stands_there() -> None:
    assert codes(explain(more="  never_say: [source, platform]\n")) == []
    told = remarks(explain(more="  never_say: [timed]\n", hint="What is the time?"))
    assert [(each.code, each.message) for each in told] == [
        ("never-say-said", "this says “time”, and `never_say` has “timed”")
    ]
    assert codes(explain(more='  never_say: ["/timed/"]\n', hint="What is the time?")) == []


def test_a_find_step_may_quote_the_sentence_in_its_question_but_not_the_words_in_a_hint() -> None:
    def find(ask: str, hint: str) -> list[str]:
        step = f"- {{id: a, do: find, at: [p1, p2], ask: '{ask}', targets: [never], decoys: [clerk], why: So.,"
        return codes(f"steps:\n{step} hints: ['{hint}']}}\n")

    assert find('In "The bus will never come back", what is a forecast?', "Which time is it about?") == []
    assert find("Which words tell the future?", "What will never happen?") == []
    assert find("Which words tell the future?", "Why will never come back tell it?") == ["hint-quotes-target"]
    assert find("Which words tell the future?", 'What does "never" say?') == ["hint-quotes-target"]
    assert find('What does "never come" say?', "Which time is it about?") == ["hint-quotes-target"]
    assert find("Which words tell the future?", 'What does "will" do?') == []


def test_an_answer_is_read_without_what_it_quotes() -> None:
    quote = "The night bus stops in May, says town clerk Ines Holm"
    samples = f"{SAMPLES}  - {{answer: '{quote}. That is rude.', verdict: not-yet}}\n"
    assert codes(explain(all_of="[[witness, source, clerk]]", samples=samples)) == []
    samples = f"{SAMPLES}  - {{answer: 'says town clerk Ines Holm. That is rude.', verdict: not-yet}}\n"
    assert codes(explain(all_of="[[witness, source, clerk]]", samples=samples)) == ["rule-accepts-sample"]


def test_a_question_is_read_without_what_it_quotes() -> None:
    asked = "'\"The night bus stops in May, says town clerk Ines Holm.\" What is missing?'"
    assert codes(explain(ask=asked, all_of="[[witness, source, clerk]]")) == []
    assert codes(explain(ask="What does the clerk say?", all_of="[[witness, source, clerk]]")) == [
        "rule-fires-on-question"
    ]


def test_words_of_the_paragraph_that_a_sample_uses_are_an_answer() -> None:
    rules = "[[witness, source, silly]]"
    assert codes(explain(all_of=rules)) == ["rule-fires-on-text"]
    samples = f"{SAMPLES}  - {{answer: just that it is silly, verdict: secure, meets: [witness]}}\n"
    assert codes(explain(all_of=rules, samples=samples)) == []


def test_one_answer_may_hold_a_second_misconception() -> None:
    top = "misconceptions:\n- {id: other, idea: No, reply: Why?, all_of: [[late]]}\n"
    both = f"{watching('Would it be so if I wrote the opposite?')}  - other\n"
    labelled = f"{SAMPLES}  - {{answer: late but true, verdict: not-yet, misconception: other}}\n"
    assert codes(explain(top=top, misconceptions=both, samples=labelled)) == []
    unlabelled = labelled.replace(", misconception: other", "")
    assert codes(explain(top=top, misconceptions=both, samples=unlabelled)) == ["misconception-seen"] * 2


@pytest.mark.parametrize(
    ("labels", "verdict"),
    [
        ("meets: [witness]", "secure"),
        ("meets: [witness], misconception: believes", "partly"),
        ("meets: []", "not-yet"),
        ("misconception: believes", "not-yet"),
        ("meets: [extra]", "partly"),
        ("meets: [witness, extra]", "secure"),
    ],
)
def test_a_verdict_follows_from_what_is_met(labels: str, verdict: str) -> None:
    extra = "  - {id: extra, idea: It tells when, required: false, all_of: [[when]]}\n"
    for said in ("secure", "partly", "not-yet", "off-task"):
        written = explain(
            misconceptions=extra + watching("Would it be so if I wrote the opposite?"),
            samples=f"  - {{answer: so so, verdict: {said}, {labels}}}\n",
        )
        found = codes(written)
        is_empty = labels == "meets: []" and said == "off-task"
        assert ("sample-verdict" in found) is (said != verdict and not is_empty)


def test_the_same_answer_twice_with_the_same_labels_is_let_be() -> None:
    assert codes(explain(samples=f"{SAMPLES}{SAMPLES}")) == []


def test_help_is_for_what_is_required_and_where_there_is_help() -> None:
    bare = "- {id: a, do: explain, at: p2, ask: What is it?, %srubric: [{id: x, idea: It is a bus, all_of: [[tram]]}"
    bare += "%s], samples: [{answer: tram, verdict: secure, meets: [x]}, {answer: car, verdict: not-yet}]}\n"
    optional = ", {id: y, idea: It is late, required: false, all_of: [[later]]}"
    assert codes(f"steps:\n{bare % ('', '')}") == ["ladder-incomplete"]
    assert codes(f"steps:\n{bare % ('assisted: false, ', '')}") == []
    [told, *more] = remarks(f"steps:\n{bare % ('', optional)}")
    assert told.offending == "x"
    assert told.message == "this idea has no hint, prompt and tell"
    assert [each.code for each in more] == ["no-sample-meets"]


def test_a_rewriting_may_keep_part_of_what_it_is_asked_for() -> None:
    rules = "[[never, may]]"
    samples = "  - {answer: It may not come, verdict: secure, meets: [witness]}\n"
    samples += "  - {answer: It is gone, verdict: not-yet}\n"
    given = {"do": "rewrite", "all_of": rules, "samples": samples, "ask": "Which words may never stay?"}
    assert codes(explain(more="  source: never\n", **given)) == ["rule-fires-on-source"]
    assert codes(explain(more="  source: never\n  must_drop: [never]\n", **given)) == []
    assert codes(explain(more="  source: never\n  must_keep: [it]\n", **given)) == []


def test_a_secure_sample_has_nothing_that_is_to_be_dropped() -> None:
    samples = "  - {answer: It may never come, verdict: secure, meets: [witness]}\n"
    samples += "  - {answer: It is gone, verdict: not-yet}\n"
    more = "  source: never\n  must_drop: [never]\n"
    [found] = remarks(explain(do="rewrite", all_of="[[may]]", samples=samples, ask="Say it anew.", more=more))
    assert found.code == "sample-turned-back"
    assert found.message == "this secure answer still has “never”, which is to be dropped"


def test_a_rule_with_nothing_to_refuse_can_be_met() -> None:
    assert codes(explain(all_of="[[witness, source]]\n    none_of: [witness]")) == ["rule-refuses-sample"]
