"""Points that hang on one another in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.agreements.keys import PointKey


def cycles(
    hangs_on: Mapping[PointKey, Sequence[PointKey]],
) -> tuple[list[list[PointKey]], set[PointKey]]:
    """One shortest circle out of each knot of points that hang on one another, and all knots.

    `hangs_on` gives, for each point, those that its line names. The same input gives the same
    circles in the same order, each beginning at its smallest point, whatever the order of the
    files. Points that only lead into a circle are no part of it.
    """
    knots = _knots(hangs_on)
    circles = sorted(_shortest_circle(knot, hangs_on) for knot in knots)
    return circles, set().union(*knots)


def _knots(hangs_on: Mapping[PointKey, Sequence[PointKey]]) -> list[set[PointKey]]:
    """The strongly connected components that hold a circle (Tarjan 1972, without recursion)."""
    index: dict[PointKey, int] = {}
    low: dict[PointKey, int] = {}
    stack: list[PointKey] = []
    on_stack: set[PointKey] = set()
    knots: list[set[PointKey]] = []
    for root in sorted(hangs_on):
        if root in index:
            continue
        work = [(root, iter(hangs_on.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            point, following = work[-1]
            for behind in following:
                if behind not in index:
                    index[behind] = low[behind] = len(index)
                    stack.append(behind)
                    on_stack.add(behind)
                    work.append((behind, iter(hangs_on.get(behind, ()))))
                    break
                if behind in on_stack:
                    low[point] = min(low[point], index[behind])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[point])
                if low[point] == index[point]:
                    knot = _pop_knot(point, stack, on_stack)
                    if len(knot) > 1 or point in hangs_on.get(point, ()):
                        knots.append(knot)
    return knots


def _pop_knot(point: PointKey, stack: list[PointKey], on_stack: set[PointKey]) -> set[PointKey]:
    knot = set()
    while True:
        member = stack.pop()
        on_stack.discard(member)
        knot.add(member)
        if member == point:
            return knot


def _shortest_circle(
    knot: set[PointKey], hangs_on: Mapping[PointKey, Sequence[PointKey]]
) -> list[PointKey]:
    """The shortest way from the knot's smallest point back to it, breadth first."""
    start = min(knot)
    came_from: dict[PointKey, PointKey] = {}
    queue = [start]
    for point in queue:
        for behind in sorted(set(hangs_on.get(point, ())) & knot):
            if behind == start:
                circle = [point]
                while circle[-1] != start:
                    circle.append(came_from[circle[-1]])
                return circle[::-1]
            if behind not in came_from:
                came_from[behind] = point
                queue.append(behind)
    raise AssertionError("a knot without a circle")
