r"""The pages of docs/checks/: each is documentation for teachers and, with its two examples, the test of its code.

A page `docs/checks/CODE.md` looks like this:

    # CODE

    A sentence that says what it means.

    ## Bad

    ```yaml
    marks:
    - id: never
      at: p2
      quote: will never go
    #        ^ here
    ```

    ## Good

    ```yaml
    marks:
    - id: never
      at: p2
      quote: will never come back
    ```

    ## Why          (may be left out)

An example is laid over the small lesson `base.yaml` beside this file: each of its fields at the left edge replaces the
field of the same name there, whole. So the example stands at the top of the lesson that is checked, and its lines keep
their numbers.

Where the finding must be is shown in one of two ways; the marker is taken out before the lesson is checked. There may
be several in one example: then the finding must be at each of these places and at no other.

- a line of its own under the place, `#`, blanks and `^ here`: the finding is in the line above, in the column of `^`;
- `# <- here` at the end of a line: the finding is at the first character of that line that is no blank. (So it can be
  in column 1, where no `^` can stand. In `- id: never` that is the hyphen.)
- without any marker the finding is at 1:1 of the lesson.

Words after `yaml` in the first line of the block:

- `whole`: the example is the whole file, nothing is laid over the base;
- `escaped`: what cannot stand on a page is written as `\xE9` (one byte); all else is UTF-8.

A line that ends in `# 300 times` stands there so many times.

A block ```` ```text NAME ```` in the same section is a file of that name beside the lesson (an article), and may hold
the markers, too.

A block ```` ```text pack.zip ```` stands for a zip, which is checked instead of a lesson: each line is the name of a
file in it, or `NAME -> TARGET` (a link), `NAME (with a password)`, `NAME (20 MiB of blanks)`; `NAME (201 times)` stands
for so many, with a number in the place of `#`. Every `lesson.yaml` in it is the base.
"""

import re
import stat
import warnings
import zipfile
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from tutor.workbench.checking.checking import Report, check

