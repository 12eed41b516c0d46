"""Our own solver: time, memory and proof by preset, and growth with the number of streets."""

from __future__ import annotations

import statistics
from pathlib import Path

from .growth import exponent, plot
from .instances import FOLDER, demo, first_streets, sizes
from .machine import say
from .program import NO_ROSTER, ROOT, Run, paiban
from .table import gap, median_run, spread, table, whole

Checked = tuple[Run, Run]


def solve(document: Path, seconds: float, threads: int, seed: int) -> Checked:
    """Solves a document and lets the independent checker judge the roster: (solve, check)."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    roster = FOLDER / "ours-roster.json"
    roster.unlink(missing_ok=True)
    limits = ("--time-limit", str(seconds), "--threads", str(threads), "--seed", str(seed))
    done = paiban("solve", document, *limits, "--out", roster)
    if done.code != 0:
        say(f"paiban solve {document.name} ended with {done.code}: {done.errors}")
    return done, judge(document, roster)


def judge(document: Path, roster: Path) -> Run:
    """The checker's verdict, and the tier values as it counts them."""
    if not roster.exists():
        return Run(NO_ROSTER, 0.0, 0.0, {}, "no roster")
    return paiban("check", document, roster)


def presets(names: list[str], seconds: float, threads: int, seeds: list[int]) -> str:
    """A table: one line a preset, medians over the seeds of the solver on one and the same instance."""
    rows = []
    for name in names:
        document = demo(name)
        posts, people = sizes(document)
        runs = []
        for seed in seeds:
            say(f"{name}, seed {seed}")
            runs.append(solve(document, seconds, threads, seed))
        done = median_run([run for run, _ in runs])
        values, bounds = done.tiers("value"), done.tiers("bound")
        rows.append(
            [
                name,
                whole(posts),
                whole(people),
                spread([run.seconds for run, _ in runs], 2),
                spread([run.peak_mib for run, _ in runs], 0),
                *(
                    f"{whole(value)} / {whole(bound)} / {gap(value, bound)}"
                    for value, bound in zip(values, bounds, strict=True)
                ),
                ", ".join(sorted({check.verdict for _, check in runs})),
            ]
        )
    head = ["preset", "posts", "people", "seconds", "peak MiB"]
    head += [f"tier {tier}: value / bound / gap" for tier in (1, 2, 3)]
    return table([*head, "checker"], rows)


def growth(counts: list[int], seconds: float, threads: int, repeats: int, svg: Path) -> str:
    """Solve times of the first streets of the city; fits the exponent and draws the plot."""
    city = demo("city")
    points, rows = [], []
    for count in counts:
        document, posts = first_streets(city, count)
        runs = []
        for seed in range(1, repeats + 1):
            say(f"{count} streets, seed {seed}")
            runs.append(solve(document, seconds, threads, seed)[0])
        own = [run.seconds for run in runs]
        stopped = any(run.seconds >= seconds for run in runs)
        points.append((float(posts), statistics.median(own)))
        done = median_run(runs)
        gaps = " / ".join(gap(*pair) for pair in zip(done.tiers("value"), done.tiers("bound"), strict=True))
        rows.append([str(count), whole(posts), spread(own, 2), "yes" if stopped else "no", gaps])
    plot(points, [f"{count} streets" for count in counts], svg, "Solve time by number of posts")
    slope, _ = exponent(points)
    head = ["streets", "posts", "seconds", "time limit reached", "gaps of tiers 1 / 2 / 3"]
    fitted = f"Fitted exponent of time against posts: **{slope:.2f}** (plot: {svg.relative_to(ROOT)})."
    return f"{table(head, rows)}\n\n{fitted}"
