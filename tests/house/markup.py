"""Finds widgets that are given text from outside with markup on.

Textual reads markup in almost every text it is given: "[@click=app.quit]" is an action, "[link=...]" a link, and "[/]"
ends the program. So text that is no literal must come as `Content`, through the helpers of `tutor.tui.text`, or with
`markup=False`. This reads the source and runs nothing; what it cannot decide about counts as found.

    hits = find_hits({"tutor/tui/app.py": source, ...})

All files of the screen go in at once: a class may have its base, and a function its annotation, in another file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.house.safety import Safety
from tests.house.sources import Function, House, Module, assigned, name_of
from tests.house.widgets import (
    ASKED_FOR,
    ATTRIBUTES,
    CLASS_ATTRIBUTES,
    FROM_RICH,
    LINES,
    LINKING,
    METHODS,
    NOT_TEXT,
    SHOWING,
    SILENT,
    TAKE_MARKUP_FALSE,
)


@dataclass(frozen=True, order=True, slots=True)
class Hit:
    """A place where text may be read as markup, and why."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}"


def find_hits(sources: Mapping[str, str]) -> list[Hit]:
    """Every place in these files, given as path and text, where a widget may read markup in what is no literal."""
    house = House.of(sources)
    found: set[Hit] = set()
    for module in house.modules.values():
        found.update(_imports(module))
        found.update(_Finder(module, house).visit(module.tree))
    return sorted(found)


def screen_sources(root: Path) -> dict[str, str]:
    """The files below `root`/tutor that draw: those of its screen, and any other that names Textual or Rich."""
    files = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in (root / "tutor").rglob("*.py")}
    return {
        file: text
        for file, text in files.items()
        if file.startswith("tutor/tui/") or any(f"{how} {what}" in text for how in ("from", "import") for what in _DRAW)
    }


_DRAW = ("textual", "rich")


def _imports(module: Module) -> Iterator[Hit]:
    """What must not be had at all; for types only, anything may."""
    for top in module.tree.body:
        if isinstance(top, ast.If) and name_of(top.test) == "TYPE_CHECKING":
            continue
        for node in ast.walk(top):
            if isinstance(node, ast.Import | ast.ImportFrom):
                where = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                pairs = [(where or each.name, each.name if where else "") for each in node.names]
                yield from (Hit(module.file, node.lineno, why) for pair in pairs if (why := _refused(*pair)))


def _refused(source: str, name: str) -> str:
    """Why something must not be imported; empty where it may."""
    if source == "webbrowser":
        return "nothing opens a browser"
    if source.split(".")[0] == "rich" and source not in FROM_RICH:
        return f"{source}: what it would read as markup is not known here"
    if source.startswith("textual.widgets") and name in ("", "*"):
        return "import widgets by name, so that they can be looked at"
    if source == "textual.widgets" and name not in SHOWING | SILENT:
        return f"{name}: what this widget shows is not known here"
    return ""


