"""Writes the kept transcripts anew: `python -m tests.write_transcripts`, after a change that was meant. Read them
before committing.
"""

from __future__ import annotations

from tests.talk import MANNERS, golden, hold, shipped

if __name__ == "__main__":
    for manner, learner in MANNERS.items():
        path = golden(f"lavrov-syria-{manner}")
        path.parent.mkdir(exist_ok=True)
        path.write_text(hold(shipped("lavrov-syria"), learner)[1], encoding="utf-8")
        print(path.name)
