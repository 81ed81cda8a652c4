"""Every mistake that the loader knows is found, at its line and column, alone, and with help."""

import pytest

from tests.lessons.written import EVERY_FIELD, mistakes_in, read, spoilt

OPTIONS = """\
  - {text: Ada Lund, correct: true, why: Yes.}
  - {text: Nobody, why: Read the end again., misconception: all-lies}"""

SHAPE = [
    ("goal: See", "§gaol: See", "a lesson has no such field", 'Did you mean "goal"?'),
    ("title: The ferry\n", "title: The ferry\n§zzz: 1\n", "a lesson has no such field", "Its fields: tutor, title"),
    ("A Teacher]", "§{name: A Teacher}]", "text is expected here, but something with fields stands here", ""),
    (
        "  hints: [It is one word.]",
        "  §rubric: [a]",
        "a `find` step has no such field",
        "It belongs to an `explain` step",
    ),
    ("why: Read the end again.,", "why: Read the end, §and again.,", "an option has no such field", "holds a comma"),
    ("  note: A verdict.", "  §not: A verdict.", "a mark has no such field", 'Did you mean "note"?'),
    ("via: nobody", "§who: nobody", "an attribution has no such field", ""),
    ("{id: last, do", "§{do", "a `find` step needs the field `id`", ""),
    ("- id: words\n  do: find\n", "- §id: words\n", "a step needs the field `do`", "Allowed: choose, find"),
    ("do: find\n  part", "do: §fnid\n  part", "this is nothing that a step can do", 'Did you mean "find"?'),
    ("do: find\n  part", "do: §[find]\n  part", "this is nothing that a step can do", "Allowed: choose"),
    ("ages: [12, 14]", "ages: §[12]", "two are expected here", "[12, 16]"),
    ("ages: [12, 14]", "ages: §[12, 13, 14]", "at most 2 are expected here", ""),
    ("ages: [12, 14]", "ages: §[14, 12]", "the first age is above the second", "Write [12, 14]."),
    ("minutes: 20", "minutes: §020", "expected a whole number", ""),
    ("minutes: 20", "minutes: §1:30", "expected a whole number", ""),
    ("minutes: 20", "minutes: §-5", "expected a whole number", ""),
    ("minutes: 20", "minutes: §0x1F", "expected a whole number", ""),
    ("confidence: true", "confidence: §yes", "expected true or false", 'Did you mean "true"?'),
    ("confidence: true", "confidence: §True", "expected true or false", 'Did you mean "true"?'),
    (
        "text: Ada Lund, correct: true",
        "text: Ada Lund, correct: §yes",
        "expected true or false",
        'Did you mean "true"?',
    ),
    ("contested: true", "contested: §maybe", "expected true or false", ""),
    (
        "kind: forecast",
        "kind: §forcast",
        "this word is not known here",
        'Did you mean "forecast"? Allowed: fact, report',
    ),
    ("also: [judgement]", "also: [§judgment]", "this word is not known here", 'Did you mean "judgement"?'),
    ('status: "true"', "status: §right", "this word is not known here", "Allowed: true, false, misleading"),
    ("quality: decoy", "quality: §bad", "this word is not known here", "Allowed: primary, strong, weak, decoy."),
    ("verdict: not-yet", "verdict: §not yet", "this word is not known here", 'Did you mean "not-yet"?'),
    ("judge: rules", "judge: §rule", "this word is not known here", 'Did you mean "rules"?'),
    ("goal: See who says what.", "goal:§", "this is empty", ""),
    ("at: p2\n  quote: will", "at: §[p2]\n  quote: will", "text is expected here, but a list stands here", ""),
    ("goal: See who says what.", "goal: §[See]", "text is expected here, but a list stands here", "as in goal: See."),
    ("goal: See who says what.", "goal:§ #1 See", "this is empty", 'Put the text in "quotes".'),
    (
        "not-yet, misconception: all-lies",
        "not-yet, misconception: §[all-lies]",
        "text is expected here",
        "Write one id, as in misconception: all-lies.",
    ),
    (
        "neutral_on: [who should run it]",
        "neutral_on: §who",
        "a list is expected here, but text stands here",
        "[one, two]",
    ),
    ("  quay: Where ships tie up.", "  quay: §[a]", "text is expected here, but a list stands here", ""),
    ("\n  quay: Where ships tie up.", " §a list", "fields are expected here, but text stands here", "name: text"),
    ("all_of: [[lies, fake, made up]]", "all_of: [§lies]", "a list is expected here", "[[one, two], [three]]"),
    ("all_of: [[decides]]", "none_of: [[decides], §no]", "a list is expected here", "[[one, two], [three]]"),
    ("all_of: [[decides]]", 'none_of: [a, §""]', "this is empty", ""),
    ("all_of: [[decides]]", "all_of: [§[]]", "at least 1 is expected here", ""),
    ("tries: 2", "tries: §0", "this must be 1 or more", ""),
    ("tries: 2", "tries: §11", "this must be 10 or less", ""),
    ("- id: anew", "- id: §-anew", "this cannot be an id", "Letters, digits"),
    ("id: ferry", f"id: §{'f' * 81}", "this is longer than 80 characters", ""),
    (OPTIONS, OPTIONS.partition("\n")[0].replace("- {", "§- {"), "at least 2 are expected here", ""),
    (
        "  rubric: [It was one crown]",
        "  rubric: [§[It was one crown]]",
        "a criterion with its fields is expected here",
        "",
    ),
    ("  - {id: she-decides,", "  - §{", "a misconception needs the field `id`", ""),
]


