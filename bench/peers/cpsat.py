"""OR-Tools CP-SAT: tiers by successive solves, each started from the roster of the one before."""

from __future__ import annotations

from ortools.sat.python import cp_model

from .model import INFINITE, Model
from .result import Clock, Result, whole_bound

# Runs as clauses: short ones propagate well.
NETWORKS = False


def solve(model: Model, seconds: float, threads: int, seed: int) -> Result:
    """Solves tier by tier within the seconds; `threads` workers."""
    cp = cp_model.CpModel()
    columns: dict[int, cp_model.IntVar] = {}
    result = Result()
    tiers = [tier for tier in range(3) if model.objectives[tier]]
    for tier in set(range(3)) - set(tiers):
        result.values[tier] = result.bounds[tier] = model.constants[tier]
    clock = Clock(seconds, len(tiers))
    proven = True
    stages_done = 0
    # The empty roster: a complete hint, so that a roster is there from the start wherever nothing forbids it.
    hint = {column: 0 for column in range(model.columns) if not model.implied[column]}
    for number, tier in enumerate(tiers):
        _add(cp, columns, model, stages_done, tier + 1)
        stages_done = tier + 1
        cp.clear_hints()
        for column, value in hint.items():
            if column in columns:
                cp.add_hint(columns[column], value)
        objective = cp_model.LinearExpr.weighted_sum(
            [columns[column] for column, _ in model.objectives[tier]],
            [weight for _, weight in model.objectives[tier]],
        )
        cp.minimize(objective)
        solver, status = _run(cp, clock.share(number), threads, seed)
        if status == cp_model.UNKNOWN and result.columns is None:
            # Not even the first roster yet: better all the time for it than a next tier without one.
            solver, status = _run(cp, clock.share(len(tiers)), threads, seed)
        bound = whole_bound(solver.best_objective_bound)
        result.bounds[tier] = None if bound is None else bound + model.constants[tier]
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            proven = False
            if result.columns is None:
                return result
        else:
            proven &= status == cp_model.OPTIMAL
            result.columns = _values(solver, columns, model.columns)
        if result.columns is None:
            return result
        result.values[tier] = model.tier_value(tier, result.columns)
        cp.add(objective <= result.values[tier] - model.constants[tier])
        hint = {column: round(result.columns[column]) for column in columns}
    for tier in tiers:
        result.values[tier] = model.tier_value(tier, result.columns or [])
    result.proven = proven
    return result


def _run(cp: cp_model.CpModel, seconds: float, threads: int, seed: int) -> tuple[cp_model.CpSolver, int]:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    solver.parameters.random_seed = seed
    # With a single worker the default search has no neighbourhood search; interleaving gives it the whole portfolio.
    solver.parameters.interleave_search = threads == 1
    return solver, solver.solve(cp)


def _add(cp: cp_model.CpModel, columns: dict[int, cp_model.IntVar], model: Model, above: int, tier: int) -> None:
    """Adds the columns and rows of the stages above `above` up to `tier`."""
    for column, (low, high, stage) in enumerate(zip(model.lower, model.upper, model.column_stage, strict=True)):
        if above < stage <= tier:
            columns[column] = cp.new_bool_var("") if (low, high) == (0, 1) else cp.new_int_var(low, high, "")
    if above == 0:
        for members in model.at_most_one:
            cp.add_at_most_one([columns[column] for column in members])
    for row, stage in enumerate(model.row_stage):
        if not above < stage <= tier:
            continue
        first, last = model.row_start[row], model.row_start[row + 1]
        low, high = model.row_low[row], model.row_high[row]
        own = [columns[column] for column in model.row_column[first:last]]
        factors = list(model.row_coefficient[first:last])
        boolean = all(model.upper[column] == 1 for column in model.row_column[first:last])
        if low == 1 and high == INFINITE and boolean and all(factor == 1 for factor in factors):
            cp.add_bool_or(own)
        else:
            total = cp_model.LinearExpr.weighted_sum(own, factors)
            cp.add_linear_expression_in_domain(total, cp_model.Domain(low, high))


def _values(solver: cp_model.CpSolver, columns: dict[int, cp_model.IntVar], count: int) -> list[float]:
    solution = solver.response_proto.solution
    values = [0.0] * count
    for column, variable in columns.items():
        values[column] = float(solution[variable.index])
    return values
