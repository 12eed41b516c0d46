"""Runs of like days as one network a person: the tight form for LP-based solvers (H07, S37, S38).

A node is the kind of a day and the length of its run so far, capped where longer runs cost and allow the same; the
flow of one unit through it is integral by itself, so the LP prices runs exactly wherever the days themselves are.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import Model

Price = tuple[int, int] | None
# Kind of the day (1: set), length of its run so far, whether the run's beginning is known.
Node = tuple[int, int, bool]


@dataclass
class Lengths:
    """Limits on one kind of run; a price None makes them hard. `before` is the run that history brings along."""

    least: int
    most: int | None
    least_price: Price
    most_price: Price
    before: int

    @property
    def cap(self) -> int:
        """The run length from which on nothing changes."""
        return max(1, self.least, 0 if self.most is None else self.most + 1)


def run_network(model: Model, days: list[int], on: Lengths, off: Lengths, known: bool) -> None:
    """Links 0-1 columns `days` to a network of their runs; an unknown beginning is never too short."""
    kinds = (off, on)
    start = int(on.before > 0)
    first = (start, min(kinds[start].before, kinds[start].cap) if known else 0, known)
    nodes: dict[Node, list[int]] = {}
    for day, column in enumerate(days):
        arcs: dict[Node, list[int]] = {}
        working: list[int] = []
        sources = [(first, [])] if day == 0 else list(nodes.items())
        total: dict[Node, list[int]] = {}
        for node, entering in sources:
            for kind in (0, 1):
                target = _step(kinds, node, kind, day)
                if target is None:
                    continue
                reached, costs = target
                arc = model.boolean(implied=True)
                for (tier, weight), units in costs:
                    model.cost(tier, arc, weight * units)
                arcs.setdefault(reached, []).append(arc)
                total.setdefault(node, []).append(arc)
                if kind:
                    working.append(arc)
            leaving = [(arc, 1) for arc in total.get(node, [])]
            if day == 0:
                model.row(leaving, 1, 1)
            else:
                model.row([*leaving, *((arc, -1) for arc in entering)], 0, 0)
        model.row([(column, -1), *((arc, 1) for arc in working)], 0, 0)
        nodes = arcs


def _step(
    kinds: tuple[Lengths, Lengths], node: Node, kind: int, day: int
) -> tuple[Node, list[tuple[tuple[int, int], int]]] | None:
    """The node reached by one more day of a kind and its costs; None where a hard limit forbids it."""
    before, length, known = node
    costs: list[tuple[tuple[int, int], int]] = []
    if day == 0 and length == 0:
        grown, counted = 1, known
    elif kind == before:
        grown, counted = length + 1, known
    else:
        missing = kinds[before].least - length
        if known and missing > 0:
            price = kinds[before].least_price
            if price is None:
                return None
            costs.append((price, missing))
        grown, counted = 1, True
    limits = kinds[kind]
    if limits.most is not None and grown > limits.most:
        if limits.most_price is None:
            return None
        costs.append((limits.most_price, 1))
    return (kind, min(grown, limits.cap), counted), costs
