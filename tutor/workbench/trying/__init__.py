"""Tries a lesson out: samples, or answers from elsewhere, through a judge; and scripted learners down every path."""
