"""Markdown tables and the numbers in them."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Sequence

from .program import ROOT, Run


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are aligned right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Median, with the range when there is more than one value."""
    middle = f"{statistics.median(values):,.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"


def whole(value: int | None) -> str:
    """A whole number, or a dash."""
    return "-" if value is None else f"{value:,}"


def gap(value: int | None, bound: int | None) -> str:
    """The gap as a share of the value, as the certificate counts it."""
    if value is None or bound is None:
        return "-"
    return "0" if value == bound else f"{(value - bound) / max(1, abs(value)):.2%}"


def median_run(runs: Sequence[Run]) -> Run:
    """The run whose tier values are the median ones in lexicographic order; runs without a roster come last."""
    worst = 2**62

    def key(run: Run) -> list[int]:
        return [worst if value is None else value for value in run.tiers("value")]

    return sorted(runs, key=key)[(len(runs) - 1) // 2]


def publish(name: str, text: str) -> None:
    """Prints a report and keeps it in bench/results/."""
    folder = ROOT / "bench" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S")
    (folder / f"{name}-{stamp}.md").write_text(text + "\n", encoding="utf-8")
    print(text)
