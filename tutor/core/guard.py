"""What the tutor says is held against these checks before the learner sees it."""

from __future__ import annotations

import re


def questions(text: str) -> int:
    """How many questions a text asks; a row of question marks is one, and those within quotation marks are not its own."""
    bare = re.sub(r"[“\"][^“”\"]{0,200}[”\"]", '""', text)
    return len(re.findall(r"\?+", bare))


def asks(text: str) -> bool:
    """Whether a text asks something of the learner."""
    return questions(text) > 0
