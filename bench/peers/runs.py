"""Runs of like days as rows: hard and soft longest and shortest lengths, history included (H07, S37, S38)."""

from __future__ import annotations

from dataclasses import dataclass

from .model import Model, Term, at_least_one


@dataclass
class Days:
    """One 0-1 column a day, or its negation, with the run that history brings along.

    `before` is the length of the run of set days up to the day before the horizon, `known` whether that is known.
    """

    columns: list[int]
    negated: bool
    before: int
    known: bool


def _clause(model: Model, days: Days, broken: list[int], kept: list[int], slack: int | None) -> None:
    """Not all of: the days `kept` set and the days `broken` unset, unless the slack is."""
    set_columns = [days.columns[day] for day in kept]
    unset_columns = [days.columns[day] for day in broken]
    if days.negated:
        at_least_one(model, set_columns, unset_columns, slack)
    else:
        at_least_one(model, unset_columns, set_columns, slack)


def longest(model: Model, days: Days, most: int, price: tuple[int, int] | None) -> None:
    """No run beyond `most` days; with a price (tier, weight) each day of the horizon beyond costs it."""
    before = min(days.before, most) if days.known else 0
    for last in range(len(days.columns)):
        first = last - most
        if first < -before:
            continue
        window = list(range(max(0, first), last + 1))
        slack = None
        if price is not None:
            slack = model.boolean(implied=True)
            model.cost(price[0], slack, price[1])
        if len(window) > 1 or slack is not None:
            _clause(model, days, [], window, slack)
        else:
            column = days.columns[last]
            model.row([(column, 1)], *((1, 1) if days.negated else (0, 0)))


def shortest(model: Model, days: Days, least: int, price: tuple[int, int] | None) -> None:
    """No ended run under `least` days; with a price each missing day costs it.

    A run open at the end, or one that began at an unknown time, is never too short.
    """
    count = len(days.columns)
    for first in range(count):
        history = days.before if first == 0 else 0
        if first == 0 and not days.known:
            continue
        for within in range(0 if history else 1, max(1, least - history)):
            end = first + within
            missing = least - history - within
            if end >= count or missing <= 0:
                break
            kept = list(range(first, end))
            broken = [end] if first == 0 else [first - 1, end]
            slack = None
            if price is not None:
                slack = model.boolean(implied=True)
                model.cost(price[0], slack, price[1] * missing)
            _clause(model, days, broken, kept, slack)


def link_any(model: Model, any_column: int, columns: list[int], cliques: list[list[int]], exact: bool) -> None:
    """`any_column` is at least each column (strongly, by cliques), and with `exact` at most their sum."""
    covered = set[int]()
    for clique in cliques:
        covered.update(clique)
        model.row([(any_column, -1), *((column, 1) for column in clique)], high=0)
    for column in columns:
        if column not in covered:
            model.row([(any_column, -1), (column, 1)], high=0)
    if exact:
        terms: list[Term] = [(any_column, -1), *((column, 1) for column in columns)]
        model.row(terms, low=0)