FOLDER = Path(__file__).parents[3] / "docs" / "checks"
PACK = "pack.zip"
_BASE = Path(__file__).with_name("base.yaml")
_BLOCK = re.compile(r"^```(\S+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CARET = re.compile(r"#( *)\^ here\n?")
_ARROW = re.compile(r" *# <- here$")
_TIMES = re.compile(r" *# (\d+) times$")

Place = tuple[str, int, int]
"""The name of a file of the lesson's folder, a line and a column."""


@dataclass(frozen=True)
class Example:
    """A lesson's folder, by file name, and where in it the page's code must be found."""

    files: dict[str, bytes]
    places: tuple[Place, ...]

    def check_in(self, folder: Path) -> Report:
        """What `check` says about this lesson, written into `folder`."""
        folder.mkdir(parents=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return check(folder / PACK if PACK in self.files else folder)


@dataclass(frozen=True)
class Page:
    """A page as it was read: its code, its sentence and its examples."""

    code: str
    sentence: str
    bad: Example
    good: Example


def page_names() -> list[str]:
    """The codes that have a page."""
    return sorted(path.stem for path in FOLDER.glob("*.md") if path.name != "README.md")


def read_page(code: str) -> Page:
    """The page of a code; it must have the form described above."""
    text = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    head, *sections = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    title, _, sentence = head.partition("\n")
    assert title == f"# {code}", "the page begins with its code"
    by_name = dict(zip(sections[::2], sections[1::2], strict=True))
    assert list(by_name) in (["Bad", "Good"], ["Bad", "Good", "Why"])
    assert sentence.strip(), "a sentence says what the code means"
    return Page(code, sentence.strip(), _example(by_name["Bad"]), _example(by_name["Good"]))


def assert_page_holds(code: str, folder: Path) -> None:
    """The bad example has the page's code at every place shown and nowhere else; the good one does not have it.

    A code that is an error must be the only error of its bad example; no good example and no bad example of a warning
    has any error. `folder` is an empty folder to write to.
    """
    page = read_page(code)
    bad, good = page.bad.check_in(folder / "bad"), page.good.check_in(folder / "good")
    found = tuple(
        (str(Path(each.file).relative_to(folder / "bad")), each.line, each.column)
        for each in bad.findings
        if each.code == code
    )
    whole = (PACK if PACK in page.bad.files else "lesson.yaml", 1, 1)
    assert found == (page.bad.places or (whole,)), bad.findings
    assert [each for each in bad.errors if each.code != code] == []
    assert list(good.errors) == []
    assert [each for each in good.findings if each.code == code] == []


def _example(section: str) -> Example:
    blocks = _BLOCK.findall(section)
    assert sum(language == "yaml" or words == PACK for language, words, _ in blocks) == 1, "one lesson, or one zip"
    files: dict[str, bytes] = {}
    places: list[Place] = []
    for language, words, marked in blocks:
        assert language in ("yaml", "text")
        if words == PACK:
            files[PACK] = zip_of(marked.splitlines())
            continue
        name = words if language == "text" else "lesson.yaml"
        text, found = _take_out_markers(marked)
        places += [(name, line, column) for line, column in found]
        if language == "yaml" and "whole" not in words.split():
            text = laid_over_base(text)
        data = text.encode()
        if "escaped" in words.split():
            data = re.sub(rb"\\x([0-9A-F]{2})", lambda match: bytes([int(match[1], 16)]), data)
        files[name] = data
    return Example(files, tuple(places))


def zip_of(listing: list[str]) -> bytes:
    """A zip with the files of a listing, as described above."""
    target, listing = BytesIO(), [each for line in listing for each in _repeated(line)]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that stands twice is what some pages are about
        for line in listing:
            name, kind, special = re.split(r" (->|\() ?", line) if " (" in line or " ->" in line else (line, "", "")
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            data = base() if name.endswith("lesson.yaml") else "The pool opens at nine, says Omar Reed."
            if kind == "->":
                info.external_attr, data = (stat.S_IFLNK | 0o777) << 16, special
            elif size := re.match(r"(\d+) MiB", special):
                data = " " * (int(size[1]) << 20)
            archive.writestr(info, data)
    packed, at = bytearray(target.getvalue()), -1
    for line in listing:  # the flag of a password stands in the list at the end of the zip, 8 bytes into each entry
        at = packed.index(b"PK\x01\x02", at + 1)
        packed[at + 8] |= "password" in line
    return bytes(packed)


def _repeated(line: str) -> list[str]:
    times = re.fullmatch(r"(.+) \((\d+) times\)", line)
    return [times[1].replace("#", str(number)) for number in range(int(times[2]))] if times else [line]


def _take_out_markers(marked: str) -> tuple[str, list[tuple[int, int]]]:
    lines: list[str] = []
    places: list[tuple[int, int]] = []
    for line in marked.splitlines():
        if caret := _CARET.fullmatch(line):
            places.append((len(lines), len(caret[1]) + 2))
            continue
        times = _TIMES.search(line)
        plain = _TIMES.sub("", _ARROW.sub("", line))
        lines += [plain] * (int(times[1]) if times else 1)
        if _ARROW.search(line):
            places.append((len(lines), len(plain) - len(plain.lstrip()) + 1))
    return "".join(f"{line}\n" for line in lines), places


def laid_over_base(snippet: str) -> str:
    """The snippet, followed by the fields of the base that it does not have."""
    own = {name for name, _ in _fields(snippet)}
    return snippet + "".join(text for name, text in _fields(base()) if name not in own)


@cache
def base() -> str:
    """The small lesson over which examples are laid; `check` has nothing to say about it."""
    return _BASE.read_text(encoding="utf-8")


def _fields(text: str) -> list[tuple[str, str]]:
    """The fields at the left edge of a YAML text, each with all of its lines."""
    parts = re.split(r"^(?=[A-Za-z_]\w*:)", text, flags=re.MULTILINE)
    return [(part.partition(":")[0], part) for part in parts if part]
