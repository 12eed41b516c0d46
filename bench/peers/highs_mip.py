"""HiGHS: the whole problem as one MIP, tiers by successive solves, each started from the roster before."""

from __future__ import annotations

import highspy
import numpy as np

from .model import INFINITE, Model
from .result import Clock, Result, whole_bound


def solve(model: Model, seconds: float, threads: int, seed: int) -> Result:
    """Solves tier by tier within the seconds."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", threads)
    highs.setOptionValue("parallel", "on" if threads > 1 else "off")
    highs.setOptionValue("random_seed", seed)
    highs.setOptionValue("mip_rel_gap", 0.0)
    # Every cost is a whole number: a roster within less than one of the bound is optimal.
    highs.setOptionValue("mip_abs_gap", 0.999)
    highs.passModel(_lp(model))
    result = Result()
    tiers = [tier for tier in range(3) if model.objectives[tier]]
    for tier in set(range(3)) - set(tiers):
        result.values[tier] = result.bounds[tier] = model.constants[tier]
    clock = Clock(seconds, len(tiers))
    proven = True
    everything = np.arange(model.columns, dtype=np.int32)
    for number, tier in enumerate(tiers):
        costs = np.zeros(model.columns)
        for column, weight in model.objectives[tier]:
            costs[column] += weight
        highs.changeColsCost(model.columns, everything, costs)
        if result.columns is not None:
            start = highspy.HighsSolution()
            start.col_value = result.columns
            highs.setSolution(start)
        # The time limit counts from the first run on.
        highs.setOptionValue("time_limit", highs.getRunTime() + clock.share(number))
        highs.run()
        info = highs.getInfo()
        optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        bound = whole_bound(info.mip_dual_bound)
        result.bounds[tier] = None if bound is None else bound + model.constants[tier]
        proven &= optimal
        if info.primal_solution_status == highspy.kSolutionStatusFeasible:
            result.columns = [float(round(value)) for value in highs.getSolution().col_value]
        if result.columns is None:
            return result
        value = model.value(tier, result.columns)
        result.values[tier] = value
        used = np.flatnonzero(costs).astype(np.int32)
        highs.addRow(-highspy.kHighsInf, float(value - model.constants[tier]), len(used), used, costs[used])
    for tier in tiers:
        result.values[tier] = model.value(tier, result.columns or [])
    result.proven = proven
    return result


def _lp(model: Model) -> highspy.HighsLp:
    """The model in HiGHS's own form."""
    lp = highspy.HighsLp()
    lp.num_col_ = model.columns
    lp.num_row_ = model.rows
    lp.col_cost_ = np.zeros(model.columns)
    lp.col_lower_ = np.array(model.lower, dtype=np.float64)
    lp.col_upper_ = np.array(model.upper, dtype=np.float64)
    kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kImplicitInteger)
    lp.integrality_ = [kinds[implied] for implied in model.implied]
    sizes = np.array([len(members) for members in model.at_most_one], dtype=np.int64)
    members = np.array([column for clique in model.at_most_one for column in clique], dtype=np.int32)
    starts = np.array(model.row_start, dtype=np.int64)
    low = np.array(model.row_low, dtype=np.float64)
    high = np.array(model.row_high, dtype=np.float64)
    low[low <= -INFINITE] = -highspy.kHighsInf
    high[high >= INFINITE] = highspy.kHighsInf
    lp.row_lower_ = np.concatenate([low, np.full(len(sizes), -highspy.kHighsInf)])
    lp.row_upper_ = np.concatenate([high, np.ones(len(sizes))])
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = model.columns, model.rows
    matrix.start_ = np.concatenate([starts, starts[-1] + np.cumsum(sizes)]).astype(np.int32)
    matrix.index_ = np.concatenate([np.array(model.row_column, dtype=np.int32), members])
    matrix.value_ = np.concatenate([np.array(model.row_coefficient, dtype=np.float64), np.ones(len(members))])
    return lp
