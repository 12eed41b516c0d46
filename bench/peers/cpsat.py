"""OR-Tools CP-SAT: tiers by successive solves, each started from the roster of the one before."""

from __future__ import annotations

from ortools.sat.python import cp_model

from .model import INFINITE, Model
from .result import Clock, Result, whole_bound


def solve(model: Model, seconds: float, threads: int, seed: int) -> Result:
    """Solves tier by tier within the seconds; `threads` workers."""
    cp = cp_model.CpModel()
    columns = [
        cp.new_bool_var("") if high == 1 and low == 0 else cp.new_int_var(low, high, "")
        for low, high in zip(model.lower, model.upper, strict=True)
    ]
    for members in model.at_most_one:
        cp.add_at_most_one([columns[column] for column in members])
    for row in range(len(model.row_low)):
        first, last = model.row_start[row], model.row_start[row + 1]
        low, high = model.row_low[row], model.row_high[row]
        own = [columns[column] for column in model.row_column[first:last]]
        factors = model.row_coefficient[first:last]
        if (
            low == 1
            and high == INFINITE
            and all(factor == 1 for factor in factors)
            and _all_boolean(model, first, last)
        ):
            cp.add_bool_or(own)
        else:
            total = cp_model.LinearExpr.weighted_sum(own, list(factors))
            cp.add_linear_expression_in_domain(total, cp_model.Domain(low, high))
    result = Result()
    tiers = [tier for tier in range(3) if model.objectives[tier]]
    for tier in set(range(3)) - set(tiers):
        result.values[tier] = result.bounds[tier] = model.constants[tier]
    clock = Clock(seconds, len(tiers))
    proven = True
    for number, tier in enumerate(tiers):
        objective = cp_model.LinearExpr.weighted_sum(
            [columns[column] for column, _ in model.objectives[tier]],
            [weight for _, weight in model.objectives[tier]],
        )
        cp.minimize(objective)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = clock.share(number)
        solver.parameters.num_workers = threads
        solver.parameters.random_seed = seed
        status = solver.solve(cp)
        bound = whole_bound(solver.best_objective_bound)
        result.bounds[tier] = None if bound is None else bound + model.constants[tier]
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            proven = False
            if result.columns is None:
                return result
        else:
            proven &= status == cp_model.OPTIMAL
            result.columns = _values(solver, columns)
        if result.columns is None:
            return result
        result.values[tier] = model.value(tier, result.columns)
        cp.add(objective <= result.values[tier] - model.constants[tier])
        cp.clear_hints()
        for column, value in zip(columns, result.columns, strict=True):
            cp.add_hint(column, round(value))
    for tier in tiers:
        result.values[tier] = model.value(tier, result.columns or [])
    result.proven = proven
    return result


def _all_boolean(model: Model, first: int, last: int) -> bool:
    return all(model.upper[column] == 1 for column in model.row_column[first:last])


def _values(solver: cp_model.CpSolver, columns: list[cp_model.IntVar]) -> list[float]:
    proto = solver.response_proto.solution
    return [float(proto[column.index]) for column in columns]
