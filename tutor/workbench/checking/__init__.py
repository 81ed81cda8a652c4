"""Checks a lesson: what the loader refuses, and the craft of a good lesson."""
