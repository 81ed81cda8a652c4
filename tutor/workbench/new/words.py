"""The words by which marks are suggested. English, but for the stop words, by which other languages are told apart.

A list is meant to be right where it strikes, not to be complete: a suggestion that is off costs a teacher more than one
that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

NEUTRAL_CUES = frozenset(
    """said says say stated states told tells tell added adds wrote writes reported reports announced announces
    explained explains noted notes confirmed confirms found finds shows showed recalled recalls replied replies
    asked asks counted""".split()
)
"""Verbs that pass on what somebody said and do not judge it."""
COLOURED_CUES = frozenset(
    """claimed claims claim insisted insists insist warned warns warn argued argues argue admitted admits boasted
    boasts vowed vows promised promises complained complains complain joked suggested suggests believes believe thinks
    think denied denies demanded demands accused accuses""".split()
)
"""Verbs that pass it on and colour it: they may be right, and a reader should notice them."""
ONLY_BEFORE_THAT = frozenset(
    """found finds shows showed recalled counted noted notes suggests suggested believes believe think thinks promised
    promises asked asks tell claim denied denies demanded demands reports notes
    claims""".split()
)
"""Cues that mean something else as often: they count before `that` or beside a quotation only."""

VAGUE = frozenset(
    """experts critics sources insiders observers analysts some many people others several most everyone everybody
    officials scientists researchers doctors studies research reports rumours friends locals somebody someone""".split()
)
"""Who is nobody in particular."""
DOCUMENTS = frozenset(
    """study studies report survey poll website site list letter plan law figures data statement paper record records
    census minutes log document review register notice release page timetable sign
    statistics budget contract leaflet label""".split()
)
"""What is written and speaks for somebody."""
PEOPLE = VAGUE | frozenset(
    """police residents parents pupils students teachers neighbours passengers campaigners organisers protesters
    workers farmers drivers owners visitors customers inspectors engineers councillors ministers lawyers firefighters
    witnesses volunteers players fans nurses patients""".split()
)
PRONOUNS = frozenset("he she they it i we you who which that this these those there what nobody one".split())
DETERMINERS = frozenset("a an the its his her their our my one two three four five another every each".split())

HEDGES: Mapping[str, str] = {
    "may": "forecast", "might": "forecast", "could": "forecast", "likely": "forecast", "perhaps": "judgement",
    "possibly": "judgement", "probably": "judgement", "seems": "judgement", "seem": "judgement",
    "seemed": "judgement", "appears": "judgement", "apparently": "judgement",
}  # fmt: skip
"""Careful words, and the kind of statement that they mostly stand in."""
AFTER_NO_HEDGE = frozenset("not see hear feel read only have afford barely hardly".split())
"""What follows a `could` about the past, which is no careful word."""

CERTAINTY: Mapping[str, str] = {
    "of course": "conversation-killer", "the truth is": "conversation-killer", "the fact is": "conversation-killer",
    "needless to say": "conversation-killer", "everybody knows": "appeal-to-popularity",
    "everyone knows": "appeal-to-popularity", "everybody agrees": "appeal-to-popularity",
    "everyone agrees": "appeal-to-popularity", "as we all know": "appeal-to-popularity",
    "there is no doubt": "", "without a doubt": "", "without doubt": "", "no doubt": "", "undoubtedly": "",
    "certainly": "", "obviously": "", "clearly": "", "definitely": "", "surely": "", "it is clear that": "",
    "this proves": "", "sure to": "", "scientifically proven": "", "proven": "", "guaranteed": "", "100 % safe": "",
    "always": "exaggeration-minimisation", "never": "exaggeration-minimisation",
    "nobody": "exaggeration-minimisation", "no one": "exaggeration-minimisation",
    "everybody": "exaggeration-minimisation", "everyone": "exaggeration-minimisation",
    "not a single": "exaggeration-minimisation", "in the world": "exaggeration-minimisation",
    "of all time": "exaggeration-minimisation",
}  # fmt: skip
"""Words that leave no room for doubt, with the technique that they mostly serve, or ""."""
WHOLE_CLAUSE = frozenset(
    (
        "always", "never", "nobody", "everybody", "everyone", "proven", "guaranteed", "no one", "not a single",
        "in the world", "of all time", "everybody knows", "everyone knows", "this proves", "everybody agrees",
        "everyone agrees", "scientifically proven", "sure to",
    )
)  # fmt: skip
"""Those that say little without the words around them."""
OPENS_CLAUSE = frozenset(
    (
        "of course", "the truth is", "the fact is", "needless to say", "as we all know", "there is no doubt",
        "without a doubt", "without doubt", "no doubt",
    )
)  # fmt: skip
"""Those that say nothing at all without the clause that they open."""
MILDER: Mapping[str, tuple[str, ...]] = {
    "always": ("often", "usually", "mostly"),
    "never": ("seldom", "rarely", "hardly ever"),
    "certainly": ("perhaps", "possibly", "probably"),
    "definitely": ("perhaps", "possibly", "probably"),
    "surely": ("perhaps", "possibly", "probably"),
}
"""What one could write in their place, and what then claims less."""
SURER: Mapping[str, str] = {
    "always": "at all times",
    "never": "at no time",
    "certainly": "without fail",
    "definitely": "without fail",
    "surely": "without fail",
}
"""... and what claims as much in other words."""

UNITS = """people pupils students children men women adults patients visitors passengers votes homes houses jobs cars
buses trees cases complaints names signatures years months weeks days hours minutes seconds kilometres kilometers km
miles metres meters m kg kilos tonnes tons grams litres degrees pounds euros dollars times schools shops members
responses cyclists vehicles calls visits books""".split()

LOADED = frozenset(
    """outrageous disgraceful shameful shocking appalling disastrous catastrophic ridiculous absurd stupid silly
    idiotic insane crazy pathetic disgusting horrific horrifying terrifying nightmare chaos scandalous heartless cruel
    brutal ruthless vicious greedy crooked evil wicked sinister radical extremist fanatic thug mob horde regime puppet
    crony elite slam blast hysterical sham farce mockery disgrace betrayal betray plunder useless worthless hopeless
    foolish reckless irresponsible arrogant spineless cowardly lazy miserable dreadful awful terrible horrible nasty
    ugly amazing incredible unbelievable stunning miraculous miracle revolutionary groundbreaking unrivalled unbeatable
    heroic glorious beloved magnificent brilliant wonderful fantastic perfect breathtaking legendary iconic snuff rip
    cram dump squander fiasco madness nonsense monstrous barbaric savage bully monster traitor outrage folly bogus
    dodgy shambles eyesore grim delightful superb exceptional thrilled thrilling irresistible effortless luxurious
    sensational spectacular bureaucrat snob crackpot witch-hunt rip-off so-called world-class game-changing
    cutting-edge state-of-the-art life-changing must-have money-grabbing""".split()
)
"""Words that judge. They are matched by their stem, so that slams and slammed are seen, too."""
NOT_LOADED = frozenset("wonder wonders wondered wondering exception exceptions ripe".split())
"""Words of the same stems that do not judge."""
STRONGER = frozenset("very so really utterly truly absolutely totally completely simply such quite".split())

STOP_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset("the and of to is was that for with on are this it be have not they which from you".split()),
    "de": frozenset(
        "der die und das ist nicht ein eine den dem mit von auf sich auch wird dass für werden wir".split()
    ),
    "fr": frozenset("le la les et des est une dans pour que qui pas sur avec du ce sont il elle aux".split()),
    "es": frozenset("el la los las y que de del una por con para es no se lo como más pero su".split()),
    "it": frozenset("il di che e la un una per non sono con del della gli è si le da anche nel".split()),
    "nl": frozenset("de het een en van is dat niet op te zijn met voor die er aan ook maar om wordt".split()),
    "pt": frozenset("o os as que e do da em um uma não para com é por mais dos se como foi".split()),
    "sv": frozenset("och att det som en är av för den till inte med på har ett om jag de men var".split()),
    "pl": frozenset("i w na nie się z to jest że do jak o po dla od przez co ale są przy".split()),
    "tr": frozenset("ve bir bu için de da ile çok olarak daha ne gibi olan en kadar sonra ama değil".split()),
}
"""The commonest words of some languages."""
