"""HiGHS: the whole problem as one MIP, tiers by successive solves, each started from the roster before."""

from __future__ import annotations

import highspy
import numpy as np

from .model import INFINITE, Model
from .result import Clock, Result, whole_bound

# Runs as networks: the LP relaxation is what drives this solver.
NETWORKS = True


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
    result = Result()
    tiers = [tier for tier in range(3) if model.objectives[tier]]
    for tier in set(range(3)) - set(tiers):
        result.values[tier] = result.bounds[tier] = model.constants[tier]
    clock = Clock(seconds, len(tiers))
    proven = True
    caps: list[tuple[np.ndarray, int]] = []
    # The empty roster to start with, so that a roster is there wherever nothing forbids it.
    start = np.zeros(model.columns)
    whole = ~np.frombuffer(model.implied, dtype=np.bool_)
    for number, tier in enumerate(tiers):
        kept = np.flatnonzero(np.frombuffer(model.column_stage, dtype=np.uint8) <= tier + 1)
        place = np.full(model.columns, -1)
        place[kept] = np.arange(len(kept))
        costs = np.zeros(model.columns)
        for column, weight in model.objectives[tier]:
            costs[column] += weight
        lp = _lp(model, tier + 1, kept, place)
        lp.col_cost_ = costs[kept]
        highs.passModel(lp)
        for earlier, most in caps:
            used = np.flatnonzero(earlier)
            highs.addRow(-highspy.kHighsInf, float(most), len(used), place[used].astype(np.int32), earlier[used])
        known = kept[whole[kept]]
        highs.setSolution(len(known), place[known].astype(np.int32), start[known])
        # The time limit counts from the first run on.
        highs.setOptionValue("time_limit", highs.getRunTime() + clock.share(number))
        highs.run()
        info = highs.getInfo()
        optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        bound = whole_bound(info.mip_dual_bound)
        result.bounds[tier] = None if bound is None else bound + model.constants[tier]
        proven &= optimal
        if info.primal_solution_status == highspy.kSolutionStatusFeasible:
            start = np.zeros(model.columns)
            start[kept] = np.round(highs.getSolution().col_value)
            result.columns = [float(value) for value in start]
        if result.columns is None:
            return result
        value = model.tier_value(tier, result.columns)
        result.values[tier] = value
        caps.append((costs, value - model.constants[tier]))
    for tier in tiers:
        result.values[tier] = model.tier_value(tier, result.columns or [])
    result.proven = proven
    return result


def _lp(model: Model, tier: int, kept: np.ndarray, place: np.ndarray) -> highspy.HighsLp:
    """The rows and columns that the tier needs, in HiGHS's own form; `place` maps columns to those kept."""
    lp = highspy.HighsLp()
    lp.num_col_ = len(kept)
    lp.col_lower_ = np.array(model.lower, dtype=np.float64)[kept]
    lp.col_upper_ = np.array(model.upper, dtype=np.float64)[kept]
    kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kImplicitInteger)
    lp.integrality_ = [kinds[model.implied[column]] for column in kept]
    rows = np.frombuffer(model.row_stage, dtype=np.uint8) <= tier
    lengths = np.diff(np.array(model.row_start, dtype=np.int64))
    entries = np.repeat(rows, lengths)
    sizes = np.array([len(members) for members in model.at_most_one], dtype=np.int64)
    members = np.array([column for clique in model.at_most_one for column in clique], dtype=np.int64)
    low = np.array(model.row_low, dtype=np.float64)[rows]
    high = np.array(model.row_high, dtype=np.float64)[rows]
    low[low <= -INFINITE] = -highspy.kHighsInf
    high[high >= INFINITE] = highspy.kHighsInf
    lp.row_lower_ = np.concatenate([low, np.full(len(sizes), -highspy.kHighsInf)])
    lp.row_upper_ = np.concatenate([high, np.ones(len(sizes))])
    lp.num_row_ = len(lp.row_lower_)
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = lp.num_col_, lp.num_row_
    matrix.start_ = np.concatenate([[0], np.cumsum(np.concatenate([lengths[rows], sizes]))]).astype(np.int32)
    columns = np.array(model.row_column, dtype=np.int64)[entries]
    matrix.index_ = place[np.concatenate([columns, members])].astype(np.int32)
    matrix.value_ = np.concatenate([np.array(model.row_coefficient, dtype=np.float64)[entries], np.ones(len(members))])
    return lp
