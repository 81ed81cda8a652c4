"""Settles every setting, and sees that they fit together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from tutor.core.clean import one_line
from tutor.errors import SettingsError
from tutor.settings.folders import default_data_dir, platform_folder
from tutor.settings.given import Given, from_environment, from_file, from_flags
from tutor.settings.readers import READERS, KeyFile
from tutor.settings.values import NAMES, Endpoint, Settings

_DEFAULT_ADDRESS = "http://127.0.0.1:8080/v1"
_OF_SETTINGS = (
    "data_dir",
    "lessons_dirs",
    "help_card",
    "theme",
    "judge",
    "speaker",
    "prompts_dir",
    "allow_remote",
    "keep_months",
)
_OF_ENDPOINT = tuple(each.name for each in fields(Endpoint) if each.name in NAMES and each.name != "key")
_DEFAULTS: dict[str, Any] = (
    dict.fromkeys(NAMES)
    | {
        each.name: each.default
        for each in fields(Endpoint)
        if each.name in _OF_ENDPOINT and each.default is not MISSING
    }
    | {each.name: each.default for each in fields(Settings) if each.name in NAMES and each.default is not MISSING}
    | {"lessons_dirs": (), "theme": "auto"}
)


def load_settings(flags: Mapping[str, object], environ: Mapping[str, str], config_file: Path | None) -> Settings:
    """Settle every setting; a flag that is None, an empty variable and a missing file count as not given.

    Raises SettingsError with a line for every mistake.
    """
    sources = (from_flags(flags), from_environment(environ), from_file(config_file))
    found = {name: next((source[name] for source in sources if name in source), None) for name in READERS}
    given = {name: each for name, each in found.items() if each}
    mistakes: list[str] = []
    values: dict[str, Any] = {}
    for name, each in given.items():
        try:
            values[name] = READERS[name](each, environ)
        except ValueError as error:
            mistakes.append(f"{each.where}: {error}")
    mistakes = mistakes or list(_clashes(given, values))
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    notes: tuple[str, ...] = ()
    if "data_dir" not in values:
        values["data_dir"] = default_data_dir(environ)
        notes = () if platform_folder("data", environ) else (_no_home(values["data_dir"]),)
    origins = {name: given[name].origin if name in given else "default" for name in READERS}
    return _settings(values, given, origins, notes)


def _no_home(folder: Path) -> str:
    return (
        f"There is no home folder, so your work is kept in {folder} and may be gone the next time. "
        f"To keep it, name a folder with {NAMES['data_dir'][1]}."
    )


def _clashes(given: Mapping[str, Given], values: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each setting that does not go with the others."""
    missing = [name for name in ("model", "base_url") if name not in values]
    lines = {"model": 'model = "NAME" (a name that the server lists)', "base_url": f'base_url = "{_DEFAULT_ADDRESS}"'}
    if len(missing) == 1:
        [there] = {"model", "base_url"} - set(missing)
        yield f"{given[there].where}: this needs {missing[0]} beside it. Add the line: {lines[missing[0]]}"
    if len(missing) == 2:
        for name, own in (("judge", "embedded"), ("speaker", "scripted")):
            if values.get(name, own) != own:
                yield (
                    f'{given[name].where}: "{values[name]}" needs a model. Add the lines {lines["model"]} and '
                    f'{lines["base_url"]}, or write {name} = "{own}".'
                )
    if "base_url" in values and not values.get("allow_remote") and not _is_local(values):
        yield (
            f"{given['base_url'].where}: this address is outside of your own network, and what learners write would "
            "be sent there. Where that has been agreed to, add the line: allow_remote = true"
        )
    elif "base_url" in values and not _is_local(values) and not values["base_url"].startswith("https:"):
        yield (
            f"{given['base_url'].where}: this address is outside of your own network; what learners write must not "
            "travel there unencrypted. Write it with https://."
        )


def _is_local(values: Mapping[str, Any]) -> bool:
    from tutor.settings.addresses import host_of, kind_of  # noqa: PLC0415  not needed where there is no model

    return kind_of(host_of(values["base_url"])) == "local"


def _settings(
    values: Mapping[str, Any], given: Mapping[str, Given], origins: dict[str, str], notes: tuple[str, ...]
) -> Settings:
    key, key_origin = _key(values, given)
    endpoint = None
    if "model" in values:
        own = {name: values[name] for name in _OF_ENDPOINT if name in values}
        endpoint = Endpoint(**own, key=key, is_local=_is_local(values))
    chosen = {"judge": "both", "speaker": "model"} if endpoint else {}
    settled = {**_DEFAULTS, **chosen, **values}
    shown = {name: _shown(settled[name]) for name in NAMES} | {"key": "set" if key else "not set"}
    if settled["parallel"] is None:
        shown["parallel"] = "as many as the server says"
    return Settings(
        **{name: settled[name] for name in _OF_SETTINGS},
        origins=origins | {"key": key_origin},
        notes=notes,
        endpoint=endpoint,
        shown=shown,
    )


def _key(values: Mapping[str, Any], given: Mapping[str, Given]) -> tuple[str | None, str]:
    """The key and its origin. It counts before a file that holds one, unless that was named on the command line."""
    file: KeyFile | None = values.get("key_file")
    if file and ("key" not in values or given["key_file"].source == "flag"):
        return file.key, given["key_file"].origin
    return values.get("key"), given["key"].origin if "key" in given else "default"


def _shown(value: object) -> str:
    """A setting's value as a person may see it."""
    match value:
        case None | ():
            return "none"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case tuple():
            return one_line(os.pathsep.join(map(str, value)))
        case KeyFile():
            return one_line(str(value.path))
    return one_line(str(value))
