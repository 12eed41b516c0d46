"""Peers beside us on the same documents: same machine, run, threads and time; every roster through `paiban check`."""

from __future__ import annotations

from pathlib import Path

from .instances import FOLDER, demo, sizes, without_cases
from .machine import say
from .ours import judge, solve
from .program import Run, peer
from .table import gap, spread, table, whole

NAMES = {
    "paiban": "paiban",
    "highs": "HiGHS, whole MIP",
    "cpsat": "OR-Tools CP-SAT",
    "timefold": "Timefold (one thread)",
}


def one(solver: str, document: Path, seconds: float, threads: int, seed: int) -> tuple[Run, Run]:
    """One solver on one document: its run and the checker's verdict."""
    if solver == "paiban":
        return solve(document, seconds, threads, seed)
    roster = FOLDER / f"{solver}-roster.json"
    roster.unlink(missing_ok=True)
    limits = ("--seconds", str(seconds), "--threads", str(threads), "--seed", str(seed))
    run = peer(solver, "--document", document, *limits, "--out", roster)
    if run.code not in (0, 3):
        say(f"{solver} ended with {run.code}: {run.errors}")
    return run, judge(document, roster)


def line(solver: str, seconds: float, pairs: list[tuple[Run, Run]]) -> list[str]:
    """The table line of one solver: the median roster as the checker counts it, the best proven bounds with it."""
    worst = 2**62
    ordered = sorted(pairs, key=lambda pair: [worst if value is None else value for value in pair[1].tiers("value")])
    run, check = ordered[(len(ordered) - 1) // 2]
    values = check.tiers("value") if check.verdict == "accepted" else [None, None, None]
    bounds = run.tiers("bound")
    build = [float(own.facts.get("build-seconds", "0")) for own, _ in pairs]
    verdicts = sorted({own.verdict for _, own in pairs})
    return [
        NAMES[solver],
        f"{seconds:g}",
        *(f"{whole(value)} / {whole(bound)}" for value, bound in zip(values, bounds, strict=True)),
        " / ".join(gap(*pair) for pair in zip(values, bounds, strict=True)),
        spread([own.seconds for own, _ in pairs]),
        spread(build),
        spread([own.peak_mib for own, _ in pairs], 0),
        ", ".join(verdicts),
    ]


def compare(preset: str, seconds: list[float], threads: int, seeds: list[int], solvers: list[str]) -> str:
    """One table for one preset, without residents' cases and receptions."""
    document = without_cases(demo(preset))
    posts, people = sizes(document)
    rows = []
    for limit in seconds:
        for solver in solvers:
            pairs = []
            for seed in seeds:
                say(f"{preset}: {solver}, {limit:g} s, seed {seed}")
                pairs.append(one(solver, document, limit, threads, seed))
            rows.append(line(solver, limit, pairs))
    head = ["solver", "limit s", *(f"tier {tier}: value / bound" for tier in (1, 2, 3)), "gaps 1 / 2 / 3"]
    head += ["wall s, all", "of it reading and building", "peak MiB", "checker"]
    title = f"### {preset} without cases and receptions: {posts:,} posts, {people:,} people, {threads} threads\n\n"
    return title + table(head, rows)
