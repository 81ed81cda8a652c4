"""A new lesson out of a teacher's article: blocks, suggested marks, and a worked example of each kind of step."""