NAMES = [
    (
        "  at: p1\n  quote: a stupid",
        "  at: §p3\n  quote: a stupid",
        "the article has no such block",
        "title, h1, p1 to p2.",
    ),
    ("at: [p1, title]", "at: [p1, §head]", "the article has no such block", "title, h1, p1 to p2."),
    (
        "id: last, do: find, at: p1",
        "id: last, do: find, at: §p2",
        "the exit ticket has no such block",
        "title, h1, p1.",
    ),
    ("quote: will never return", "quote: §Ada Lund", "these words do not stand in p2", "They stand in p1."),
    (
        "quote: will never return",
        "quote: §will newer return",
        "these words do not",
        'The text has "will never return.".',
    ),
    ("quote: a stupid plan", "quote: §A stupid plan", "these words do not", 'The text has "a stupid plan,".'),
    ("quote: a stupid plan", "quote: §green cheese", "these words do not", "the very words"),
    ("quote: will never return", 'quote: §" "', "this is empty", "Write something"),
    ("quote: will never return", "quote: §eve", "these words do not stand in p2", ""),
    ("quote: will never return", "quote: §The ferry", "these words stand in p2 twice", "occurrence: 1 to 2"),
    ("must_keep: [ferry]", "must_keep: [§/(/]", "this /regex/ does not work", ""),
    ("must_drop: [never]", "must_drop: [§...]", "a rule needs at least one word", ""),
    ("must_drop: [never]", "must_drop: [§ferry]", "these words are to be kept and to be dropped", ""),
    (
        "rubric: [It says may or might]",
        "rubric: §[{id: m, idea: It says may, required: false}]",
        "no criterion is required",
        "",
    ),
    ("occurrence: 2", "occurrence: §3", "these words stand in p2 twice", "count from 1"),
    ("occurrence: 2", "occurrence: §0", "these words stand in p2 twice", "count from 1"),
    (
        "headings: [What now?]",
        "headings: [What now?, §What then?]",
        "no line of the article",
        'Did you mean "What now?"?',
    ),
    ("headings: [What now?]", "headings: [What now?, §The ferry was]", "no line of the article", ""),
    ("- id: never\n", "- {id: §stupid, at: p1, quote: May}\n- id: never\n", "this id is taken", "line"),
    ("id: anew", "id: §why", "this id is taken", "line"),
    ("id: last", "id: §anew", "this id is taken", "line"),
    ("- id: post\n", "- {id: §prices, title: A, body: B}\n- id: post\n", "this id is taken", "line"),
    ("id: role", "id: §named", "this id is taken", "line"),
    ("  - It gives no link\n", "  - It gives no link\n  - {id: §idea-3, idea: a}\n", "this id is taken", "line"),
    ("{id: she-decides,", "{id: §all-lies,", "this id is taken", "line"),
    ("  marks: [says]", "  marks: [§say]", "no mark has this name", 'Did you mean "says"?'),
    ("  marks: [says]", "  marks: [§bo]", "the article has no such mark", "It is a mark of the exit ticket."),
    ("targets: [bo]", "targets: [§says]", "the exit ticket has no such mark", "It is a mark of the article."),
    ("source: never", "source: §nevre", "no mark has this name", 'Did you mean "never"?'),
    ("source: never", "source: §nevre", "no mark has this name", "If you deleted the mark, take it out of the step"),
    (
        "techniques: [loaded-language]",
        "techniques: [§loaded-langage]",
        "no persuasion technique has",
        '"loaded-language"?',
    ),
    ("form: indirect-speech", "form: §indirect", "no form of attribution has", 'Did you mean "indirect-speech"?'),
    ("fact: price", "fact: §prize", "no fact has this name", 'Did you mean "price"?'),
    (
        "skills: [attribution.source]",
        "skills: [§atribution.source]",
        "no skill has",
        'Did you mean "attribution.source"?',
    ),
    ("CCSS.RI.8.6,", "§ccss ri 8.6,", "this standard is written otherwise", 'Did you mean "CCSS.RI.8.6"?'),
    ("stuck: why", "stuck: §wy", "no step has this name", 'Did you mean "why"?'),
    ("stuck: why", "stuck: §last", "do not lead into each other", ""),
    ("misconception: all-lies}\n  hints", "misconception: §all-lie}\n  hints", "no misconception has", '"all-lies"?'),
    ("  - all-lies", "  - all-lies\n  - §all-lie", "no misconception has this name", 'Did you mean "all-lies"?'),
    ("meets: [named, idea-3]", "meets: [named, §idea-4]", "no criterion of this step has", 'Did you mean "idea-3"?'),
    ("misconception: all-lies}\n- id", "misconception: §all-lis}\n- id", "no misconception has", '"all-lies"?'),
    ("cards: [prices, post]", "cards: [prices, §posts]", "no source has this name", 'Did you mean "post"?'),
    ("cards: [prices, post]", "cards: [prices, post, §prices]", "this card is named twice", "line"),
    ("best: [prices]", "best: [§price]", "no card of this step has this name", 'Did you mean "prices"?'),
]
SENSE = [
    ("decoys: [says]", "decoys: [says, §stupid]", "is a target, so it cannot be a decoy", ""),
    ("targets: [stupid]", "targets: [stupid, §stupid]", "this mark is named twice", ""),
    ("at_least: 1", "at_least: §2", "more than there are targets", "At most 1."),
    ("targets: [stupid]", "targets: [stupid, §never]", "this mark stands in p2", "Add p2 to `at`."),
    ("decoys: [says]", "decoys: [§cheap]", "this mark stands in p2", "Add p2 to `at`."),
    (OPTIONS, "  §" + OPTIONS.strip().replace(", correct: true", ""), "no option is correct", "correct: true"),
    ("why: Bo does.", "why: Bo does., assisted: §true", "the steps of an exit ticket go without help", ""),
    ("all_of: [[ada, lund]]", "all_of: [[ada, §/(a/]]", "this /regex/ does not work", ""),
    ("all_of: [[ada, lund]]", "all_of: [[ada, §/(a+)+/]]", "this /regex/ repeats a group", ""),
    ("all_of: [[ada, lund]]", 'all_of: [[ada, §"..."]]', "a rule needs at least one word", ""),
    ('none_of: [not, "/n\'t/"]', 'none_of: [not, §"/[/"]', "this /regex/ does not work", ""),
    ("text: Nobody, why", "text: §Ada  Lund, why", "two options say the same", "line"),
    ("stuck: why", "stuck: §who", "this step leads to itself", "Name another step"),
    ("lang: en", "lang: §English", "this is no code of a language", "Write en for English"),
    ("lang: en", "lang: §en_GB", "this is no code of a language", 'Did you mean "en-GB"?'),
    ("lang: en", 'lang: §"  "', "this is empty", "Write something"),
]


