"""The benchmark harness: `quick`, `peers`, `published`, `http`, `import`; bench/run.sh builds what they need and starts it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from measure import against, http, imports, ours, published_sets
from measure.machine import describe
from measure.program import ROOT
from measure.table import publish


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _seconds(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def _words(text: str) -> list[str]:
    return text.split(",")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.sh", description=__doc__)
    modes = parser.add_subparsers(dest="mode", required=True)
    quick = modes.add_parser("quick", help="our solve times, memory and growth; no peers")
    quick.add_argument("--presets", type=_words, default=["street", "district", "city"])
    quick.add_argument("--seconds", type=float, default=60, help="time limit of each solve")
    quick.add_argument("--streets", type=_numbers, default=[1, 10, 40, 159])
    quick.add_argument("--plot", type=Path, default=ROOT / "docs" / "growth.svg")
    quick.add_argument("--repeats", type=int, default=1, help="runs of each number of streets")
    peers = modes.add_parser("peers", help="we and the peers on the same documents")
    peers.add_argument("--preset", type=_words, default=["street"], help="street, district, city")
    peers.add_argument("--seconds", type=_seconds, default=[10.0, 60.0])
    peers.add_argument("--solvers", type=_words, default=list(against.NAMES))
    published = modes.add_parser("published", help="we and the peers on published sets (PAIBAN_BENCHMARKS)")
    published.add_argument("--sets", type=_words, default=["curtois", "inrc2"])
    published.add_argument("--only", default="", help="part of the instances' names")
    published.add_argument("--seconds", type=_seconds, default=[60.0])
    published.add_argument("--solvers", type=_words, default=list(published_sets.SOLVERS))
    web = modes.add_parser("http", help="my assignments over HTTP beside a bare handler")
    web.add_argument("--preset", default="city")
    web.add_argument("--week", default="2026-W49")
    web.add_argument("--connections", type=int, default=64)
    web.add_argument("--seconds", type=int, default=10)
    web.add_argument("--repeats", type=int, default=3)
    tables = modes.add_parser("import", help="a table of people imported over HTTP")
    tables.add_argument("--people", type=int, default=20_000)
    tables.add_argument("--repeats", type=int, default=3)
    for mode in (quick, peers, published, web, tables):
        mode.add_argument("--threads", type=int, default=2)
        mode.add_argument("--seeds", type=_numbers, default=[1, 2, 3])
    return parser.parse_args()


def main() -> int:
    """Measure, print the tables, and keep them in bench/results/."""
    arguments = _arguments()
    command = ["bench/run.sh", *sys.argv[1:]]
    parts = [describe(command, arguments.seeds, arguments.mode in ("peers", "published"))]
    if arguments.mode == "quick":
        parts.append("### Solve time, memory and proof")
        parts.append(ours.presets(arguments.presets, arguments.seconds, arguments.threads, arguments.seeds))
        parts.append("### Growth")
        parts.append(
            ours.growth(arguments.streets, arguments.seconds, arguments.threads, arguments.repeats, arguments.plot)
        )
    elif arguments.mode == "peers":
        for preset in arguments.preset:
            parts.append(
                against.compare(preset, arguments.seconds, arguments.threads, arguments.seeds, arguments.solvers)
            )
    elif arguments.mode == "http":
        limits = (arguments.threads, arguments.connections, arguments.seconds, arguments.repeats)
        parts.append(http.compare(arguments.preset, arguments.week, *limits))
    elif arguments.mode == "import":
        parts.append(imports.compare(arguments.people, arguments.repeats))
    else:
        for seconds in arguments.seconds:
            parts.append(
                published_sets.compare(
                    arguments.sets, arguments.only, seconds, arguments.threads, arguments.seeds, arguments.solvers
                )
            )
    publish(arguments.mode, "\n\n".join(parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
