"""How long an answer and a nickname may be. By itself, so that what reads the keyboard need not load what judges."""

LONGEST_ANSWER = 1_500
"""Characters; four times what a long answer of a 14-year-old takes."""
LONGEST_KEPT = 10 * LONGEST_ANSWER
"""Characters; what is longer is no answer but a paste by mistake, and is not even read."""
LONGEST_NICKNAME = 40
"""Characters; it stands in the line above the lesson, and in the pages."""
