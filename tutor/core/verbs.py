"""Whether words of an English answer say something or only name things: is one of them a verb?

Two lists of everyday verbs. The words of the first are verbs nearly wherever they stand. Those of the second are nouns
as often ("link", "report", "shows"): of them only forms and places count that a noun seldom has. A list of words is
made of nouns, so a noun taken for a verb lets it pass, and a verb overlooked only costs one more question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.core.words import stem, stems

# Forms, as they are written; misspelt ones and those without their apostrophe too.
_FORMS = frozenset(
    """am are be been being can could did do does doing done get gets getting got gotten had has have having is made
    make makes making may might must said say says saying shall should was were will would gonna gotta wanna lets
    ate became began begun bent bit bitten blew blown bought broke broken brought built came caught chose chosen
    cost dealt drank drawn drew drove driven dug eaten fallen fed fell felt flew flown forgot forgotten fought found
    froze gave given goes gone grew grown heard held hid hidden hung kept knew known laid lain lent lied lost meant
    met mistook misunderstood overheard paid proven quit ran rang ridden risen rode rose sang sank sat saw seen sent
    shaken shook shown slept slid sold sought spent spoke spoken spun starts stole stolen stood struck stuck sung
    swam swept swore sworn taken taught thought threw thrown told took tore torn tried understood undertook went
    wept withdrew woke won wore works worn written wrote cannot aint arent cant couldnt couldve didnt doesnt dont
    hadnt hasnt havent heres hes im isnt its ive mustnt mustve shes shouldnt shouldve thats theres theyd theyll
    theyre theyve wasnt werent weve whats wheres whos wont wouldnt wouldve youd youll youre youve ar beleive
    beleives beleived belive belives cud desides dident didn doesent doesn dosent dosnt dosn havn hav hase isn kno
    knos knoes lern lerns ment nos os sais sayd saied sayes sed ses sez shoud shuld shud sugests thinck thincks
    thinkd thnk thik thot thougt thougth thaught tels toled tryed trys understod wan wana wasn wernt weren woud wud
    wuld writen writ wrot wrighted writed wen whent""".split()
)
# By stem, whatever their ending.
_VERB_WORDS = frozenset(
    """accept accuse achieve add admit admire affect afford agree allow analyse announce appear apply apologise
    appoint approve argue arrange arrest arrive ask assume attach attend avoid become beg begin behave believe
    belong borrow bother bring buy call carry catch celebrate choose collect come communicate compare complain
    complete concentrate conclude confirm confuse connect consider consist contain continue contradict convince
    cooperate correct create criticise decide declare decrease defend define deliver deny depend derive describe
    deserve destroy detect determine develop die differ disagree disappear discover discuss dislike distract
    distribute divide eat edit emphasise enable encourage enjoy ensure enter establish evaluate exaggerate
    examine exclude exist expect explain express fall feel fill find follow forbid forget forgive gather
    generalise give go grow hang happen hear hide hold identify ignore imagine imply improve include indicate
    inform inspect insist install insult intend interpret introduce invent investigate invite involve join keep
    kill know lead learn leave lend let listen lose manage manipulate marry matter mean mention miss mislead
    misunderstand need observe occur offend offer omit overlook owe participate pay perform persuade pretend
    prefer prepare prevent proceed protect prove provide publish put react read realise recall receive recognise
    recommend reduce refer refuse regard reject relate rely remain remember remind remove repeat replace reply
    represent require resolve respond reveal save scare see seek seem select sell send serve settle show sit
    solve speak spend stand stay steal strengthen submit succeed suffer suggest suppose survive take teach tell
    tend think throw tolerate translate understand unite verify want warn waste wear weigh wish wonder
    write""".split()
)
_VERBS = frozenset(stems(_VERB_WORDS))
_NO_VERB = re.compile(r"(?:ly|able|ive|(?:a|e)nts?|(?:a|e)nces?|ments?|ions?|[eo]rs?)$")  # "comparable", "participants"
# By stem; as nouns they stand in any list.
_NOUNS_TOO = frozenset(
    stems(
        """act advertise aim answer attack back balance ban base beat benefit blame block boast boil boost break burn
        care cause challenge change charge cheat check claim clean clear close comment compete concern contact
        contrast control cook copy count cover crop cross cut cycle damage delay demand design display double doubt
        draw dress drink drive drop end escape estimate exercise experience face fail fear feed fight fit fix fly
        focus force form freeze fund guess harm hate heat help hit hope hurt increase influence interest interview
        jog joke judge jump kick laugh leak left light limit link list live look love mark measure mix move name
        note open oppose order own pass perceive photograph pick place plan play point practise praise predict
        present press print produce profit promise promote prompt protest pull push question quote raise rank rate
        reach reason record repair report request research rest result return review rise risk run scale score
        search share shorten shop shout shut sign sit skip sleep smile smoke sneeze snuff sort sound source split
        spread stamp start state step stick stop store stress stretch study sum support surprise surround suspect
        swap swim switch talk taste tell test thank tick time total touch trace track train travel treat trick trust
        turn use value view visit vote wait walk wash watch welcome win witness work worry zoom""".split()
    )
)
_SUBJECTS = frozenset("i you we they who which there nobody everybody someone anyone to".split())
_ONE = frozenset("he she it".split())  # with an ending: lists are joined by "it" as well
_BETWEEN = frozenset("also always just never not often only really still".split())
_OBJECTS = frozenset("a an her him his how it me that the their them this us what whether why you".split())
_PARTICLES = frozenset("about away back like off out up".split())
_NO_PAST = frozenset("bed bleed breed exceed feed hundred indeed need proceed red seed shed speed weed".split())
_SHORT_FORMS = ("n't", "'re", "'m", "'ve", "'ll", "'d")
_IS = frozenset("he's here's how's it's she's that's there's what's where's who's let's".split())


def has_verb(words: Sequence[str]) -> bool:
    """Whether one of these folded words of an English text, in their order, works as a verb as far as one can see."""
    return any(_is_verb(word) or _works_as_verb(words, at) for at, word in enumerate(words))


def _is_verb(word: str) -> bool:
    if word in _FORMS or word in _IS or word.endswith(_SHORT_FORMS):
        return True
    if stem(word) in _VERBS and (word.removesuffix("s") in _VERB_WORDS or not _NO_VERB.search(word)):
        return True
    return len(word) > len("used") and word.endswith("ed") and word not in _NO_PAST


def _works_as_verb(words: Sequence[str], at: int) -> bool:
    """Whether a word that is a noun as often has a verb's ending or stands where a verb stands."""
    word = words[at]
    if stem(word) not in _NOUNS_TOO:
        return False
    before = [each for each in words[max(0, at - 2) : at] if each not in _BETWEEN]
    after = words[at + 1] if at + 1 < len(words) else ""
    if word.endswith(("ing", "ed")) or after in _PARTICLES or not _SUBJECTS.isdisjoint(before[-1:]):
        return True
    return word.endswith("s") and (after in _OBJECTS or not _ONE.isdisjoint(before[-1:]))
