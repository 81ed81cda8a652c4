"""Lessons that went wrong in every way that chance can think of: findings come of it, each with a place and a code.

Some hundred examples here; `CLOSEREAD_MUTATIONS=10000` in the environment makes them ten thousand.
"""

import os
import re
import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lessons.written import EVERY_FIELD, outcome
from tests.workbench.checking.naughty import NAUGHTY
from tests.workbench.checking.pages import base
from tutor.lessons.loader import load_lesson
from tutor.resources import lessons_dir
from tutor.workbench.checking.checking import NothingToCheckError, Report, check, codes
from tutor.workbench.checking.telling import as_lines, as_object, as_workflow

EXAMPLES = int(os.environ.get("CLOSEREAD_MUTATIONS", "60"))
SHIPPED = {folder.parent.name: folder.read_text(encoding="utf-8") for folder in lessons_dir().glob("*/lesson.yaml")}
SOURCES = {**SHIPPED, "every field": EVERY_FIELD, "base": base()}
ARTICLE = lessons_dir() / "lavrov-syria" / "article.txt"

Mutation = Callable[[str], str]
number = st.integers(0, 10**9)
small = st.sampled_from(["every field", "base"])
source = small | small | small | st.sampled_from(sorted(SHIPPED))
"""The name of a lesson; most are small, because a small one can go wrong in as many ways."""
piece = st.sampled_from(NAUGHTY) | st.text(max_size=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutated")
    shutil.copy(ARTICLE, folder)
    return folder


def assert_sane(report: Report, folder: Path) -> None:
    """Every finding has a place in its file, a known code and a sentence, and can be shown in every form."""
    for each in report.findings:
        file = Path(each.file)
        lines = len(re.split("\r\n?|\n", file.read_bytes().decode("utf-8", "replace")))
        assert 1 <= each.line <= lines
        assert each.column >= 1
        assert each.code in codes()
        assert each.message
    shown = [*as_lines(report, folder), *as_workflow(report, folder), str(as_object(report, folder))]
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "".join(shown))
    assert len(shown) == 2 * len(report.findings) + 3


def assert_checked(data: bytes, folder: Path) -> None:
    """`check` comes to an end, and finds errors exactly where the loader refuses."""
    file = folder / "lesson.yaml"
    file.write_bytes(data)
    report = check(folder)
    assert report.lessons == 1
    assert_sane(report, folder)
    refused = outcome(lambda: load_lesson(folder))
    if refused == ():  # there was nothing to read
        assert [each.code for each in report.errors] == ["unreadable-file"]
    else:
        assert report.errors == (refused or ())


@st.composite
def on_lines(draw: st.DrawFn) -> Mutation:
    """Something done to lines: taken out, doubled, swapped, indented, cut off."""
    kind = draw(st.sampled_from(["delete", "double", "swap", "indent", "outdent", "end", "join"]))
    first, second = draw(number), draw(number)

    def mutate(text: str) -> str:
        lines = text.splitlines(keepends=True) or [""]
        one, other = first % len(lines), second % len(lines)
        match kind:
            case "delete":
                del lines[one : one + second % 5]
            case "double":
                lines[other:other] = lines[one : one + second % 9]
            case "swap":
                lines[one], lines[other] = lines[other], lines[one]
            case "indent":
                lines[one] = " " * (1 + second % 4) + lines[one]
            case "outdent":
                lines[one] = lines[one][1 + second % 3 :]
            case "end":
                return "".join(lines[:one]) + lines[one][: second % 40]
            case _:
                lines[one] = lines[one].rstrip("\n")
        return "".join(lines)

    return mutate


@st.composite
def on_characters(draw: st.DrawFn) -> Mutation:
    """A piece of text put in somewhere, in place of what stands there or before it."""
    at, cut, put = draw(number), draw(st.integers(0, 12)), draw(piece)

    def mutate(text: str) -> str:
        start = at % (len(text) + 1)
        return text[:start] + put + text[start + cut :]

    return mutate


@st.composite
def on_nodes(draw: st.DrawFn) -> Mutation:
    """Nodes of the tree deleted, doubled, swapped, renamed or replaced; what comes out is YAML again."""
    acts = draw(st.lists(st.tuples(st.sampled_from(_ACTS), number, number, piece), min_size=1, max_size=4))

    def mutate(text: str) -> str:
        try:
            tree = tree_of(text)
        except (yaml.YAMLError, ValueError):
            return text
        for act, first, second, put in acts:
            spots = [*_spots(tree)]
            if spots:
                act(spots[first % len(spots)], spots[second % len(spots)], put)
        return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)

    return mutate


def tree_of(text: str) -> Any:
    """The tree of a YAML text, every scalar as it was typed."""
    return yaml.load(text, yaml.CBaseLoader)  # noqa: S506  it makes nothing but texts, lists and maps


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # what stands in two places is written out
        return True


Spot = tuple[Any, Any]
"""A list or map, and the key under which something stands in it."""


