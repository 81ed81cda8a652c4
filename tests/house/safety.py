"""Whether an expression can be read as nothing but text: a literal, or `Content`, which holds no markup any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.sources import Function, House, Module, assigned, name_of
from tests.house.widgets import HELPERS, KEEPS_CONTENT, MAKES_CONTENT


class Safety:
    """Looks at the expressions of one function, or of a module outside of its functions. In doubt they are not safe."""

    def __init__(self, module: Module, house: House, function: Function | None) -> None:
        self._module = module
        self._house = house
        self._function = function
        self._at_work: set[str] = set()

    def is_safe(self, node: ast.expr) -> bool:
        """Whether there can be no markup from outside in it."""
        return self.is_literal(node) or self.is_content(node)

    def is_literal(self, node: ast.expr) -> bool:
        """Whether all of it stands in the source."""
        match node:
            case ast.Constant():
                return True
            case ast.IfExp(body=body, orelse=orelse):
                return self.is_literal(body) and self.is_literal(orelse)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.is_literal(left) and self.is_literal(right)
            case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
                return all(map(self.is_literal, values))
            case ast.Name(id=name):
                return self._all(name, self._values_of(name), content=False)
            case ast.Attribute(attr=name) if name.strip("_").isupper():
                return self._all(name, self._house.attributes.get(name, []), content=False)
        return False

    def is_content(self, node: ast.expr) -> bool:
        """Whether it is `Content`, whatever text that was made of."""
        match node:
            case ast.Call():
                return self._makes_content(node.func)
            case ast.Subscript(value=value):
                return self.is_content(value)
            case ast.IfExp(body=body, orelse=orelse):
                return self._is_either(body) and self._is_either(orelse)
            case ast.BoolOp(values=values):
                return all(map(self._is_either, values))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.is_content(left) and self._is_either(right)
            case ast.Name(id=name):
                return self._is_content_name(name)
        return False

    def _is_either(self, node: ast.expr) -> bool:
        return self.is_content(node) or self.is_literal(node)

    def _makes_content(self, func: ast.expr) -> bool:
        match func:
            case ast.Name(id=name):
                return self._gives_content(name)
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if self._is_content_class(name):
                return attr in MAKES_CONTENT
            case ast.Attribute(value=ast.Name(id="self"), attr=attr):
                return _all_content(self._house.methods.get(attr, []))
            case ast.Attribute(value=value, attr=attr):
                return attr in KEEPS_CONTENT and self.is_content(value)
        return False

    def _gives_content(self, name: str) -> bool:
        source, original = self._module.imports.get(name, (self._module.dotted, name))
        if (source, original) in HELPERS or self._is_content_class(name):
            return True
        module = self._house.modules.get(source)
        return _all_content(module.results.get(original, [])) if module else False

    def _is_content_class(self, name: str) -> bool:
        return self._module.imports.get(name) == ("textual.content", "Content")

    def _is_content_name(self, name: str) -> bool:
        annotations = [each.annotation for each in self._arguments() if each.arg == name]
        if annotations:
            return _all_content(annotations) and len(self._stores(name)) == 1
        return self._all(name, self._values_of(name), content=True)

    def _all(self, name: str, values: list[ast.expr], *, content: bool) -> bool:
        """Whether all of these are safe; a name that leans on itself is as safe as the rest of them."""
        if name in self._at_work:
            return True
        self._at_work.add(name)
        try:
            return bool(values) and all(map(self._is_either if content else self.is_literal, values))
        finally:
            self._at_work.discard(name)

    def _values_of(self, name: str) -> list[ast.expr]:
        """All that a name may stand for; empty where that cannot be told."""
        if stores := self._stores(name):
            values = list(self._local_values(name))
            return values if len(values) == len(stores) else []
        if name in self._module.constants:
            return self._module.constants[name]
        source, original = self._module.imports.get(name, ("", ""))
        module = self._house.modules.get(source)
        return module.constants.get(original, []) if module else []

    def _local_values(self, name: str) -> Iterator[ast.expr]:
        for node in ast.walk(self._function) if self._function else ():
            if isinstance(node, ast.stmt):
                pairs = assigned([node])
                yield from (
                    value for target, value in pairs if isinstance(target, ast.Name) and name_of(target) == name
                )

    def _stores(self, name: str) -> list[ast.AST]:
        """Every place in the function that gives a name another value: loops, patterns and arguments, too."""
        return [
            node
            for node in (ast.walk(self._function) if self._function else ())
            if (isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load))
            or (isinstance(node, ast.arg) and node.arg == name)
            or (isinstance(node, ast.MatchAs | ast.MatchStar) and node.name == name)
        ]

    def _arguments(self) -> list[ast.arg]:
        if self._function is None:
            return []
        found = self._function.args
        return [*found.posonlyargs, *found.args, *found.kwonlyargs]


def _all_content(annotations: list[ast.expr | None]) -> bool:
    """Whether all of these annotations say `Content`; that they are true is the type checker's to see to."""
    return bool(annotations) and all(
        each is not None and ast.unparse(each).strip("'\"") == "Content" for each in annotations
    )
