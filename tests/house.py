"""What can be measured of plain names and clear structure; `make lint` prints it and holds the aims.

A measure is a number with its aim; where one is above it, the program ends with what it counts.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

ROOT = Path(__file__).parents[1] / "tracker"
VAGUE = frozenset("one found other others it item x".split())
#: Words that end in "ed" and are no participles; and participles that do not.
_NO_PARTICIPLES = frozenset(
    "bed embed exceed feed hundred indeed need proceed red seed speed succeed".split()
)
_IRREGULAR = frozenset(
    "begun bought bound broken brought built caught chosen dealt done drawn driven fallen fed felt"
    " forgotten found given gone gotten grown heard held hidden kept known laid led left lent lost"
    " made meant paid proven said seen sent shown sold sought spent split spoken stood struck taken"
    " taught thought thrown told understood woken won worn written".split()
)
_PREPOSITIONS = frozenset(
    "after again apart around as at before by for from in inside of off on once out over to together"
    " twice with".split()
)


class Measure(NamedTuple):
    """One number about the house."""

    name: str
    value: float
    aim: float
    where: tuple[str, ...] = ()  #: what it counts


def trees() -> dict[str, ast.Module]:
    """The syntax tree of each module, by its name."""
    return {
        ".".join(("tracker", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ROOT.rglob("*.py"))
    }


def is_bare_participle(name: str) -> bool:
    """Whether a function is named for what was done, not for what it does or gives: `told`."""
    first, *rest = name.strip("_").split("_")
    is_participle = first in _IRREGULAR or (first.endswith("ed") and first not in _NO_PARTICIPLES)
    return is_participle and (not rest or rest[0] in _PREPOSITIONS)


def measures() -> list[Measure]:
    """All of them, with their aims."""
    modules = trees()
    nodes = [(name, node) for name, tree in modules.items() for node in ast.walk(tree)]
    functions = [
        (name, node)
        for name, node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = [(node.end_lineno or 0) - node.lineno + 1 for _, node in functions]
    classes, imported = defaultdict(set), defaultdict(set)
    for name, node in nodes:
        if isinstance(node, ast.ClassDef):
            classes[node.name].add(name)
    imports = list(_imports(modules, nodes))
    for _, source, what in imports:
        imported[what].add(source)
    bare = [f"{name}.{node.name}" for name, node in functions if is_bare_participle(node.name)]
    variables = [(name, variable) for name, node in nodes if (variable := _variable(node))]
    vague = [f"{name}: {variable}" for name, variable in variables if variable in VAGUE]
    doubled = [name for name, homes in classes.items() if len(homes) > 1]
    several = [name for name, sources in imported.items() if name and len(sources) > 1]
    circles = _circles(imports)
    return [
        Measure("functions over 50 lines", sum(length > 50 for length in lengths), 3),
        Measure("p90 of function length", quantiles(lengths, n=10)[-1], 20),
        Measure("class names in two files or more", len(doubled), 3, tuple(doubled)),
        Measure(
            "bare participles, % of functions", 100 * len(bare) / len(functions), 2, tuple(bare)
        ),
        Measure("vague variables, %", 100 * len(vague) / len(variables), 1.5, tuple(vague)),
        Measure("names from several modules", len(several), 5, tuple(several)),
        Measure("circles of imports", len(circles), 0, tuple(circles)),
    ]


def _variable(node: ast.AST) -> str | None:
    """The name that is bound there, if any."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return node.arg if isinstance(node, ast.arg) and node.arg not in ("self", "cls") else None


def _imports(
    modules: dict[str, ast.Module], nodes: list[tuple[str, ast.AST]]
) -> Iterator[tuple[str, str, str]]:
    """Each import of ours, wherever it stands: who, from where, what ("" for a module)."""
    for name, node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "tracker":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (
                    (name, whole, "") if whole in modules else (name, node.module or "", alias.name)
                )


def _circles(imports: list[tuple[str, str, str]]) -> list[str]:
    """The first circle that the imports run in, those in functions and for types alike."""
    graph: dict[str, set[str]] = defaultdict(set)
    for name, source, _ in imports:
        graph[name].add(source)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" → ".join(error.args[1])]
    return []


if __name__ == "__main__":
    for measure in (house := measures()):
        print(f"{measure.value:8.1f}  {measure.name} (aim: at most {measure.aim:g})")
    if above := [
        line for measure in house if measure.value > measure.aim for line in measure.where
    ]:
        sys.exit("\n".join(("Above its aim:", *above)))
