"""Dependencies: pinned, with hashes, known-bad releases shut out, nothing unannounced in them; a bill of materials."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.dependencies import (
    ANNOUNCED,
    CHECKOUT,
    LOCKS,
    Announced,
    lock_faults,
    read_announced,
    read_lock,
    surprises,
)

KNOWN_BAD = ("1.82.7", "1.82.8", "1.107.0")
HASH = "--hash=sha256:" + 64 * "0"
BILL = CHECKOUT / "sbom.cdx.json"


@pytest.fixture(scope="module")
def asked_for() -> dict[str, Requirement]:
    """What the program itself asks for, by name."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {each.name: each for each in map(Requirement, project["dependencies"])}


# -- pins


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_library_is_pinned_with_its_hashes(name: str) -> None:
    assert len(read_lock(name)) > 15
    assert list(lock_faults((CHECKOUT / name).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("rich==14.0.0", "has no --hash"),
        (f"rich>=14.0.0 {HASH}", "is not pinned"),
        (f"rich==14.* {HASH}", "is not pinned"),
        (f"rich {HASH}", "is not pinned"),
        (f"rich==14.0.0,!=14.0.1 {HASH}", "is not pinned"),
        (f"rich @ https://example.org/rich-14.0.0.whl {HASH}", "comes from an address"),
        (f"rich @ git+https://example.org/rich@main {HASH}", "comes from an address"),
        ("git+https://example.org/rich@main#egg=rich", "is no package with its version"),
        ("-e ./rich", "is no package with its version"),
        ("-i https://example.org/simple", "is no package with its version"),
        ("--extra-index-url https://example.org/simple", "is no package with its version"),
        ("--find-links ./wheels", "is no package with its version"),
        ("./rich-14.0.0.whl", "is no package with its version"),
        (f"rich==14.0.0 {HASH}\n# from https://example.org", "an address in the lock"),
        ("rich==14.0.0 --hash=md5:" + 32 * "0", "is no package with its version"),
    ],
)
def test_a_lock_that_could_install_something_else_is_faulted(line: str, says: str) -> None:
    well = f"textual==8.2.8 ; sys_platform == 'win32' \\\n    {HASH} \\\n    {HASH}\n    # via nothing\n"
    assert list(lock_faults(well)) == []
    assert any(says in fault for fault in lock_faults(well + line + "\n"))


def test_both_locks_take_the_same_versions() -> None:
    runtime, dev = ({each.name: str(each.specifier) for each in read_lock(name)} for name in LOCKS)
    assert runtime.items() <= dev.items()


def test_what_the_program_asks_for_is_exact_and_is_what_is_locked(asked_for: dict[str, Requirement]) -> None:
    locked = {canonicalize_name(each.name): each.specifier for each in read_lock("requirements.txt")}
    for name, requirement in asked_for.items():
        exact = [each for each in requirement.specifier if each.operator == "=="]
        assert len(exact) == 1, f"{name} is not pinned with == in pyproject.toml"
        assert {each.operator for each in requirement.specifier} <= {"==", "!="}
        assert locked[canonicalize_name(name)] == SpecifierSet(str(exact[0]))


@pytest.mark.parametrize("version", KNOWN_BAD)
def test_releases_that_carried_a_stealer_of_credentials_are_shut_out_by_name(
    version: str, asked_for: dict[str, Requirement]
) -> None:
    shut_out = SpecifierSet(",".join(str(each) for each in asked_for["litellm"].specifier if each.operator == "!="))
    assert not shut_out.contains(version), "whoever moves the pin must still meet the names of the bad releases"
    assert shut_out.contains("1.105.3")
    for name in LOCKS:
        [locked] = [each for each in read_lock(name) if each.name == "litellm"]
        assert not locked.specifier.contains(version)


# -- what they bring


def sites() -> list[Path]:
    """The site-packages that the tests run from."""
    return [Path(os.path.normpath(each)) for each in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}]


def test_the_installed_libraries_bring_nothing_unannounced() -> None:
    locked = [each for name in LOCKS for each in read_lock(name)]
    assert list(surprises(sites(), locked, read_announced())) == []


def test_nothing_is_announced_that_is_not_locked_and_each_announcement_says_why() -> None:
    locked = {canonicalize_name(each.name) for name in LOCKS for each in read_lock(name)}
    announced = read_announced()
    assert set(announced) - locked == {"setuptools"}, f"take out of {ANNOUNCED.name} what the lock no longer holds"
    assert list(announced) == sorted(announced)
    assert [name for name, each in announced.items() if len(each.why) < 10] == []
    assert [name for name, each in announced.items() if not (each.native or each.pth or each.outside)] == []