@pytest.mark.parametrize(("old", "new", "message", "hint"), [*SHAPE, *NAMES, *SENSE])
def test_a_mistake_is_found_alone_at_its_place_and_with_help(old: str, new: str, message: str, hint: str) -> None:
    mistake, place = spoilt(old, new)
    assert (mistake.line, mistake.column) == place
    assert message in mistake.message
    assert hint in mistake.hint


@pytest.mark.parametrize("lang", ["de", "EN", "pt-BR", "zh-Hant-TW", "sl-rozaj"])
def test_any_code_of_a_language_will_do(lang: str) -> None:
    assert read(EVERY_FIELD.replace("lang: en", f"lang: {lang}")).lesson.lang == lang


def test_a_mistake_reads_as_a_line_that_an_editor_can_jump_to() -> None:
    mistake, (line, column) = spoilt("stuck: why", "stuck: §wy")
    assert str(mistake) == f'ferry.yaml:{line}:{column}: no step has this name: "wy". Did you mean "why"?'


def test_every_mistake_is_reported_at_once_whatever_its_kind() -> None:
    text = EVERY_FIELD
    for old, new in [
        ("goal: See who says what.", "gaol: See"),  # the shape
        ("links: 0", "links: 0\n  links: 1"),  # the YAML
        ("fact: price", "fact: prize"),  # a name
        ("do: explain", "do: explian"),  # a verb, which hides the shape of its step
        ("meets: [named, idea-3]", "meets: [named, idea-5]"),  # ... but not the names in it
        ("title: Bus", "title: [Bus]"),
    ]:
        assert text.count(old) == 1
        text = text.replace(old, new)
    said = [mistake.message for mistake in mistakes_in(text)]
    assert said == [
        "a lesson has no such field",
        "this field stands twice",
        "no fact has this name",
        "this is nothing that a step can do",
        "no criterion of this step has this name",
        "text is expected here, but a list stands here",
    ]


