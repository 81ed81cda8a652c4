"""`closeread doctor`: what is set, what is there, and whether the configured model is fit for use."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from tutor.llm.asking import Model
from tutor.llm.doctor.findings import Check, Examination, Found, Line
from tutor.llm.doctor.knocking import USUAL_PORTS, knock
from tutor.llm.doctor.reaching import reach, setting
from tutor.llm.doctor.trying import Trial
from tutor.llm.faults import hide_key
from tutor.settings import Endpoint, Settings

__all__ = ["USUAL_PORTS", "Check", "Examination", "Found", "Line", "examine"]


async def examine(
    settings: Settings, open_model: Callable[[Endpoint], Model], ports: Sequence[int] = USUAL_PORTS
) -> Examination:
    """Look at the settings, knock at `ports` of this machine, and try the configured endpoint.

    Raises nothing that belongs to the endpoint: what is wrong with it is in the checks. The key is in none of them.
    """
    lines = tuple(Line(name, value, settings.origins.get(name, "default")) for name, value in settings.shown.items())
    found = await knock(ports, settings.endpoint.key if settings.endpoint else None)
    if settings.endpoint is None:
        return _without_model(lines, found)
    checks, site = await reach(settings.endpoint, found)
    figures: dict[str, float | int | None] = {}
    if site:
        number = 1000 + secrets.randbelow(9000)
        trial = Trial(settings, settings.endpoint, open_model(settings.endpoint), site, number, checks)
        await trial.run()
        figures = trial.figures
    examination = _judged(settings, Examination(lines, found, tuple(checks), "not-fit", "", figures=figures))
    return _without_key(examination, settings.endpoint.key)


def _without_model(lines: tuple[Line, ...], found: tuple[Found, ...]) -> Examination:
    verdict = "No model is configured, and none is needed: lessons run without one."
    advice = ""
    if first := next((each for each in found if each.models), None):
        # An embedding model cannot answer; servers list it among the others.
        model = next((each for each in first.models if "embed" not in each.lower()), first.models[0])
        advice = "\n".join([setting("model", model), setting("base_url", first.base_url), "context = 4096"])
    return Examination(lines, found, (), "not-configured", verdict, advice)


def _judged(settings: Settings, seen: Examination) -> Examination:
    """The verdict on all checks."""
    failed = [each for each in seen.checks if each.state == "fail"]
    states = {each.name: each.state for each in seen.checks}
    if failed:
        verdict = f"Not fit for use yet: {failed[0].sentence} Lessons run all the same, without the model."
        return replace(seen, verdict=verdict, advice=failed[0].advice, works=False)
    voiceless = [each.sentence for each in seen.checks if each.name in ("streams", "speed") and each.state != "ok"]
    seconds = seen.figures.get("judgement_seconds_warm") or 0.0
    if voiceless:
        verdict = f"Fit to judge, but not to speak: {' '.join(voiceless)}"
        advice = 'speaker = "scripted"' if settings.speaker == "model" else ""
        return replace(seen, fitness="judge-only", verdict=verdict, advice=advice, works=not advice)
    verdict = f"Fit to judge and to speak; a judgement takes about {seconds:.1f} s."
    if states.get("sense") == "warn":
        verdict += " It is a weak judge, so let it judge only together with the teacher's rules."
    return replace(seen, fitness="fit", verdict=verdict, works=True)


def _without_key(seen: Examination, key: str | None) -> Examination:
    """The same without the key, should a server or a library have repeated it."""

    def hidden(text: str) -> str:
        return hide_key(text, key)

    return replace(
        seen,
        found=tuple(Found(each.base_url, each.software, tuple(map(hidden, each.models))) for each in seen.found),
        checks=tuple(replace(each, sentence=hidden(each.sentence), advice=hidden(each.advice)) for each in seen.checks),
        verdict=hidden(seen.verdict),
        advice=hidden(seen.advice),
    )
