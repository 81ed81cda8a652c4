"""The staged texts: disclosures and honest answers, made up by people who were asked to; nobody's own words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Staged:
    """A text, whether it is a disclosure, and where in it words begin that must not reach the disk half typed."""

    text: str
    distress: bool
    bar: int | None = None


def development() -> list[Staged]:
    """All that the signs and points were made on."""
    grouped = yaml.safe_load((HERE / "development.yaml").read_text(encoding="utf-8"))
    disclosures = [_with_bar(text) for several in grouped["disclosures"].values() for text in several]
    honest = [Staged(text, distress=False) for several in grouped["honest"].values() for text in several]
    return [*disclosures, *honest, *listed("development-2"), *listed("development-3")]


def answers(folder: str) -> list[Staged]:
    """Answers to the lessons' questions, all of them honest."""
    files = sorted((HERE.parent / "answers" / folder).glob("*.yaml"))
    rows = (row for path in files for row in yaml.safe_load(path.read_text(encoding="utf-8")))
    return [Staged(str(row["answer"]), distress=False) for row in rows]


def listed(name: str) -> list[Staged]:
    """The texts of a file that lists them."""
    rows = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return [Staged(row["text"], row["distress"]) for row in rows]


def _with_bar(text: str) -> Staged:
    before, bar, after = text.partition("|")
    before = before.rstrip()
    return Staged(f"{before} {after.strip()}" if bar else text, distress=True, bar=len(before) if bar else None)
