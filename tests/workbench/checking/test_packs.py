"""A pack from a stranger, folder or zip: everything in it that could do harm is refused with a sentence."""

import io
import os
import shutil
import stat
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.workbench.checking.pages import base
from tutor.cli import main
from tutor.errors import Mistake
from tutor.lessons.effort import MOST, lesson_effort
from tutor.lessons.loader import examine_lesson
from tutor.resources import lessons_dir
from tutor.workbench.checking import packs
from tutor.workbench.checking.checking import NothingToCheckError, Report, check
from tutor.workbench.checking.packs import PACK_CODES

WITH_FILE = base().replace("  text: |\n", "  file: article.txt\n  headings: [What comes next]\n", 1).replace(
    """\
    The night bus stops in May, says town clerk Ines Holm. The bus was late on nine days in March.

    # What comes next

    The bus will never come back. It was a silly plan from the start.
""",
    "",
)  # fmt: skip
ARTICLE = """\
The night bus stops in May, says town clerk Ines Holm. The bus was late on nine days in March.

What comes next

The bus will never come back. It was a silly plan from the start.
"""
SHIPPED = sorted(lessons_dir().glob("*/lesson.yaml"))
Member = str | zipfile.ZipInfo
GOOD: list[tuple[Member, str | bytes]] = [("night-bus/lesson.yaml", WITH_FILE), ("night-bus/article.txt", ARTICLE)]


