"""The conversation over plain lines: for screen readers, pipes and slow links. No colour, no cursor, no redrawing."""

from tutor.plain.console import Console
from tutor.plain.talking import End, Plain
from tutor.plain.typed import chosen_option, pointed_words

__all__ = ["Console", "End", "Plain", "chosen_option", "pointed_words"]