def _spots(tree: Any) -> list[Spot]:
    found: list[Spot] = []
    waiting = [tree]
    while waiting and len(found) < 20_000:
        node = waiting.pop()
        if isinstance(node, dict | list):
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            found += [(node, key) for key in keys]
            waiting += [node[key] for key in keys]
    return found


def _delete(spot: Spot, _other: Spot, _put: str) -> None:
    del spot[0][spot[1]]


def _double(spot: Spot, _other: Spot, _put: str) -> None:
    node, key = spot
    if isinstance(node, list):
        node.insert(key, node[key])
    else:
        node[f"{key}s"] = node[key]


def _swap(spot: Spot, other: Spot, _put: str) -> None:
    (node, key), (home, name) = spot, other
    # Copies, so that nothing comes to stand inside of itself.
    node[key], home[name] = _copy(home[name]), _copy(node[key])


def _replace(spot: Spot, _other: Spot, put: str) -> None:
    spot[0][spot[1]] = put


def _wrap(spot: Spot, _other: Spot, put: str) -> None:
    node, key = spot
    node[key] = [node[key]] if len(put) % 2 else {put: node[key]}


def _flatten(spot: Spot, _other: Spot, _put: str) -> None:
    node, key = spot
    value = node[key]
    node[key] = next(iter(value.values() if isinstance(value, dict) else value), "") if value else ""


def _rename(spot: Spot, _other: Spot, put: str) -> None:
    node, key = spot
    if isinstance(node, dict):
        node[put] = node.pop(key)


def _copy(tree: Any) -> Any:
    return tree_of(yaml.dump(tree, Dumper=_Dumper))


_ACTS = [_delete, _double, _swap, _replace, _replace, _wrap, _flatten, _rename]
mutations = st.lists(on_nodes() | on_nodes() | on_lines() | on_characters(), min_size=1, max_size=3)


@settings(max_examples=EXAMPLES)
@given(source, mutations)
def test_a_mutated_lesson_has_findings_with_places_and_nothing_worse(
    folder: Path, source: str, mutations: list[Mutation]
) -> None:
    text = SOURCES[source]
    for mutate in mutations:
        text = mutate(text)
    assert_checked(text.encode("utf-8", "surrogatepass"), folder)


@settings(max_examples=EXAMPLES)
@given(
    source,
    st.lists(st.tuples(number, st.integers(0, 3), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_a_lesson_with_other_bytes_in_it(folder: Path, source: str, changes: list[tuple[int, int, bytes]]) -> None:
    data = SOURCES[source].encode()
    for at, cut, put in changes:
        start = at % (len(data) + 1)
        data = data[:start] + put + data[start + cut :]
    assert_checked(data, folder)


@settings(max_examples=EXAMPLES)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_bytes_that_never_were_a_lesson(folder: Path, data: bytes) -> None:
    assert_checked(data, folder)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-8-sig", "cp037"])
def test_a_lesson_saved_in_another_way(encoding: str, folder: Path) -> None:
    assert_checked(base().encode(encoding), folder)
    if encoding in ("utf-16-le", "utf-16-be"):
        [finding] = check(folder).findings
        assert (finding.code, finding.message) == ("not-utf-8", "this file is saved as UTF-16")


FIELDS = sorted({f"{field}: " for field in re.findall(r"\b([a-z_]+): ", EVERY_FIELD)})


@pytest.mark.parametrize("naughty", NAUGHTY, ids=lambda text: ascii(text)[:30])
def test_a_naughty_string_in_every_field(naughty: str, folder: Path) -> None:
    """As every value of the tree, one kind of field after the other; and in the raw text."""
    every = tree_of(EVERY_FIELD)
    for node, key in _spots(every):
        if not isinstance(node[key], dict | list):
            node[key] = naughty
    assert_checked(yaml.dump(every, Dumper=_Dumper, allow_unicode=True).encode("utf-8", "surrogatepass"), folder)
    tree = tree_of(EVERY_FIELD)
    spots = _spots(tree)
    node, key = spots[len(naughty) * 7 % len(spots)]
    node[key] = naughty
    assert_checked(yaml.dump(tree, Dumper=_Dumper, allow_unicode=True).encode("utf-8", "surrogatepass"), folder)
    field = FIELDS[len(naughty) % len(FIELDS)]
    assert_checked(EVERY_FIELD.replace(field, field + naughty, 1).encode("utf-8", "surrogatepass"), folder)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.tuples(number, st.integers(0, 3), st.binary(max_size=4)), min_size=1, max_size=4))
def test_a_zip_with_other_bytes_in_it(folder: Path, changes: list[tuple[int, int, bytes]]) -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("night-bus/lesson.yaml", base())
        archive.writestr("night-bus/notes.txt", "Ask Ines.")
    data = target.getvalue()
    for at, cut, put in changes:
        start = at % (len(data) + 1)
        data = data[:start] + put + data[start + cut :]
    (folder / "pack.zip").write_bytes(data)
    try:
        report = check(folder / "pack.zip")
    except NothingToCheckError:
        return
    assert all(each.line >= 1 and each.column >= 1 and each.code in codes() for each in report.findings)
    assert "\x1b" not in "".join(as_lines(report, folder))
