"""Runs one peer on one instance: `python -m peers cpsat --document FILE --seconds 10 --threads 2 --out ROSTER`.

The last lines on stdout have the form of `paiban solve`: tier values and bounds, then objective, bound and seconds.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

from . import document, published
from .result import Result
from .week import Week
from .week_model import WeekModel

PEERS = {"cpsat": "cpsat", "highs": "highs_mip", "timefold": "timefold"}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="peers", description=__doc__)
    parser.add_argument("peer", choices=sorted(PEERS))
    parser.add_argument("--format", choices=["document", "curtois", "inrc2"], default="document")
    parser.add_argument("--document", type=Path, help="problem document, or Curtois & Qu instance")
    parser.add_argument("--scenario", type=Path)
    parser.add_argument("--history", type=Path)
    parser.add_argument("--weeks", help="week files, separated by commas")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def _read(arguments: argparse.Namespace) -> Week:
    if arguments.format == "document":
        return document.read(arguments.document)
    if arguments.format == "curtois":
        return published.read_curtois(arguments.document)
    weeks = [Path(name) for name in arguments.weeks.split(",")]
    return published.read_inrc2(arguments.scenario, arguments.history, weeks)


def _write(arguments: argparse.Namespace, week: Week, duties: list[tuple[int, int]], result: Result) -> None:
    if arguments.format == "document":
        values = [value or 0 for value in result.values]
        bounds = [bound or 0 for bound in result.bounds]
        document.write_roster(arguments.out, week, duties, values, bounds, arguments.peer)
    elif arguments.format == "curtois":
        published.write_curtois(arguments.out, week, duties)
    else:
        published.write_inrc2(arguments.out, arguments.scenario, week, duties)


def main() -> int:
    """Reads, solves, writes, reports."""
    arguments = _arguments()
    module = importlib.import_module(f".{PEERS[arguments.peer]}", __package__)
    started = time.monotonic()
    week = _read(arguments)
    if arguments.peer == "timefold":
        built = time.monotonic()
        result, duties = module.solve(week, arguments.seconds, arguments.threads, arguments.seed)
    else:
        built_model = WeekModel(week, networks=module.NETWORKS)
        built = time.monotonic()
        print(f"columns: {built_model.model.columns}")
        print(f"rows: {built_model.model.rows}")
        result = module.solve(built_model.model, arguments.seconds, arguments.threads, arguments.seed)
        duties = None if result.columns is None else built_model.duties(result.columns)
    print(f"build-seconds: {built - started:.2f}")
    for tier, (value, bound) in enumerate(zip(result.values, result.bounds, strict=True), start=1):
        print(f"tier{tier}.value: {'none' if value is None else value}")
        print(f"tier{tier}.bound: {'none' if bound is None else bound}")
    print(f"proven: {'yes' if result.proven else 'no'}")
    print(f"seconds: {time.monotonic() - built:.2f}")
    if duties is None:
        print("no roster within the time", file=sys.stderr)
        return 3
    _write(arguments, week, duties, result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
