"""The screen: paints the conversation's events and posts what the learner does. Nothing of the turn lives in a widget.

The only room that imports Textual. All text that comes from outside passes `tutor.tui.text`, which cleans it and never
reads markup in it.
"""

from tutor.tui.app import TutorApp, run_app

__all__ = ["TutorApp", "run_app"]
