"""Published instances, read from where PAIBAN_BENCHMARKS says: we and the peers beside the best known values."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

from .instances import FOLDER
from .machine import say
from .program import NO_ROSTER, Run, paiban, peer
from .table import gap, spread, table, whole

SOLVERS = {"paiban": "paiban", "cpsat": "CP-SAT", "highs": "HiGHS MIP"}


@dataclass
class Instance:
    """One instance: the arguments that name its files, and the best known value."""

    name: str
    format: str
    ours: list[str]
    peers: list[str]
    best: int | None


def _folder() -> Path:
    given = os.environ.get("PAIBAN_BENCHMARKS")
    if not given:
        raise SystemExit("set PAIBAN_BENCHMARKS to the folder that holds curtois/ and inrc2/")
    return Path(given).resolve()


def _curtois(folder: Path) -> list[Instance]:
    with (folder / "curtois" / "best_known.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    found = []
    for row in rows:
        path = str(folder / "curtois" / f"{row['instance']}.txt")
        best = int(row["ub_current"]) if row["ub_current"] else None
        found.append(Instance(row["instance"], "curtois", [path], ["--document", path], best))
    return found


def _inrc2(folder: Path) -> list[Instance]:
    """Names such as n030w4_1_6-2-9-1: data set, history, week files."""
    with (folder / "inrc2" / "best_known_static.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    found = []
    for row in rows:
        data_set, history, weeks = row["instance"].split("_")
        own = folder / "inrc2" / data_set
        files = [str(own / f"WD-{data_set}-{number}.txt") for number in weeks.split("-")]
        arguments = ["--scenario", str(own / f"Sc-{data_set}.txt")]
        arguments += ["--history", str(own / f"H0-{data_set}-{history}.txt"), "--weeks", ",".join(files)]
        known = [int(row[key]) for key in ("bp_ub", "schedule_nurse3_validated_ub") if row[key]]
        found.append(Instance(row["instance"], "inrc2", arguments, arguments, min(known, default=None)))
    return found


def _one(solver: str, instance: Instance, seconds: float, threads: int, seed: int) -> tuple[Run, Run]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    out = FOLDER / f"{solver}-{instance.format}"
    out.unlink(missing_ok=True)
    shared = ["--threads", str(threads), "--seed", str(seed), "--out", str(out)]
    if solver == "paiban":
        run = paiban("solve", "--format", instance.format, *instance.ours, "--time-limit", str(seconds), *shared)
    else:
        run = peer(solver, "--format", instance.format, *instance.peers, "--seconds", str(seconds), *shared)
    if run.code not in (0, 3):
        say(f"{solver} on {instance.name} ended with {run.code}: {run.errors}")
    if not out.exists():
        return run, Run(NO_ROSTER, 0.0, 0.0, {}, "no roster")
    return run, paiban("check", "--format", instance.format, *instance.ours, out)


def compare(sets: list[str], pattern: str, seconds: float, threads: int, seeds: list[int], solvers: list[str]) -> str:
    """One table a set: value and bound of each solver, medians over the seeds."""
    folder = _folder()
    parts = []
    for name, reader in (("curtois", _curtois), ("inrc2", _inrc2)):
        if name not in sets:
            continue
        rows = []
        for instance in reader(folder):
            if pattern not in instance.name:
                continue
            for solver in solvers:
                pairs = []
                for seed in seeds:
                    say(f"{instance.name}: {solver}, {seconds:g} s, seed {seed}")
                    pairs.append(_one(solver, instance, seconds, threads, seed))
                rows.append(_line(instance, solver, pairs))
        head = ["instance", "best known", "solver", "value", "above best", "bound", "gap", "wall s", "checker"]
        parts.append(f"### {name}: {seconds:g} s, {threads} threads\n\n" + table(head, rows))
    return "\n\n".join(parts)


def _line(instance: Instance, solver: str, pairs: list[tuple[Run, Run]]) -> list[str]:
    worst = 2**62

    def value(pair: tuple[Run, Run]) -> int | None:
        return pair[1].number("objective") if pair[1].verdict == "accepted" else None

    def bound(pair: tuple[Run, Run]) -> int | None:
        return pair[0].number("bound") if solver == "paiban" else pair[0].number("tier1.bound")

    ordered = sorted(pairs, key=lambda pair: worst if value(pair) is None else value(pair) or 0)
    middle = ordered[(len(ordered) - 1) // 2]
    own, least = value(middle), bound(middle)
    above = "-" if own is None or not instance.best else f"{(own - instance.best) / instance.best:.2%}"
    return [
        instance.name,
        whole(instance.best),
        SOLVERS[solver],
        whole(own),
        above,
        whole(least),
        gap(own, least),
        spread([run.seconds for run, _ in pairs]),
        ", ".join(sorted({check.verdict for _, check in pairs})),
    ]
