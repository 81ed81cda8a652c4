"""A lesson of one paragraph, and the pieces it is made of, for tests to which any lesson will do."""

HEAD = """\
tutor: 1
title: One ferry
article:
  title: Ferry to close
  licence: CC0-1.0
  text: |
    The ferry closes in May, says harbour master Ada Lund. Everybody knows it.
steps:
"""
STEP = """\
- id: who{n}
  do: explain
  at: p1
  ask: How could you check this?
  rubric:
  - id: named{n}
    idea: The harbour master is named, so one can ask her
    hint: Look at the first line. Who is it that says so?
    tell: Ada Lund, the harbour master, is named; one could ask her.
    all_of: [[lund, master]]
"""
"""A step to be told from others like it: `STEP.format(n="-7")`."""
PRINTED = "  - The paper printed it in that week\n"
"""One more idea for such a step, without rules."""
LESSON = f"""\
{HEAD}{STEP.format(n="")}{PRINTED}\
  samples:
  - {{answer: They printed it in the paper that week, verdict: partly, meets: []}}
"""
UNSURE = "You could look at what they printed that week."
"""The rules leave an idea of the lesson open at this answer, so that the model is asked as judge."""