class _Finder:
    """Looks through one file."""

    def __init__(self, module: Module, house: House) -> None:
        self._module = module
        self._house = house
        self._class = ""
        self._function: Function | None = None

    def visit(self, node: ast.AST) -> Iterator[Hit]:
        """What is found in a part of it."""
        before = self._class, self._function
        match node:
            case ast.ClassDef():
                self._class, self._function = node.name, None
                yield from self._class_body(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function = node
                yield from self._render(node)
            case ast.Call():
                yield from self._call(node)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                yield from self._assignment(node)
        yield from self._handed_on(node)
        for child in ast.iter_child_nodes(node):
            yield from self.visit(child)
        self._class, self._function = before

    def _unsafe(self, values: list[ast.expr], what: str) -> Iterator[Hit]:
        safety = Safety(self._module, self._house, self._function)
        for value in values:
            made = isinstance(value, ast.Call) and self._shows(value.func)  # looked at by itself
            if not made and not safety.is_safe(value):
                yield self._hit(value, f"{what} may read markup in: {ast.unparse(value)}")

    def _hit(self, node: ast.expr | ast.stmt, why: str) -> Hit:
        return Hit(self._module.file, node.lineno, why)

    def _call(self, node: ast.Call) -> Iterator[Hit]:
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr == "__init__":
            bases = (
                self._house.bases.get(self._class, set())
                if ast.unparse(func.value) == "super()"
                else {name_of(func.value)}
            )
            for base in sorted(bases):
                if self._house.shows(base):
                    yield from self._given(node, base)
        elif self._shows(func):
            name = self._original(func)
            if name in LINES:
                yield self._hit(node, f"{name} shows escape sequences as they are: take Line")
            yield from self._given(node, name)
        elif isinstance(func, ast.Attribute):
            yield from self._method(node, func.attr)
        elif name_of(func) == "setattr" and not _is_other_attribute(node.args):
            yield self._hit(node, "which attribute is set cannot be told")

    def _given(self, node: ast.Call, name: str) -> Iterator[Hit]:
        """What the constructor of a widget is given."""
        kinds = self._house.kinds(name)
        if kinds & LINES:
            values = [each.value for each in node.keywords if each.arg not in NOT_TEXT | {"value"}]
        elif _says_no_markup(node) and not kinds & LINKING:
            return
        else:
            values = [*node.args, *(each.value for each in node.keywords if each.arg not in NOT_TEXT)]
        yield from self._unsafe(values, name)

    def _method(self, node: ast.Call, name: str) -> Iterator[Hit]:
        values = [*node.args, *(each.value for each in node.keywords if each.arg not in NOT_TEXT)]
        if name == "open_url":
            yield self._hit(node, "nothing opens a link")
        elif name == "exit":
            yield from self._unsafe([each.value for each in node.keywords if each.arg in (None, "message")], name)
        elif name == "from_markup":
            yield from self._unsafe(node.args, name)  # what is put into it by name is not read as markup
        elif self._is_text_method(name) and not (name in TAKE_MARKUP_FALSE and _says_no_markup(node)):
            yield from self._unsafe(values, name)

    def _is_text_method(self, name: str) -> bool:
        """`add` and `write` have other meanings where there is no tree and no log."""
        imported = {original for _, original in self._module.imports.values()}
        return (
            name in METHODS
            or (name == "add" and "Tree" in imported)
            or (name == "write" and bool({"Log", "RichLog"} & imported))
        )

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[Hit]:
        for target, value in assigned([node]):
            if isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES:
                yield from self._unsafe([value], target.attr)

    def _class_body(self, node: ast.ClassDef) -> Iterator[Hit]:
        for target, value in assigned(node.body):
            if name_of(target) in CLASS_ATTRIBUTES:
                yield from self._unsafe([value], name_of(target))

    def _render(self, node: Function) -> Iterator[Hit]:
        """What a widget draws of itself is read as markup where it is a text."""
        if self._class and node.name == "render":
            values = [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value is not None]
            yield from self._unsafe(values, "render")

    def _handed_on(self, node: ast.AST) -> Iterator[Hit]:
        """A widget, or a method that shows text, which gets another name or is handed on to be called elsewhere."""
        values: list[ast.expr] = []
        match node:
            case ast.Call() if name_of(node.func) not in ASKED_FOR:
                values = [*node.args, *(each.value for each in node.keywords)]
            case ast.Assign(value=value) | ast.Return(value=ast.expr() as value) | ast.NamedExpr(value=value):
                values = [value]
            case ast.List(elts=elts) | ast.Dict(values=elts) | ast.Set(elts=elts):
                values = elts
            case (
                ast.ListComp(elt=value) | ast.SetComp(elt=value) | ast.GeneratorExp(elt=value) | ast.Lambda(body=value)
            ):
                values = [value]
            case ast.IfExp(body=body, orelse=orelse):
                values = [body, orelse]
        for each in values:
            is_method = isinstance(each, ast.Attribute) and each.attr in METHODS
            if is_method or self._shows(each):
                yield self._hit(each, f"{name_of(each)} is handed on: what it is given there cannot be seen")

    def _original(self, node: ast.expr) -> str:
        name = name_of(node)
        return self._module.imports.get(name, ("", name))[1] if isinstance(node, ast.Name) else name

    def _shows(self, node: ast.expr) -> bool:
        """Whether a name is that of a widget which shows what it is given; it may come from Textual, or from anywhere
        that cannot be told.
        """
        first = node.value if isinstance(node, ast.Attribute) else node
        source, _ = self._module.imports.get(name_of(first), ("", ""))
        is_other = source.startswith("tutor.") and not source.startswith("tutor.tui")
        return isinstance(node, ast.Name | ast.Attribute) and not is_other and self._house.shows(self._original(node))


def _says_no_markup(node: ast.Call) -> bool:
    said = [each.value for each in node.keywords if each.arg == "markup"]
    return any(isinstance(each, ast.Constant) and each.value is False for each in said)


def _is_other_attribute(arguments: list[ast.expr]) -> bool:
    named = arguments[1] if len(arguments) > 1 else None
    return isinstance(named, ast.Constant) and named.value not in ATTRIBUTES
