"""How long functions and files are, beside their limits: `make sizes` shows it, `make lint` holds it.

A function's length is the number of its lines from ``def`` to its end, without its docstring and blank lines; an inner
function counts in the outer one too. Branches are conditions, loops, handlers, cases, comprehensions and boolean
operators. Migrations and blank modules are left out. Exits with 1 when a limit is exceeded.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

APPLICATION = ("accounts", "analytics", "bookings", "config", "events", "journal", "realtime")
MEDIAN, P95, LONGEST, BRANCHES, FILE, ANY_LINES = 5, 16, 34, 10, 250, 120
LONGER_FILES = {"config/settings.py"}  # one page with every setting, in Django's one place for them
BRANCHING = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.comprehension, ast.BoolOp, ast.match_case)


@dataclass(frozen=True, slots=True)
class Function:
    """``place`` is its file and first line."""

    place: str
    name: str
    lines: int
    branches: int


def python_files(*folders: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *folders], capture_output=True, text=True, check=True).stdout.split()  # noqa: S607 - git of the machine
    paths = (Path(name) for name in listed if name.endswith(".py"))
    return [path for path in paths if "migrations" not in path.parts and path.is_file() and path.read_text().strip()]


def functions_of(path: Path) -> Iterator[Function]:
    text = path.read_text()
    source = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(f"{path}:{node.lineno}", node.name, length_of(node, source), branches_of(node))


def length_of(node: ast.FunctionDef | ast.AsyncFunctionDef, source: list[str]) -> int:
    lines = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    if ast.get_docstring(node) is not None:
        lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return sum(1 for number in lines if source[number - 1].strip())


def branches_of(node: ast.AST) -> int:
    return sum(isinstance(part, BRANCHING) for part in ast.walk(node))


def lines_with_any(paths: list[Path]) -> int:
    return sum(any_lines(ast.parse(path.read_text())) for path in paths)


def any_lines(tree: ast.Module) -> int:
    """Count the lines that name ``typing.Any``, imports left out."""
    return len({part.lineno for part in ast.walk(tree) if isinstance(part, ast.Name) and part.id == "Any"})


def row(kind: str, sizes: list[int], limits: str) -> str:
    p95 = quantiles(sizes, n=20)[-1]
    return f"{kind:24} {len(sizes):6} {median(sizes):7.0f} {p95:6.0f} {max(sizes):8}   {limits}"


def faults(functions: list[Function], files: list[Path], any_count: int) -> Iterator[str]:
    lengths = [function.lines for function in functions]
    if median(lengths) > MEDIAN or quantiles(lengths, n=20)[-1] > P95:
        yield f"functions: median above {MEDIAN} or p95 above {P95} lines"
    for function in functions:
        if function.lines > LONGEST or function.branches > BRANCHES:
            yield f"{function.place}: {function.name} has {function.lines} lines and {function.branches} branches"
    for path in files:
        if (count := len(path.read_text().splitlines())) > FILE and str(path) not in LONGER_FILES:
            yield f"{path}: {count} lines"
    if any_count >= ANY_LINES:
        yield f"Any stands in {any_count} lines of application code: fewer than {ANY_LINES} are allowed"


def main() -> int:
    application, tests = python_files(*APPLICATION), python_files("tests")
    functions = [function for path in application for function in functions_of(path)]
    any_count = lines_with_any(application)
    print(f"{'':24} {'count':>6} {'median':>7} {'p95':>6} {'longest':>8}   limits")
    print(row("functions, lines", [one.lines for one in functions], f"median {MEDIAN}, p95 {P95}, longest {LONGEST}"))
    print(row("functions, branches", [one.branches for one in functions], f"most {BRANCHES}"))
    print(row("application files, lines", [len(path.read_text().splitlines()) for path in application], f"{FILE}"))
    print(row("test files, lines", [len(path.read_text().splitlines()) for path in tests], f"{FILE}"))
    print(f"lines with Any           {any_count:6}                            fewer than {ANY_LINES}")
    found = list(faults(functions, [*application, *tests], any_count))
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
