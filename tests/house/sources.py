"""What can be known of some files without running them: where names come from, and what they stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.house.widgets import SHOWING

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


@dataclass
class Module:
    """A file: where its names were imported from, its constants, and how its functions' results are annotated."""

    file: str
    tree: ast.Module
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: dict[str, list[ast.expr]] = field(default_factory=dict)
    results: dict[str, list[ast.expr | None]] = field(default_factory=dict)

    @property
    def dotted(self) -> str:
        """Its name for an import."""
        return dotted(self.file)


@dataclass
class House:
    """All files together. Classes, attributes and methods go by their names alone: two of one name count as one, and
    what is not safe of the one is not safe of the other.
    """

    modules: dict[str, Module]
    bases: dict[str, set[str]] = field(default_factory=dict)
    own_init: dict[str, bool] = field(default_factory=dict)
    attributes: dict[str, list[ast.expr]] = field(default_factory=dict)
    methods: dict[str, list[ast.expr | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Mapping[str, str]) -> House:
        """Read files, given as path and text."""
        modules = {dotted(file): Module(file, ast.parse(text)) for file, text in sources.items()}
        house = cls(modules)
        for module in modules.values():
            house._learn_imports(module)
        for module in modules.values():
            house._learn(module)
        return house

    def kinds(self, name: str, seen: frozenset[str] = frozenset()) -> set[str]:
        """A class and all that it is built on."""
        if name in seen:
            return set()
        return {name}.union(*(self.kinds(base, seen | {name}) for base in self.bases.get(name, ())))

    def shows(self, name: str) -> bool:
        """Whether a class shows what its constructor is given: not where it has one of its own, which is looked at."""
        if name not in self.bases:
            return name in SHOWING
        return not self.own_init[name] and any(self.shows(base) for base in self.bases[name] - {name})

    def _learn_imports(self, module: Module) -> None:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                module.imports |= {each.asname or each.name: (node.module, each.name) for each in node.names}

    def _learn(self, module: Module) -> None:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                self._learn_class(node, module)
            elif isinstance(node, ast.stmt):
                for target, value in assigned([node]):
                    if isinstance(target, ast.Attribute):
                        self.attributes.setdefault(target.attr, []).append(value)
        for target, value in assigned(module.tree.body):
            module.constants.setdefault(name_of(target), []).append(value)
        for function in functions(module.tree.body):
            module.results.setdefault(function.name, []).append(function.returns)

    def _learn_class(self, node: ast.ClassDef, module: Module) -> None:
        bases = {module.imports.get(name_of(base), ("", name_of(base)))[1] for base in node.bases}
        self.bases.setdefault(node.name, set()).update(bases)
        methods = list(functions(node.body))
        has_init = any(each.name == "__init__" for each in methods)
        self.own_init[node.name] = self.own_init.get(node.name, True) and has_init
        for target, value in assigned(node.body):
            self.attributes.setdefault(name_of(target), []).append(value)
        for method in methods:
            self.methods.setdefault(method.name, []).append(method.returns)


def dotted(file: str) -> str:
    """The name of a file for an import."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def name_of(node: ast.expr) -> str:
    """The last name of an expression such as `Static`, `widgets.Static` or `Dialog[None]`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return name_of(value)
    return ""


def functions(body: Iterable[ast.stmt]) -> Iterator[Function]:
    """The functions among statements."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What these statements assign, target by target."""
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value):
                for each in targets:
                    yield from _paired(each, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                yield target, value


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Several targets at once get what stands in the same place, where it can be seen, or else all of it."""
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value
        return
    values = value.elts if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts) else None
    for number, each in enumerate(target.elts):
        yield from _paired(each, values[number] if values else value)
