"""Closeread: a Socratic tutor that walks a learner through a real article, one question at a time."""

__version__ = "0.1.0"
