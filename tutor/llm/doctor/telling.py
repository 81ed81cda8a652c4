"""Tells what the doctor found: in plain lines for people, as one object for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tutor.llm.doctor.findings import Examination
from tutor.llm.doctor.knocking import USUAL_PORTS
from tutor.llm.doctor.reaching import listed


def as_lines(seen: Examination, config_file: Path | None, ports: Sequence[int] = USUAL_PORTS) -> Iterator[str]:
    """What was found, in plain words."""
    yield "Settings (value, and where it comes from)"
    width = max((len(each.name) for each in seen.settings), default=0)
    for line in seen.settings:
        yield f"  {line.name:{width}}  {line.value}  ({line.origin})"
    yield ""
    yield "Endpoints on this machine"
    for found in seen.found:
        software = f" ({found.software})" if found.software else ""
        yield f"  {found.base_url}{software}: {listed(found.models)}"
    if not seen.found:
        yield f"  none at the usual ports: {', '.join(map(str, ports))}"
    yield ""
    yield "The configured model"
    for check in seen.checks:
        yield f"  {check.state:4}  {check.name}: {check.sentence}"
        if check.advice:
            yield f"        To change it: {check.advice}"
    yield from _verdict(seen, config_file)


def _verdict(seen: Examination, config_file: Path | None) -> Iterator[str]:
    if seen.fitness != "not-configured":
        yield ""
        yield seen.verdict
        if seen.advice:
            yield f"What to do: {seen.advice}"
        return
    yield f"  {seen.verdict}"
    if seen.advice:
        where = f"{config_file}" if config_file else "the settings file"
        yield f"  To use the first one found, write these lines into {where}:"
        yield from (f"    {line}" for line in seen.advice.split("\n"))


def as_object(seen: Examination) -> dict[str, Any]:
    """The same for JSON."""
    return {**asdict(seen), "status": seen.status}
