"""What the locks name and what the installed libraries bring with them, held against what was announced.

A stealer of credentials does not have to be imported: a `.pth` file in a package is run at every start of Python, and
so is a module called sitecustomize. This looks at an environment *after* the lock was installed into it, so it protects
everybody but the machine that meets the change first: that should be one without secrets.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
ANNOUNCED = CHECKOUT / ".ci" / "announced.toml"

_HASH = re.compile(r"\s--hash=sha256:([0-9a-f]{64})(?=\s|$)")
_NATIVE_NAME = re.compile(r"\.(so|pyd|dll|dylib|exe)(\.[0-9.]+)?$", re.IGNORECASE)
_NATIVE_BYTES = (
    b"\x7fELF",
    b"MZ",
    *(bytes.fromhex(each) for each in ("feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe")),
)
"""How programs and libraries of Linux, Windows and macOS begin."""
_RUN_AT_START = ("sitecustomize", "usercustomize")

_ANNOUNCE = (
    "Nobody announced that: look at what it is for; then write it into .ci/announced.toml, or stay with the version "
    "before."
)
_REFUSE = "No package has a reason to do that: stay with the version before, and tell its makers."


@dataclass(frozen=True, slots=True)
class Announced:
    """What a package may bring: compiled code, `.pth` files by name, files outside of site-packages by name."""

    why: str
    native: bool = False
    pth: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


def read_announced(file: Path = ANNOUNCED) -> dict[str, Announced]:
    """What was announced, by package; TypeError where a table has a field that is none, or does not say why."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {canonicalize_name(name): _announced(**table) for name, table in tables.items()}


def _announced(*, why: str, native: bool = False, pth: Sequence[str] = (), outside: Sequence[str] = ()) -> Announced:
    return Announced(why, native, tuple(pth), tuple(outside))


# -- the lock


def read_lock(name: str) -> list[Requirement]:
    """The requirements of a lock file of the checkout."""
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    return [Requirement(_HASH.sub("", line)) for line in _lines(text)]


def _lines(text: str) -> list[str]:
    """The lines of a lock, those joined that a backslash joins, without comments."""
    lines = (line.strip() for line in re.sub(r"\\\n", " ", text).splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def lock_faults(text: str) -> Iterator[str]:
    """A sentence for each line of a lock that asks for anything but one version of one package, with its hashes."""
    for line in _lines(text):
        named = _HASH.sub("", line).strip()
        try:
            requirement = None if named.startswith("-") else Requirement(named)
        except InvalidRequirement:
            requirement = None
        if requirement is None:
            yield f"“{named}” is no package with its version: the lock may hold no option, path or address."
        elif requirement.url:
            yield f"“{named}” comes from an address, not from a release."
        elif [each.operator for each in requirement.specifier] != ["=="] or "*" in str(requirement.specifier):
            yield f"“{named}” is not pinned to one version with ==."
        elif not _HASH.search(line):
            yield f"“{named}” has no --hash=sha256:, so anything may be installed in its place."
    if "://" in text:
        yield "There is an address in the lock."


# -- what is installed


def surprises(
    sites: Sequence[Path], locked: Sequence[Requirement], announced: Mapping[str, Announced]
) -> Iterator[str]:
    """A sentence for everything in these site-packages that nobody announced: which package, which file, what to do.

    Compiled code and stray files are looked for in the packages that the lock names; what runs at the start of Python
    anywhere.
    """
    found = {canonicalize_name(each.name): each for each in distributions(path=[str(site) for site in sites])}
    for requirement in {str(each): each for each in locked}.values():
        if requirement.marker is None or requirement.marker.evaluate():
            yield from _not_as_locked(requirement, found.get(canonicalize_name(requirement.name)))
    names = {canonicalize_name(each.name) for each in locked}
    owned: set[Path] = set()
    for name, distribution in sorted(found.items()):
        known = announced.get(name, Announced("not announced"))
        for file in map(str, distribution.files or ()):
            place = Path(os.path.normpath(str(distribution.locate_file(file))))
            inside = next((place.relative_to(site) for site in sites if place.is_relative_to(site)), None)
            owned.update((place, *place.parents))
            what = _at_start(inside, known) if inside else None
            if name in names:
                what = what or (_shadowing(inside) if inside else _stray(place, distribution, known))
                what = what or (None if known.native else _native(place, distribution, inside=inside is not None))
            if what:
                yield f"{name} {distribution.version} brings {(inside or place).as_posix()}, {what}"
    for place in (each for site in sites for each in sorted(site.iterdir())):
        if place not in owned and _at_start(Path(place.name), Announced("no package's")):
            what = "which Python runs at every start and which stands in no package's record"
            yield f"{place} is there, {what}. Find out who put it there, and make the environment anew."


def _not_as_locked(requirement: Requirement, installed: Distribution | None) -> Iterator[str]:
    if installed is None:
        yield f"{requirement} is locked but not installed. Run make dev."
    elif not requirement.specifier.contains(installed.version, prereleases=True):
        yield f"{requirement} is locked, but {installed.version} is installed. Run make dev."
    elif not installed.files:
        yield f"{requirement} is installed without a record of its files. Make the environment anew."


def _at_start(inside: Path, known: Announced) -> str | None:
    if inside.suffix.lower() == ".pth" and inside.name not in known.pth:
        return f"which Python runs at every start. {_ANNOUNCE}"
    if inside.parts[0].partition(".")[0].lower() in _RUN_AT_START:
        return f"which Python imports at every start. {_REFUSE}"
    return None


def _shadowing(inside: Path) -> str | None:
    if inside.parts[0].endswith((".dist-info", ".data")) or inside.parts[0] == "__pycache__":
        return None
    top = inside.parts[0].partition(".")[0]
    return f"named like Python's own “{top}”. {_REFUSE}" if top in sys.stdlib_module_names else None


def _stray(place: Path, distribution: Distribution, known: Announced) -> str | None:
    """What lies beside site-packages is either a command that pip makes from an entry point, or announced."""
    if place.parent.name == "__pycache__" or _is_command(place, distribution):
        return None
    if place.name.removesuffix(".exe") in known.outside:
        return None
    return f"outside of site-packages. {_ANNOUNCE}"


def _is_command(place: Path, distribution: Distribution) -> bool:
    commands = {each.name for each in distribution.entry_points if each.group in ("console_scripts", "gui_scripts")}
    return re.sub(r"(-script\.pyw?|\.exe)$", "", place.name) in commands


def _native(place: Path, distribution: Distribution, *, inside: bool) -> str | None:
    if not inside and place.suffix == ".exe" and _is_command(place, distribution):
        return None  # pip's own launcher on Windows
    try:
        with place.open("rb") as opened:
            compiled = opened.read(4).startswith(_NATIVE_BYTES)
    except OSError:
        compiled = False
    return f"which is compiled code. {_ANNOUNCE}" if compiled or _NATIVE_NAME.search(place.name) else None