def test_offending_text_is_shown_short_on_one_line_and_without_characters_that_act() -> None:
    mistake, _ = spoilt("stuck: why", f'stuck: §"\u202e  a\\nb {"x" * 900}"')
    assert mistake.offending.startswith("a b xxx")
    assert mistake.offending.endswith("...")
    assert len(mistake.offending) <= 60


def test_a_lesson_of_another_format_is_refused_for_that_alone() -> None:
    [mistake] = mistakes_in("goal: x\ntutor: 2\nscenes: []\n")
    assert (mistake.line, mistake.column) == (2, 8)
    assert mistake.message == "this lesson is written for format 2; this program reads 1"


@pytest.mark.parametrize("version", ["one", "1.0", "01", "[1]", ""])
def test_a_format_that_is_no_number_is_a_mistake(version: str) -> None:
    [mistake] = mistakes_in(EVERY_FIELD.replace("tutor: 1", f"tutor: {version}"))
    assert mistake.line == 1


@pytest.mark.parametrize("text", ["just words", "- a\n- list", '""', "---"])
def test_a_file_without_fields_is_told_how_to_begin(text: str) -> None:
    [mistake] = mistakes_in(text)
    assert mistake.message == "a lesson has fields"
    assert "tutor: 1" in mistake.hint


def test_what_a_lesson_must_have_is_named_all_of_it() -> None:
    said = [mistake.message for mistake in mistakes_in("goal: x")]
    assert sorted(said) == [f"a lesson needs the field `{name}`" for name in ("article", "steps", "title", "tutor")]


@pytest.mark.parametrize(
    "inline", ["text: ''", "text: ' '", "text: |\n\n", "text: '# Only a heading'", "text: T", "{}"]
)
def test_an_article_without_a_paragraph_is_refused(inline: str) -> None:
    article = f"article:\n  title: T\n  licence: CC0\n  {inline}\n"
    if inline == "{}":
        article = "article: {title: T, licence: CC0}\n"
    steps = "steps: [{id: a, do: find, at: title, ask: What?, why: Why, targets: [m]}]\n"
    marks = "marks: [{id: m, at: title, quote: T}]\n"
    [mistake] = mistakes_in(f"tutor: 1\ntitle: T\n{article}{marks}{steps}")
    assert 3 <= mistake.line <= 6


def test_thousands_of_slips_are_reported_in_good_time() -> None:
    marks = "".join(
        f"- {{id: mark-{n}, at: p1, quote: says harbour master Ada Lond {n}, fact: fact-{n}}}\n" for n in range(800)
    )
    text = EVERY_FIELD.replace("marks:\n- id: says", f"marks:\n{marks}- id: says")
    assert len(mistakes_in(text)) == 1600