class Site:
    """A site-packages with one package in it, `leaf 1.0`, to which files are added as a wheel would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "lib" / "site-packages"
        self.record = self.folder / "leaf-1.0.dist-info" / "RECORD"
        self.add("leaf/__init__.py")
        self.add("leaf-1.0.dist-info/METADATA", b"Metadata-Version: 2.1\nName: leaf\nVersion: 1.0\n")
        self.add("leaf-1.0.dist-info/entry_points.txt", b"[console_scripts]\nleaf = leaf:main\n")
        self.add("../../bin/leaf", b"#!python\n")
        self.add("../../Scripts/leaf.exe", b"MZ launcher")

    def add(self, name: str, content: bytes = b"", *, recorded: bool = True) -> None:
        """Add a file, and its line to the record."""
        place = Path(os.path.normpath(self.folder / name))
        place.parent.mkdir(parents=True, exist_ok=True)
        known = place.exists()
        place.write_bytes(content)
        if recorded and not known:
            self.record.parent.mkdir(exist_ok=True)
            with self.record.open("a", encoding="utf-8") as record:
                record.write(f"{name},,\n")

    def surprises(self, known: Announced | None = None, locked: str = "leaf==1.0") -> list[str]:
        """What is said of it, where this was announced."""
        return list(surprises([self.folder], [Requirement(locked)], {"leaf": known} if known else {}))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    assert made.surprises() == []
    return made


ELF, MACH_O = b"\x7fELF\2\1\1", bytes.fromhex("cffaedfe0c000001")
NATIVE, PTH, OUTSIDE = Announced("-", native=True), Announced("-", pth=("leaf.pth",)), Announced("-", outside=("own",))


@pytest.mark.parametrize(
    ("name", "content", "says", "if_announced"),
    [
        ("leaf/fast.cpython-311-x86_64-linux-gnu.so", ELF, "compiled code", NATIVE),
        ("leaf/fast.so", b"", "compiled code", NATIVE),
        ("leaf.libs/libz.so.1.2.13", b"", "compiled code", NATIVE),
        ("leaf/fast.cp312-win_amd64.pyd", b"MZ", "compiled code", NATIVE),
        ("leaf/FAST.DLL", b"", "compiled code", NATIVE),
        ("leaf/fast.dylib", MACH_O, "compiled code", NATIVE),
        ("leaf/setup.exe", b"MZ", "compiled code", NATIVE),
        ("leaf/leaf.exe", b"MZ", "compiled code", NATIVE),
        ("leaf/table.json", ELF, "compiled code", NATIVE),
        ("../../bin/leaf", MACH_O, "compiled code", NATIVE),
        ("../../bin/own", ELF, "outside of site-packages", Announced("-", native=True, outside=("own",))),
        ("../../bin/own", b"#!/bin/sh", "outside of site-packages", OUTSIDE),
        ("../../Scripts/own.exe", b"MZ", "outside of site-packages", Announced("-", native=True, outside=("own",))),
        ("../../pyvenv.cfg", b"", "outside of site-packages", None),
        ("leaf.pth", b"import leaf", "runs at every start", PTH),
        ("leaf/later.pth", b"", "runs at every start", None),
        ("LEAF2.PTH", b"", "runs at every start", None),
        ("sitecustomize.py", b"", "imports at every start", None),
        ("usercustomize/__init__.py", b"", "imports at every start", None),
        ("json.py", b"", "named like Python's own “json”", None),
        ("logging/__init__.py", b"", "named like Python's own “logging”", None),
    ],
)
def test_what_a_lock_change_brings_in_unannounced_is_named(
    site: Site, name: str, content: bytes, says: str, if_announced: Announced | None
) -> None:
    site.add(name, content)
    [said, *more] = site.surprises()
    assert more == []
    assert says in said
    assert said.startswith("leaf 1.0 brings ")
    assert Path(name).name in said
    assert "stay with the version before" in said
    left = [site.surprises(each) for each in (NATIVE, PTH, OUTSIDE, if_announced) if each != if_announced]
    assert all(left), "another announcement does not cover it"
    if if_announced:
        assert ".ci/announced.toml" in said
        assert site.surprises(if_announced) == []


@pytest.mark.parametrize("name", ["cook.pth", "sitecustomize.py", "usercustomize.py"])
def test_what_runs_at_the_start_of_python_and_stands_in_no_record_is_named(site: Site, name: str) -> None:
    site.add(name, recorded=False)
    [said] = site.surprises(Announced("-", native=True, pth=(name,)))
    assert str(site.folder / name) in said
    assert "no package's record" in said


@pytest.mark.parametrize("name", ["leaf.pth", "sitecustomize.py"])
def test_what_runs_at_the_start_of_python_is_named_also_where_its_package_is_not_locked(site: Site, name: str) -> None:
    site.add(name)
    assert any(
        said.startswith(f"leaf 1.0 brings {name}") for said in surprises([site.folder], [Requirement("textual==8")], {})
    )


@pytest.mark.parametrize(
    ("locked", "says"),
    [
        ("leaf==1.1", "but 1.0 is installed. Run make dev."),
        ("branch==1.0", "not installed. Run make dev."),
        ("branch==1.0 ; python_version < '3'", None),
    ],
)
def test_an_environment_that_is_not_what_is_locked_is_told_of(site: Site, locked: str, says: str | None) -> None:
    assert [says is not None and says in said for said in site.surprises(locked=locked)] == ([True] if says else [])


def test_a_package_without_a_record_of_its_files_is_told_of(site: Site) -> None:
    site.record.unlink()
    assert "without a record" in site.surprises()[0]


# -- the bill of materials


@pytest.fixture(scope="module")
def bill() -> Any:
    return json.loads(BILL.read_text(encoding="utf-8"))


def test_the_bill_of_materials_lists_what_is_locked_and_each_licence(bill: Any) -> None:
    listed = {(canonicalize_name(each["name"]), each["version"]) for each in bill["components"]}
    locked = read_lock("requirements.txt")
    assert listed == {(canonicalize_name(each.name), str(each.specifier).removeprefix("==")) for each in locked}, (
        "run make sbom"
    )
    assert len(bill["components"]) == len(listed)
    assert [each["name"] for each in bill["components"] if not each.get("licenses")] == []


def test_the_bill_of_materials_says_what_the_program_itself_asks_for(
    bill: Any, asked_for: dict[str, Requirement]
) -> None:
    root = bill["metadata"]["component"]
    [needs] = [each["dependsOn"] for each in bill["dependencies"] if each["ref"] == root["bom-ref"]]
    assert root["name"] == "closeread"
    assert {canonicalize_name(each.partition("==")[0]) for each in needs} == set(asked_for)


def test_the_bill_of_materials_is_the_same_wherever_it_is_written(bill: Any) -> None:
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["specVersion"] in ("1.5", "1.6", "1.7")
    assert "serialNumber" not in bill
    assert "timestamp" not in bill["metadata"]
    text = BILL.read_text(encoding="utf-8").replace(bill["$schema"], "")
    assert not re.search(r'://|"/|\b[A-Z]:\\', text), "no address, and no path of the machine that wrote it"


def test_addresses_are_left_out_of_the_bill_of_materials_and_a_missing_licence_is_filled_in(tmp_path: Path) -> None:
    page = [{"type": "website", "url": "https://example.org"}]
    tool = {"name": "tool", "version": "1", "externalReferences": page}
    mit = {"name": "leaf", "licenses": [{"license": {"id": "MIT"}}], "externalReferences": page}
    seen = {
        "metadata": {"tools": {"components": [tool]}},
        "components": [mit, {"name": "tiktoken"}, {"name": "bare"}],
    }
    (tmp_path / "seen.json").write_text(json.dumps(seen), encoding="utf-8")
    command: list[str | Path] = [
        sys.executable,
        CHECKOUT / ".ci" / "sbom.py",
        tmp_path / "seen.json",
        tmp_path / "written.json",
    ]
    subprocess.run(command, check=True)
    written = json.loads((tmp_path / "written.json").read_text(encoding="utf-8"))
    assert written["metadata"]["tools"]["components"] == [{"name": "tool", "version": "1"}]
    leaf, tiktoken, bare = written["components"]
    assert leaf == {"name": "leaf", "licenses": [{"license": {"id": "MIT"}}]}
    assert tiktoken["licenses"][0]["license"]["id"] == "MIT"
    assert bare == {"name": "bare"}
