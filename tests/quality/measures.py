"""
What the size limits count: lines that hold code.

Blank lines, comments and docstrings are not counted. A limit is there to keep what has to be understood at once small,
and must not be met by explaining less.
"""

import ast
from dataclasses import dataclass
from pathlib import Path, PurePath

MAX_MODULE = 300
MAX_CLASS = 150
MAX_FUNCTION = 40

# Names that say nothing about what is inside, so that anything ends up there.
DRAWERS = {"common", "helper", "helpers", "misc", "util", "utils"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Size:
    """How many lines of code something has, and how many it may have."""

    what: str
    lines: int
    limit: int


def too_long(path: Path, source: str) -> list[str]:
    """Return, in words, what is longer than it may be in a module."""
    return [
        f"{path}: {s.what} has {s.lines} lines of code, {s.limit} allowed" for s in sizes(source) if s.lines > s.limit
    ]


def sizes(source: str) -> list[Size]:
    """Measure a module and every class and function in it, however deep."""
    tree = ast.parse(source)
    code = _code_lines(tree, source)
    found = [Size("the module", len(code), MAX_MODULE)]
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            lines = sum(1 for line in code if first <= line <= (node.end_lineno or first))
            is_class = isinstance(node, ast.ClassDef)
            found.append(Size(node.name, lines, MAX_CLASS if is_class else MAX_FUNCTION))
    return found


def is_drawer(path: PurePath) -> bool:
    """Tell whether a module or one of the packages around it has a name that anything could hide behind."""
    return bool(DRAWERS & {*path.parts[:-1], path.stem})


def beyond_gathering(source: str) -> list[str]:
    """Return the statements of a module other than its docstring, imports and ``__all__``."""
    statements = ast.parse(source).body
    docstring = statements[:1] if statements and _is_text(statements[0]) else []
    return [
        ast.unparse(statement).splitlines()[0]
        for statement in statements[len(docstring) :]
        if not isinstance(statement, ast.Import | ast.ImportFrom) and not is_all(statement)
    ]


def is_all(statement: ast.stmt) -> bool:
    """Tell whether a statement sets ``__all__``."""
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"


def _code_lines(tree: ast.Module, source: str) -> set[int]:
    text = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | Definition) and node.body and _is_text(node.body[0])
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    lines = enumerate(source.splitlines(), start=1)
    return {number for number, line in lines if line.strip() and not line.strip().startswith("#")} - text


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