def packed(members: Iterable[tuple[Member, str | bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for member, data in members:
            archive.writestr(member, data)
    return target.getvalue()


def entry(name: str, mode: int = 0, **more: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name
    info.external_attr = mode << 16
    for field, value in more.items():
        setattr(info, field, value)
    return info


@pytest.fixture
def check_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Report]:
    """Checks a zip, and makes sure that this leaves nothing behind on the disk."""
    monkeypatch.chdir(tmp_path)

    def check_it(data: bytes) -> Report:
        Path("pack.zip").write_bytes(data)
        report = check(Path("pack.zip"))
        assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]
        return report

    return check_it


def only(report: Report) -> Mistake:
    assert (report.lessons, len(report.findings)) == (0, 1), report.findings
    return report.findings[0]


def test_a_good_pack_is_checked_in_memory(check_zip: Callable[[bytes], Report]) -> None:
    report = check_zip(packed([*GOOD, ("pool/lesson.yaml", base()), ("README", "Two lessons."), ("notes.md", "")]))
    assert (report.lessons, report.findings) == (2, ())


def test_findings_are_named_as_in_the_pack(check_zip: Callable[[bytes], Report]) -> None:
    spoilt = WITH_FILE.replace("never come back", "never return")
    [finding] = check_zip(packed([("a/lesson.yaml", spoilt), ("a/article.txt", ARTICLE)])).findings
    assert (finding.file, finding.code) == ("pack.zip/a/lesson.yaml", "mark-not-in-block")
    assert finding.line == spoilt[: spoilt.index("never return")].count("\n") + 1
    [finding] = check_zip(packed([("a/lesson.yaml", WITH_FILE), ("a/article.txt", " \n")])).findings
    assert (finding.file, finding.line, finding.code) == ("pack.zip/a/article.txt", 1, "empty-article")


def test_a_lesson_at_the_top_of_a_zip(check_zip: Callable[[bytes], Report]) -> None:
    report = check_zip(packed([("lesson.yaml", WITH_FILE), ("article.txt", ARTICLE)]))
    assert (report.lessons, report.findings) == (1, ())


@pytest.mark.parametrize(
    "name", ["../article.txt", "/etc/hostname", "..\\article.txt", "C:article.txt", "pool/../../x"]
)
def test_an_article_outside_of_its_folder_is_not_read_from_a_zip(
    name: str, check_zip: Callable[[bytes], Report]
) -> None:
    lesson = WITH_FILE.replace("article.txt", f"'{name}'")
    [finding] = check_zip(packed([("night-bus/lesson.yaml", lesson), ("article.txt", ARTICLE)])).findings
    assert finding.code == "article-file-name"


def test_an_article_that_is_not_in_the_zip(check_zip: Callable[[bytes], Report]) -> None:
    [finding] = check_zip(packed(GOOD[:1])).findings
    assert (finding.code, finding.offending) == ("unreadable-file", "article.txt")


LINK, PIPE, CHARACTER, BLOCK, SOCKET = (
    stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644, stat.S_IFBLK | 0o644, stat.S_IFSOCK | 0o644
)  # fmt: skip
REFUSED: list[tuple[str, zipfile.ZipInfo, str, str]] = [
    ("up", entry("../evil.txt"), "pack-unsafe-name", "leads out of the pack"),
    ("up in the middle", entry("night-bus/../../evil.txt"), "pack-unsafe-name", "leads out of the pack"),
    ("up with backslashes", entry("..\\evil.txt"), "pack-unsafe-name", "leads out of the pack"),
    ("only up", entry(".."), "pack-unsafe-name", "leads out of the pack"),
    ("absolute", entry("/etc/cron.d/evil"), "pack-unsafe-name", "begins at the root"),
    ("absolute with a backslash", entry("\\evil.txt"), "pack-unsafe-name", "begins at the root"),
    ("another computer", entry("\\\\server\\share\\evil.txt"), "pack-unsafe-name", "begins at the root"),
    ("drive", entry("C:/evil.txt"), "pack-unsafe-name", "begins at the root"),
    ("drive without a slash", entry("c:evil.txt"), "pack-unsafe-name", "begins at the root"),
    ("hidden stream", entry("night-bus/lesson.yaml:evil"), "pack-unsafe-name", "not every computer"),
    ("backslash", entry("night-bus\\evil.txt"), "pack-unsafe-name", "not every computer"),
    ("escape code", entry("\x1b[2Jevil.txt"), "pack-unsafe-name", "not every computer"),
    ("letters turned round", entry("gpj.\u202eexe.txt"), "pack-unsafe-name", "not every computer"),
    ("NUL", entry("evil.txt\0.png"), "pack-unsafe-name", "not every computer"),
    ("line feed", entry("evil\n::error::x.txt"), "pack-unsafe-name", "not every computer"),
    ("a dot", entry("night-bus/./evil.txt"), "pack-unsafe-name", "incomplete"),
    ("two slashes", entry("night-bus//evil.txt"), "pack-unsafe-name", "incomplete"),
    ("device of Windows", entry("night-bus/CON.txt"), "pack-unsafe-name", "on every computer"),
    ("dot at the end", entry("night-bus./evil.txt"), "pack-unsafe-name", "on every computer"),
    ("blank at the end", entry("night-bus/evil.txt "), "pack-unsafe-name", "on every computer"),
    ("long name", entry("a" * 101), "pack-unsafe-name", "too long"),
    ("long path", entry("/".join(["a" * 50] * 5)), "pack-unsafe-name", "too long"),
    ("deep", entry("/".join("abcdefghijk")), "pack-unsafe-name", "too long"),
    ("link", entry("night-bus/notes.txt", LINK), "pack-special-file", "a link"),
    ("link as a folder", entry("pool/", LINK), "pack-special-file", "a link"),
    ("pipe", entry("night-bus/notes.txt", PIPE), "pack-special-file", "no ordinary file"),
    ("device", entry("night-bus/notes.txt", CHARACTER), "pack-special-file", "no ordinary file"),
    ("disk", entry("night-bus/notes.txt", BLOCK), "pack-special-file", "no ordinary file"),
    ("socket", entry("night-bus/notes.txt", SOCKET), "pack-special-file", "no ordinary file"),
    ("same name", entry("night-bus/lesson.yaml"), "pack-name-twice", "called like"),
    ("same name in capitals", entry("Night-Bus/LESSON.yaml"), "pack-name-twice", "called like"),
    ("same name as a folder", entry("night-bus/lesson.yaml/"), "pack-name-twice", "called like"),
    ("bzip2", entry("notes.txt", compress_type=zipfile.ZIP_BZIP2), "pack-unreadable", "unusual way"),
    ("lzma", entry("notes.txt", compress_type=zipfile.ZIP_LZMA), "pack-unreadable", "unusual way"),
]  # fmt: skip


@pytest.mark.parametrize(("member", "code", "says"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_could_do_harm_is_refused_and_the_pack_with_it(
    member: zipfile.ZipInfo, code: str, says: str, check_zip: Callable[[bytes], Report]
) -> None:
    finding = only(check_zip(packed([*GOOD, (member, b"x")])))
    assert (finding.file, finding.line, finding.column, finding.code) == ("pack.zip", 1, 1, code)
    assert says in finding.message


def test_a_name_that_is_the_same_in_another_spelling_of_unicode(check_zip: Callable[[bytes], Report]) -> None:
    assert only(check_zip(packed([*GOOD, ("caf\u00e9.txt", ""), ("cafe\u0301.txt", "")]))).code == "pack-name-twice"


def flagged(data: bytes, flag: int) -> bytes:
    """The zip with a flag set at the first of its files, there and in the list."""
    changed = bytearray(data)
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(start) + offset
        struct.pack_into("<H", changed, at, struct.unpack_from("<H", data, at)[0] | flag)
    return bytes(changed)


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2000])
def test_a_password_is_refused(flag: int, check_zip: Callable[[bytes], Report]) -> None:
    finding = only(check_zip(flagged(packed(GOOD), flag)))
    assert (finding.code, finding.message) == ("pack-unreadable", "this file has a password")


def test_a_file_that_unpacks_to_far_more_is_refused_before_it_is_unpacked(
    check_zip: Callable[[bytes], Report],
) -> None:
    finding = only(check_zip(packed([*GOOD, ("zeros.txt", bytes(8 << 20))])))
    assert (finding.code, finding.offending) == ("pack-too-large", "zeros.txt")


def test_many_files_that_unpack_to_far_more_together(check_zip: Callable[[bytes], Report]) -> None:
    noise = os.urandom(20_000) + bytes(1_500_000)
    finding = only(check_zip(packed([*GOOD, *((f"{number}.txt", noise) for number in range(50))])))
    assert (finding.code, "64 MiB" in finding.message) == ("pack-too-large", True)


def test_a_size_that_is_a_lie_is_found_out_when_it_is_read(check_zip: Callable[[bytes], Report]) -> None:
    data = packed([("night-bus/lesson.yaml", "# " + "x" * 60_000 + "\n" + base())])
    lying = bytearray(data)
    for start, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", lying, data.index(start) + offset, 100)
    report = check_zip(bytes(lying))
    assert [each.code for each in report.findings] == ["unreadable-file"]


def test_a_lesson_that_is_too_large_is_not_read(check_zip: Callable[[bytes], Report]) -> None:
    noise = os.urandom(30_000).hex()
    lesson = base() + "".join(f"# {noise}\n" for _ in range(20))
    [finding] = check_zip(packed([("night-bus/lesson.yaml", lesson)])).findings
    assert (finding.code, "larger than 1 MiB" in finding.message) == ("unreadable-file", True)


def test_too_many_files_are_counted_before_the_list_is_read(check_zip: Callable[[bytes], Report]) -> None:
    finding = only(check_zip(packed([(f"{number}/lesson.yaml", "") for number in range(2_001)])))
    assert "more than 2,000 files" in finding.message


def test_a_zip_in_a_zip_is_not_opened(check_zip: Callable[[bytes], Report]) -> None:
    inner = packed([("night-bus/lesson.yaml", "tutor: 99")])
    report = check_zip(packed([*GOOD, ("more.zip", inner)]))
    assert [(each.code, each.offending) for each in report.findings] == [("pack-other-file", "more.zip")]
    assert (report.errors, len(report.warnings)) == ((), 1)


def test_a_pack_with_very_much_wrong_in_it_is_told_of_briefly(check_zip: Callable[[bytes], Report]) -> None:
    other = check_zip(packed([*GOOD, *((f"{number}.exe", "") for number in range(60))])).findings
    assert len(other) == 21
    assert [each.message for each in other if not each.offending] == ["40 more files are no part of a lesson"]
    assert len(check_zip(packed([*GOOD, *((f"../{number}", "") for number in range(60))])).findings) == 20


def test_a_large_zip_is_refused_by_its_size(check_zip: Callable[[bytes], Report]) -> None:
    assert only(check_zip(packed(GOOD) + bytes(33 << 20))).code == "pack-too-large"


def test_a_zip_of_zips_of_zips_is_not_gone_into(check_zip: Callable[[bytes], Report]) -> None:
    inner = packed([("zeros.txt", bytes(1 << 20))])
    for _ in range(2):
        inner = packed([(f"{number}.zip", inner) for number in range(10)], zipfile.ZIP_STORED)
    report = check_zip(packed([*GOOD, ("42.zip", inner)], zipfile.ZIP_STORED))
    assert [(each.code, each.offending) for each in report.findings] == [("pack-other-file", "42.zip")]


def test_a_hundred_thousand_files_are_refused_by_their_number(check_zip: Callable[[bytes], Report]) -> None:
    one = packed([("a", b"")])
    at = one.index(b"PK\x01\x02")
    entry_of_list, end = one[at : one.index(b"PK\x05\x06")], one[one.index(b"PK\x05\x06") :]
    finding = only(check_zip(one[:at] + entry_of_list * 100_000 + end))
    assert (finding.code, "more than 2,000 files" in finding.message) == ("pack-too-large", True)


def test_files_that_share_their_bytes_do_not_multiply(check_zip: Callable[[bytes], Report]) -> None:
    # After D. Fifield, "A better zip bomb" (2019): many entries of the list point at the same packed bytes.
    one = packed([("000/lesson.yaml", base())])
    at, last = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entries = b"".join(one[at:last].replace(b"000/", b"%03d/" % number) for number in range(150))
    end = bytearray(one[last:])
    struct.pack_into("<HHI", end, 8, 150, 150, len(entries))
    report = check_zip(one[:at] + entries + bytes(end))
    assert {each.code for each in report.errors} <= {"unreadable-file", "pack-unreadable"}
    assert report.errors


@pytest.mark.parametrize("lie", [0, 10, 70_000, 1 << 20, (1 << 32) - 2])
def test_no_size_in_the_list_is_believed(lie: int, check_zip: Callable[[bytes], Report]) -> None:
    data = bytearray(packed([("night-bus/lesson.yaml", base() + "# x\n" * 20_000)]))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, lie)
    assert {each.code for each in check_zip(bytes(data)).errors} <= {"unreadable-file", "pack-too-large"}
    assert check_zip(bytes(data)).errors


def test_a_wrong_checksum_is_noticed(check_zip: Callable[[bytes], Report]) -> None:
    data = bytearray(packed([("night-bus/lesson.yaml", base())]))
    data[data.index(b"PK\x01\x02") + 16] ^= 1
    [finding] = check_zip(bytes(data)).findings
    assert (finding.code, "the zip is damaged" in finding.message) == ("unreadable-file", True)


def test_a_pack_has_a_limit_of_lessons(check_zip: Callable[[bytes], Report]) -> None:
    report = check_zip(packed([(f"{number:03}/lesson.yaml", base()) for number in range(201)]))
    assert report.lessons == 200
    assert [(each.code, each.offending) for each in report.findings] == [
        ("pack-too-much-to-check", "pack.zip/200/lesson.yaml")
    ]
    assert "more than 200 lessons" in report.findings[0].message


def test_a_pack_has_a_limit_of_text(check_zip: Callable[[bytes], Report]) -> None:
    # Lessons that cannot be read for another reason count as well.
    noise = "".join(f"# {os.urandom(30).hex()}\n" for _ in range(16_000))
    report = check_zip(packed([(f"{number:02}/lesson.yaml", f"title: [\n{noise}") for number in range(20)]))
    ended = [each for each in report.findings if each.code == "pack-too-much-to-check"]
    assert ["16 MiB" in each.message for each in ended] == [True]
    assert report.lessons < 20


def with_rules(count: int) -> str:
    """A lesson that is about as much work as so many rules, each held against answers of 20,000 letters."""
    answers = "".join(f"  - {{answer: {'so many words ' * 70}{n}, verdict: not-yet}}\n" for n in range(20))
    items = ", ".join(f"word{number}" for number in range(count))
    step = f"- id: why\n  do: explain\n  at: p1\n  ask: Why?\n  rubric:\n  - {{id: i, idea: I, all_of: [[{items}]]}}\n"
    head = "tutor: 1\ntitle: T\narticle: {title: A, licence: C, text: One two three.}\nsteps:\n"
    return f"{head}{step}  samples:\n{answers}"


def work(pack: list[tuple[Member, str | bytes]], check_zip: Callable[[bytes], Report]) -> tuple[int, list[str]]:
    report = check_zip(packed(pack))
    return report.lessons, [each.offending for each in report.findings if each.code == "pack-too-much-to-check"]


def test_a_pack_has_a_limit_of_work(
    check_zip: Callable[[bytes], Report], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pack: list[tuple[Member, str | bytes]] = [(f"{number}/lesson.yaml", with_rules(100)) for number in range(5)]
    assert work(pack, check_zip) == (5, [])
    monkeypatch.setattr("tutor.workbench.checking.packs._MOST_EFFORT", 8_000_000)
    lessons, ended = work(pack, check_zip)
    assert 1 < lessons < 5
    assert ended == [f"pack.zip/{lessons - 1}/lesson.yaml"]
    # So has a folder; a lesson by itself keeps the limit of its own.
    for name, text in pack:
        (tmp_path / "folder" / str(name)).parent.mkdir(parents=True)
        (tmp_path / "folder" / str(name)).write_text(str(text), encoding="utf-8")
    report = check(tmp_path / "folder")
    assert (report.lessons, [each.code for each in report.errors]) == (lessons, ["pack-too-much-to-check"])
    assert check(tmp_path / "folder" / "0").errors == ()


def test_five_times_what_ships_is_still_a_pack() -> None:
    assert sum(lesson_effort(examine_lesson(file).root) for file in SHIPPED) * 5 < packs._MOST_EFFORT
    assert packs._MOST_EFFORT == 4 * MOST


DAMAGED = {
    "nothing": b"",
    "no zip": b"This is no zip at all.",
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "cut short": packed(GOOD)[:-30],
    "only the beginning": packed(GOOD)[:40],
    "a program in front": b"MZ" + bytes(100) + packed(GOOD),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_zip_is_refused(data: bytes, check_zip: Callable[[bytes], Report]) -> None:
    assert only(check_zip(data)).code == "pack-unreadable"


def test_damage_inside_of_a_file_is_said_at_that_file(check_zip: Callable[[bytes], Report]) -> None:
    data = bytearray(packed([("night-bus/lesson.yaml", base())]))
    data[200:220] = bytes(20)
    [finding] = check_zip(bytes(data)).findings
    assert (finding.file, finding.code) == ("pack.zip/night-bus/lesson.yaml", "unreadable-file")


def test_a_zip_is_known_by_its_first_bytes_too(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_bytes(packed([(entry("../evil.txt"), b"")]))
    assert [each.code for each in check(path).findings] == ["pack-unsafe-name"]


def test_every_kind_of_refusal_has_been_seen() -> None:
    seen = {case[2] for case in REFUSED} | {"pack-too-large", "pack-other-file", "pack-too-much-to-check"}
    assert seen == {code.name for code in PACK_CODES}


@pytest.mark.parametrize("members", [[], [("notes.txt", "")], [("night-bus/Lesson.yml", base())]], ids=len)
def test_a_zip_without_a_lesson_is_nothing_to_check(
    members: list[tuple[Member, str]], check_zip: Callable[[bytes], Report]
) -> None:
    with pytest.raises(NothingToCheckError, match=r"A lesson is a folder with a lesson\.yaml in it"):
        check_zip(packed(members))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A folder with two lessons, one of them deeper."""
    for folder in (tmp_path / "pack" / "night-bus", tmp_path / "pack" / "more" / "pool"):
        folder.mkdir(parents=True)
        (folder / "lesson.yaml").write_text(WITH_FILE, encoding="utf-8")
        (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path / "pack"


def test_a_folder_of_lessons_is_checked_at_any_depth(pack: Path) -> None:
    (pack / ".git" / "old").mkdir(parents=True)
    (pack / ".git" / "old" / "lesson.yaml").write_text("tutor: 99", encoding="utf-8")
    (pack / "notes.txt").write_text("Ask Ines.", encoding="utf-8")
    report = check(pack)
    assert (report.lessons, report.findings) == (2, ())
    assert sorted(file.name for file in report.files) == ["article.txt"] * 2 + ["lesson.yaml"] * 2


needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")


@needs_links
@pytest.mark.parametrize("target", ["/etc", "/etc/hostname", "../outside", "more/../../outside", "/nowhere"])
def test_a_link_out_of_a_folder_is_refused(target: str, pack: Path) -> None:
    (pack.parent / "outside").mkdir()
    (pack.parent / "outside" / "lesson.yaml").write_text("tutor: 99", encoding="utf-8")
    (pack / "away").symlink_to(target)
    report = check(pack)
    assert [(Path(each.file).name, each.code) for each in report.findings] == [("away", "pack-special-file")]
    assert report.lessons == 2


@needs_links
def test_a_lesson_that_is_a_link_out_of_the_pack_is_not_read(pack: Path) -> None:
    (pack.parent / "secret").write_text("a secret of this computer", encoding="utf-8")
    (pack / "more" / "pool" / "lesson.yaml").unlink()
    (pack / "more" / "pool" / "lesson.yaml").symlink_to(pack.parent / "secret")
    report = check(pack)
    assert [each.code for each in report.findings] == ["pack-special-file"]
    assert "a secret" not in str(report)


@needs_links
def test_a_folder_of_one_lesson_that_is_a_link_out_of_it_is_not_read(pack: Path) -> None:
    (pack.parent / "secret").write_text("a secret of this computer", encoding="utf-8")
    (pack / "night-bus" / "lesson.yaml").unlink()
    (pack / "night-bus" / "lesson.yaml").symlink_to(pack.parent / "secret")
    report = check(pack / "night-bus")
    assert (report.lessons, [each.code for each in report.findings]) == (0, ["pack-special-file"])
    assert "a secret" not in str(report)


@needs_links
def test_an_article_that_is_a_link_out_of_the_pack_is_not_read(pack: Path) -> None:
    (pack.parent / "secret").write_text("a secret of this computer", encoding="utf-8")
    (pack / "night-bus" / "article.txt").unlink()
    (pack / "night-bus" / "article.txt").symlink_to(pack.parent / "secret")
    report = check(pack)
    assert {each.code for each in report.findings} == {"pack-special-file", "article-file-name"}
    assert "a secret" not in str(report)


@needs_links
def test_links_that_stay_inside_are_no_danger_and_no_endless_walk(pack: Path) -> None:
    (pack / "round").symlink_to(pack)
    (pack / "loop").symlink_to("loop")
    (pack / "again").symlink_to("night-bus")
    report = check(pack)
    assert (report.lessons, report.findings) == (2, ())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on Windows")
def test_a_pipe_in_place_of_a_lesson_does_not_hang(pack: Path) -> None:
    (pack / "pipe").mkdir()
    os.mkfifo(pack / "pipe" / "lesson.yaml")
    [finding] = check(pack).findings
    assert (finding.code, "not an ordinary file" in finding.message) == ("unreadable-file", True)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices as files on Windows")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/stdin"])
def test_a_device_is_no_lesson(device: str) -> None:
    [finding] = check(Path(device)).findings
    assert finding.code == "unreadable-file"


def test_a_folder_without_a_lesson_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(NothingToCheckError, match="There is no lesson in"):
        check(tmp_path)


def test_a_folder_with_very_many_files_is_not_gone_through(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.workbench.checking.packs._MOST_FILES", 1)
    for number in range(12):
        (pack / f"{number}.txt").touch()
    [finding] = check(pack).findings
    assert (finding.code, finding.message) == ("pack-too-large", "this folder has too many files")


def test_a_folder_that_goes_very_deep_comes_to_an_end(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a"] * 30)
    deep.mkdir(parents=True)
    (deep / "lesson.yaml").write_text(base(), encoding="utf-8")
    with pytest.raises(NothingToCheckError):
        check(tmp_path)


@pytest.mark.parametrize("name", ["", "nowhere", "a\0b", "x" * 300, "pack.zip"])
def test_a_path_that_leads_nowhere_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(NothingToCheckError, match="There is no"):
        check(tmp_path / name)


def test_the_pack_comes_out_as_it_went_in(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = shutil.make_archive(str(tmp_path / "made"), "zip", pack)
    assert main(["check", made]) == 0
    assert "2 lessons checked" in capsys.readouterr().out
