"""The names of everything that keeps a lesson from being opened."""

from __future__ import annotations

from tutor.workbench.checking.codes import Code

LOADER_CODES: tuple[Code, ...] = tuple(
    Code(name, "error", summary)
    for name, summary in (
        # The file as a whole, and its YAML.
        ("not-a-lesson", "The file is empty, or it is not a list of fields."),
        ("other-format", "The lesson is written for another version of the program."),
        ("unreadable-file", "The lesson or its article is not there, or cannot be read."),
        ("too-large", "The file is larger, longer or more deeply nested than a lesson may be."),
        ("not-utf-8", "The file is not saved as UTF-8."),
        ("control-character", "An invisible character stands in the text that plain text does not have."),
        ("tab", "A tab stands where YAML wants blanks."),
        ("needs-quotes", "Text with a colon, a backslash or a special first character needs quotes."),
        ("not-closed", "Quotes, a bracket or a brace are opened and never closed."),
        ("yaml-syntax", "The line is not written as YAML wants it."),
        ("yaml-extra", "Anchors, aliases, tags, merge keys and second documents are not read."),
        ("field-twice", "One field stands twice in the same place."),
        # Fields and what stands in them.
        ("unknown-field", "There is no field of this name here."),
        ("missing-field", "A field that is needed is not there."),
        ("empty-field", "A field is there, but nothing stands in it."),
        ("wrong-shape", "Text, a list or fields stand where something else is expected."),
        ("wrong-count", "A list has too many or too few items."),
        ("wrong-number", "A number is expected here, or another one."),
        ("unknown-word", "Only certain words are possible here, and this is none of them."),
        ("bad-id", "An id has characters that an id cannot have, or it is too long."),
        ("bad-language", "`lang` is not the code of a language, such as en."),
        # Names that are given and names that are used.
        ("id-taken", "Two things have the same id."),
        ("same-twice", "The same thing is listed twice."),
        ("in-both-lists", "One thing stands in two lists that exclude each other."),
        ("unknown-block", "A block of the article is named that it does not have."),
        ("unknown-mark", "A mark is named that does not exist."),
        ("unknown-step", "A step is named that does not exist."),
        ("unknown-misconception", "A misconception is named that does not exist."),
        ("unknown-criterion", "A sample answer names a criterion that its step does not have."),
        ("unknown-card", "A fact or a source card is named that does not exist."),
        ("unknown-skill", "A skill is named that is not in the taxonomy."),
        ("unknown-technique", "A persuasion technique is named that is not in the taxonomy."),
        ("unknown-attribution", "A form of attribution is named that is not in the taxonomy."),
        ("standard-misspelt", "A school standard is written otherwise."),
        ("mixed-texts", "The article and the exit ticket use each other's marks or steps."),
        # The article and the words in it.
        ("text-or-file", "An article needs its text, or the name of a file; one of the two."),
        ("empty-article", "The article has no text, or no paragraph."),
        ("article-file-name", "The article's file must stand in the lesson's folder."),
        ("heading-not-in-text", "A heading is named that is no line of the article."),
        ("mark-not-in-block", "A mark's words do not stand in its block."),
        ("which-occurrence", "A mark's words stand in its block more than once, or not so often."),
        # Steps that cannot work.
        ("mark-outside-step", "A target or decoy stands in a block where its step does not look."),
        ("no-correct-option", "No option of a step is correct."),
        ("nothing-required", "No criterion of a step is required."),
        ("bad-rule", "A word, phrase or /regex/ of a rule cannot be used."),
        ("too-much-to-check", "There are more rules and answers than can be held against each other in good time."),
        ("misconception-not-watched", "A sample answer shows a misconception that its step does not watch for."),
        ("help-in-exit", "A step of the exit ticket gives help."),
        ("next-to-itself", "A step leads to itself, so nobody would get out of it."),
    )
)
