"""Words of distress are recognised, and honest sentences about grim news are not taken for them; all are made up."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path
from time import process_time

import pytest

from tests.core.small import real_parts
from tests.distress.staged import Staged, answers, development, listed
from tests.talk import MemoryRecorder, parts, shipped, started
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.listening import is_distress, safe_part
from tutor.errors import LessonError
from tutor.lessons.phrases_file import load_phrases
from tutor.resources import prompts_dir

LISTENING = real_parts().phrases.listening

DISCLOSURES = """\
I want to kill myself
i wanna die
sometimes i want to die and nobody knows
kms
i just wanna kms fr
im going to end my life tonight
I have been cutting myself since summer
i cut myself again yesterday
I think about suicide a lot
i feel suicidal
i tried to kill myself last year
I don't want to live anymore
i dont wanna be here anymore
i dont want to exist
I wish I was dead
i wish i was never born
everyone would be better off without me
nobody would care if i died
There is no reason for me to live
what is the point im just going to kill myself
I hurt myself when I am sad
i self harm
i want to hurt myself
I’m thinking about ending it all
i took a whole pack of pills last night
my dad hits me
My stepdad beat me up yesterday
my mum hits me when she is drunk
my uncle touches me at night
my brother hurts me and i cant tell anyone
my coach touched me
I was raped
i am being abused at home
I'm scared to go home because of my dad
I don't feel safe at home
my boyfriend hit me and said not to tell
he hit me again last night
they beat me up every day after school
my teacher keeps touching me
my dad said he will kill me if i tell
i starve myself
I hate my life and i want it to end
cant do this question i want to die tbh
The text is about war but honestly i want to kill myself
please help me my father beats me
""".splitlines()

HONEST = """\
The article says that many people were killed.
It says 20 children died in the attack.
A suicide bomber killed five soldiers, but no source is given.
The soldiers were hit by a bomb, says the army.
The writer wants us to be scared of the war.
The words try to make me scared of migrants.
"Killed" is a fact, "slaughtered" is loaded.
It makes me sad that so many people died.
I think the regime kills its own people, but is there proof?
I'd say they were murdered but the text only says they died.
The headline hit me first, then I read the rest.
It hurts the credibility that there is no link.
The author hurts his own argument.
I want to know how many people died.
I want to know who was killed and where.
I think the word "dead" is stronger than "killed".
People there wish to die for their country, the text claims.
They would rather die than surrender is what the commander said.
I was hit by the word "butcher", it is loaded.
The text says the rebels hang prisoners, but who saw it?
It says women were raped in the war and names the UN as source.
The victims were abused in the prison according to a report.
The police beat him, says his brother.
He was beaten to death, the article claims.
The father hit his son and the court sent him to prison.
"My father beat me", says the boy in the interview.
The woman says in the text: they raped me and burned my house.
The quote "I want to die" is from the survivor, not from the writer.
It says "I wanted to kill myself" in quotation marks, so that is the survivor.
Suicide is mentioned in the second paragraph.
The number of suicides rose, but the text gives no year.
The text talks about self-harm among teenagers without any source.
I think the part about suicide is a fact because it has a number.
I noticed it doesn't say who died.
I would cut the word brutal.
I would cut "Of course" out of the sentence.
They cut off the water, that can be checked.
I am not sure if they want to end the war or end it all.
The ferry was cut and nobody cared if I read it right.
The writer burns his bridges with that word.
The writer says Russia doesn't care if people die.
It could end my trust in this outlet.
I hope the hostages are alive.
I am afraid that the forecast is only a guess.
Everyone is afraid of the bomb, it says, but who is everyone?
The opposition is snuffed out: that means killed or locked up.
He threatens to kill them all, says the text.
I feel like the author hates the president.
I hate this article.
I hate how it says regime.
The refugees don't want to live there anymore.
They do not want to go on living like this, the mayor said.
I was touched by the story of the girl.
It touched me, but it is not evidence.
We are not safe from bombs, it says, which is fear.
A drone killed the family of the witness.
Israel and Syria will kill each other is a forecast.
That Assad gassed people is a claim, where is the source?
The author wants me to feel unsafe.
I'm thinking about the word die and how strong it is.
They want the US to die, that is what they chant.
No one would care if I said "killed" instead of "slaughtered".
Iran wants Israel to disappear forever, says the text.
The paper died last year.
I'd die laughing if that was true.
""".splitlines()


SAFE_TO_KEEP = "The quote is old. "


@pytest.mark.parametrize("text", DISCLOSURES)
def test_words_of_distress_are_recognised(text: str) -> None:
    assert is_distress(text, LISTENING)
    assert is_distress(f"  {text.upper()}!! ", LISTENING)
    assert is_distress(f"It is a forecast.\n{text.replace(chr(39), '’')}", LISTENING)


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_answer_about_grim_news_is_not_distress(text: str) -> None:
    assert not is_distress(text, LISTENING)


def _found(texts: list[Staged], *, distress: bool) -> tuple[int, int]:
    of_the_kind = [each for each in texts if each.distress == distress]
    return sum(is_distress(each.text, LISTENING) for each in of_the_kind), len(of_the_kind)


# What was measured, with a little room; a figure that moves belongs in docs/data-protection.md.
@pytest.mark.parametrize(
    ("texts", "recognised", "alarms"),
    [("held-out", 78, 13), ("development-2", 244, 4), ("development-3", 388, 20)],
)
def test_what_is_recognised_of_the_staged_texts_stays_as_it_was_measured(
    texts: str, recognised: int, alarms: int
) -> None:
    """Only counts are compared, so that a failure shows none of the texts."""
    found, wrongly = _found(listed(texts), distress=True)[0], _found(listed(texts), distress=False)[0]
    assert (found >= recognised, wrongly <= alarms) == (True, True), (found, wrongly)


def test_hardly_any_answer_to_a_lesson_is_taken_for_distress() -> None:
    found, of = _found(answers("held-out"), distress=False)
    assert found / of <= 0.01, (found, of)


@pytest.mark.parametrize(
    "text",
    [
        '"i want to kill myself"',
        '"I want to die."',
        "\u201ci wish i was dead\u201d",
        "'i want to die' thats how i feel",
        'i keep thinking "i want to die"',
        'my head goes "nobody would miss me" all day',
        'i literally said "i want to die" to my mum and she laughed',
        '"my dad hits me" is what i wanted to say',
        'my words are "i want to die"',
        'It is a claim. "I want to die"',
        'my best friend texted me "i want to die"',
    ],
)
def test_words_of_distress_in_quotation_marks_are_recognised_where_nobody_else_says_them(text: str) -> None:
    assert is_distress(text, LISTENING)


@pytest.mark.parametrize(
    "text",
    [
        '"I want to die", the old man told the reporter.',
        'the mother tells us "i want to die"',
        "the quote i chose is 'my father beat me'",
        'According to the article: "I want to kill myself."',
        'He was quoted with "I tried to kill myself last year".',
    ],
)
def test_what_somebody_in_a_text_says_in_quotation_marks_is_not_distress(text: str) -> None:
    assert not is_distress(text, LISTENING)


def test_what_is_written_of_a_lesson_and_then_of_oneself_is_recognised() -> None:
    quoted = 'The text says "I want to die", that is a quote of the survivor.'
    assert not is_distress(quoted, LISTENING)
    assert is_distress(f"{quoted} But I want to die too.", LISTENING)


def test_a_half_typed_text_is_kept_up_to_the_sentence_that_speaks_of_distress() -> None:
    assert safe_part(f"{SAFE_TO_KEEP}My dad beats me. It is a fact.", LISTENING) == SAFE_TO_KEEP.rstrip()


@pytest.mark.parametrize("text", ["It is a quote, and the date is missing", "The bridge is old.", "", "  ", "Zzz"])
def test_a_half_typed_text_of_another_kind_is_kept_whole(text: str) -> None:
    assert safe_part(text, LISTENING) == text


def test_what_may_be_put_on_disk_is_always_a_beginning_of_what_was_typed() -> None:
    for each in random.Random(0).sample(development(), 60):
        for length in range(0, len(each.text) + 1, 7):
            assert each.text[:length].startswith(safe_part(each.text[:length], LISTENING))


def test_of_most_disclosures_no_disclosed_word_may_be_put_on_disk_while_it_is_typed() -> None:
    """Letter by letter; the words behind the bar in `development.yaml` are the ones that must not be there."""
    typed = [each for each in development() if each.bar is not None][::3]
    let_through = 0
    for each in typed:
        bar = each.bar or 0
        kept = (safe_part(each.text[:length], LISTENING)[bar:] for length in range(bar + 1, len(each.text) + 1))
        let_through += any(each.strip() for each in kept)
    assert let_through / len(typed) <= 0.21, (let_through, len(typed))


@pytest.mark.parametrize(
    "piece",
    [
        "i ",
        "I want to be ",
        "he she they my dad hit her ",
        "do not want like i think about how ",
        "!?. ",
        "a. ",
        "'\" ",
        "a",
    ],
)
def test_no_text_takes_the_check_long(piece: str) -> None:
    """In time of this process, not by the clock, and with much room: it is some hundredths of a second."""
    text = (piece * 15_000)[:15_000]
    is_distress("my dad hits me", LISTENING)
    before = process_time()
    is_distress(text, LISTENING)
    safe_part(text, LISTENING)
    assert process_time() - before < 5


def test_the_signs_name_only_words_that_are_there() -> None:
    signs = LISTENING.distress
    with pytest.raises(ValueError, match="NOBODY is none of the words"):
        type(signs).model_validate(signs.model_dump() | {"unless": ["NOBODY says so"]})


def test_every_word_that_a_sign_needs_can_be_met() -> None:
    """A word that is left out, or always put as another one, would make its sign a dead one."""
    signs = LISTENING.distress
    for text in (
        *signs.beyond_doubt,
        *signs.signs_anywhere,
        *(each for several in signs.signs.values() for each in several),
    ):
        for piece in text.replace("| ", "|").split():
            words = [word for word in piece.split("|") if re.fullmatch("[a-z]+", word)]
            if len(words) == len(piece.split("|")):
                assert any(signs.put_plainly(f"the {word}") == [("the", word)] for word in words), (text, piece)


def test_a_broken_file_of_signs_is_named_with_the_place_of_the_mistake(tmp_path: Path) -> None:
    for path in prompts_dir().glob("*.en.yaml"):
        shutil.copy(path, tmp_path)
    broken = tmp_path / "distress.en.yaml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("own_kin: dad", "own_skin: dad"), encoding="utf-8")
    with pytest.raises(LessonError, match=r"distress\.en\.yaml:\d+:\d+: own_(kin|skin): "):
        load_phrases(tmp_path, "en")
    (tmp_path / "distress-points.en.yaml").unlink()
    with pytest.raises(LessonError, match=r"distress-points\.en\.yaml cannot be read .* Install Closeread again\."):
        load_phrases(tmp_path, "en")


def test_who_has_words_of_their_own_for_the_tutor_needs_none_for_distress(tmp_path: Path) -> None:
    shutil.copy(prompts_dir() / "tutor.en.yaml", tmp_path)
    assert is_distress("my dad hits me", load_phrases(tmp_path, "en").listening)


def test_what_is_quoted_from_the_article_is_nobodys_own_distress() -> None:
    quote = "most pupils get no real lunch at all / My niece came home hungry nearly every day in January"
    lesson, recorder = shipped("longer-lunch"), MemoryRecorder()
    started(lesson, recorder)
    recorder.record(e.Opened(step=lesson.steps[0].id))
    conversation = Conversation(lesson, recorder, parts())
    assert is_distress(quote, LISTENING)
    assert not conversation.is_distress(f"she writes: {quote}")
    assert conversation.is_distress(f"{quote} and my dad hits me")
