"""Words of distress are recognised, and honest sentences about grim news are not taken for them; all are made up."""

from __future__ import annotations

import pytest

from tests.core.small import real_parts
from tutor.core.listening import is_distress, is_wary

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


@pytest.mark.parametrize("text", DISCLOSURES)
def test_words_of_distress_are_recognised(text: str) -> None:
    assert is_distress(text, LISTENING)
    assert is_distress(f"  {text.upper()}!! ", LISTENING)
    assert is_distress(f"It is a forecast.\n{text.replace(chr(39), '’')}", LISTENING)


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_answer_about_grim_news_is_not_distress(text: str) -> None:
    assert not is_distress(text, LISTENING)


@pytest.mark.parametrize("text", [text for text in DISCLOSURES if is_distress(text, LISTENING)])
def test_a_draft_is_held_back_before_it_has_become_distress(text: str) -> None:
    """The half-typed text is put on disk every other second: one that stops a letter short must not be."""
    assert is_wary(text, LISTENING)
    assert is_wary(text[:-1], LISTENING)
