"""`python -m tutor`: the same command as `closeread`, also from a checkout that was never installed."""

from tutor.cli import run

run()
