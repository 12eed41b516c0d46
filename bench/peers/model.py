"""A solver-neutral integer model: columns, rows, at-most-one sets, and one objective per tier."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

INFINITE = 2**40
Term = tuple[int, int]


class Model:
    """Columns with integer bounds; rows `low <= sum(coefficient * column) <= high`.

    Columns and rows carry the first tier that needs them, so that the solve of an earlier tier goes without them.
    """

    def __init__(self) -> None:
        self.stage = 1
        self.column_stage = bytearray()
        self.row_stage = bytearray()
        self.lower = array("q")
        self.upper = array("q")
        self.implied = bytearray()
        self.row_start = array("q", [0])
        self.row_column = array("q")
        self.row_coefficient = array("q")
        self.row_low = array("q")
        self.row_high = array("q")
        self.objectives: list[list[Term]] = [[], [], []]
        self.constants = [0, 0, 0]
        self.at_most_one: list[list[int]] = []

    @contextmanager
    def needed_from(self, tier: int) -> Iterator[None]:
        """What is added inside is needed from this tier on."""
        before, self.stage = self.stage, tier
        yield
        self.stage = before

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.lower)

    @property
    def rows(self) -> int:
        """Number of rows, at-most-one sets included."""
        return len(self.row_low) + len(self.at_most_one)

    def integer(self, upper: int, lower: int = 0, implied: bool = False) -> int:
        """A new column; `implied` says that it takes whole values by itself when the others do."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.implied.append(implied)
        self.column_stage.append(self.stage)
        return len(self.lower) - 1

    def boolean(self, implied: bool = False) -> int:
        """A new 0-1 column."""
        return self.integer(1, implied=implied)

    def row(self, terms: Iterable[Term], low: int = -INFINITE, high: int = INFINITE) -> None:
        """A linear row."""
        for column, coefficient in terms:
            self.row_column.append(column)
            self.row_coefficient.append(coefficient)
        self.row_start.append(len(self.row_column))
        self.row_low.append(low)
        self.row_high.append(high)
        self.row_stage.append(self.stage)

    def exclude(self, columns: list[int]) -> None:
        """At most one of these 0-1 columns."""
        if len(columns) > 1:
            self.at_most_one.append(columns)

    def cost(self, tier: int, column: int, weight: int) -> None:
        """Adds weight times the column to a tier's objective."""
        if weight:
            self.objectives[tier - 1].append((column, weight))

    def constant(self, tier: int, value: int) -> None:
        """Adds a constant to a tier's objective."""
        self.constants[tier - 1] += value

    def tier_value(self, tier: int, values: Sequence[float]) -> int:
        """The objective of the tier at position `tier` (0 to 2) at the given column values."""
        return self.constants[tier] + sum(round(values[column]) * weight for column, weight in self.objectives[tier])


def at_least_one(model: Model, true: Sequence[int], false: Sequence[int], slack: int | None = None) -> None:
    """A clause: one of `true` is set, or one of `false` is not, or the slack is."""
    terms = [(column, 1) for column in true] + [(column, -1) for column in false]
    if slack is not None:
        terms.append((slack, 1))
    model.row(terms, low=1 - len(false))
