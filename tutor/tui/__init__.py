"""The screen: paints the conversation's events and posts what the learner does. Nothing of the turn lives in a widget.

The only room that imports Textual. All text that comes from outside passes `tutor.tui.text`, which cleans it and never
reads markup in it.
"""

import os

os.environ.pop("TEXTUAL_LOG", None)  # Textual would write every key that is pressed, and every error, into that file

from tutor.tui.app import TutorApp, run_app  # what comes before is read at this import

__all__ = ["TutorApp", "run_app"]
