"""Timefold's Java engine, from the jars inside its Python wheel; the Java source stands in timefold_peer/.

Its community engine solves in one thread, whatever the number of threads asked for.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tempfile
from pathlib import Path

from .pairs import Pairs, metres
from .result import Result
from .week import Need, Person, Week

SOURCE = Path(__file__).parent / "timefold_peer"
TARGET = Path(__file__).parents[2] / "target" / "bench-timefold"
Duty = tuple[int, int]


def solve(week: Week, seconds: float, threads: int, seed: int) -> tuple[Result, list[Duty] | None]:
    """Solves within the seconds; a roster that breaks a hard rule counts as none."""
    del threads
    class_path = f"{_compiled()}{os.pathsep}{_jars()}"
    with tempfile.TemporaryDirectory() as folder:
        instance, roster = Path(folder) / "instance", Path(folder) / "roster"
        instance.write_text("\n".join(" ".join(map(str, line)) for line in _lines(week)), encoding="utf-8")
        command = ["java", "-cp", class_path, "peers.Main", str(instance), str(roster)]
        command += [str(round(seconds * 1000)), str(seed)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        duties = [tuple(map(int, line.split())) for line in roster.read_text().splitlines()]
    levels = [int(line.split()[1]) for line in output.splitlines() if line.startswith(("hard:", "soft:"))]
    result = Result()
    if levels[0] > 0:
        print(f"broken hard rules: {levels[0]}")
        return result, None
    constant = len(week.published) * week.profile.weight("S34")
    result.values = [*levels[1:]]
    kept_tier = week.profile.tier("S34") - 1
    result.values[kept_tier] = (result.values[kept_tier] or 0) + constant
    return result, [(person, need) for person, need in duties]


def _jars() -> str:
    found = importlib.util.find_spec("timefold")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("the timefold wheel is missing: run bench/run.sh peers, which installs it")
    return str(Path(next(iter(found.submodule_search_locations))) / "solver" / "jars" / "*")


def _compiled() -> Path:
    """Compiles the Java source once, and again when it is newer than what was compiled."""
    sources = sorted(SOURCE.glob("*.java"))
    stamp = TARGET / "compiled"
    if not stamp.exists() or stamp.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        TARGET.mkdir(parents=True, exist_ok=True)
        command = ["javac", "-Xlint:-options", "--release", "17", "-cp", _jars(), "-d", str(TARGET)]
        subprocess.run([*command, *map(str, sources)], check=True)
        stamp.touch()
    return TARGET


def _lines(week: Week) -> list[list[int]]:
    """The instance as whole numbers, in the order in which Instance.java reads them."""
    soft = any(kind.run for kind in week.shift_types) or any(
        person.run_on
        or person.run_off
        or person.total_duties
        or person.max_total_weekends is not None
        or person.complete_weekends
        for person in week.people
    )
    if soft or week.hard_minimum:
        raise SystemExit(
            "the Timefold peer knows no soft runs, totals, complete weekends or hard minimums (S37 to S40)"
        )
    profile = week.profile
    lines: list[list[int]] = [[week.days, week.first_weekday]]
    lines.append([profile.parameter("H01", "metres_per_minute"), profile.parameter("S32", "unit_metres")])
    lines.append([int(profile.is_on("H01")), int(profile.is_on("H06"))])
    for code in ("S10", "S20", "S22", "S23", "S24", "S30", "S31", "S32"):
        lines.append([profile.tier(code), profile.weight(code)])
    lines.append([len(week.shift_types)])
    lines += [[len(kind.forbidden_next), *kind.forbidden_next] for kind in week.shift_types]
    lines.append([len(week.places)])
    lines += [[int(place.location is not None), *(place.location or (0, 0))] for place in week.places]
    groups: dict[tuple[int, str], int] = {}
    lines.append([len(week.people)])
    for person in week.people:
        lines.append(_person(person, groups.setdefault(person.group, len(groups))))
    pairs = Pairs(week)
    candidates = [pairs.candidates(index) for index in range(len(week.people))]
    eligible: list[list[int]] = [[] for _ in week.needs]
    for index, own in enumerate(candidates):
        for need in own:
            eligible[need].append(index)
    lines.append([len(week.needs)])
    for position, need in enumerate(week.needs):
        lines.append(_need(week, position, need, eligible[position]))
    wants = []
    for index, person in enumerate(week.people):
        for wish in person.wishes:
            if wish.want:
                matching = [need for need in candidates[index] if wish.matches(week.needs[need])]
                wants.append([index, wish.cost, len(matching), *matching])
    lines += [[len(wants)], *wants]
    lines += [[len(week.apart)], *map(list, week.apart)]
    pins = week.pins if profile.is_on("H15") else set()
    return [*lines, [len(pins)], *map(list, sorted(pins))]


def _person(person: Person, group: int) -> list[int]:
    history = person.history
    limits = [
        person.max_minutes_day,
        person.max_duties_day,
        person.max_minutes_week,
        person.max_duties_week,
        person.max_minutes_four_weeks,
        person.min_minutes_horizon or 0,
        person.max_minutes_horizon,
        person.max_days_on,
        person.min_days_on,
        person.min_days_off,
        person.max_weekends_four_weeks,
        person.max_weekends_horizon,
    ]
    return [
        group,
        int(person.trainee),
        int(person.newcomer),
        int(person.is_staff),
        person.min_rest,
        *(-1 if limit is None else limit for limit in limits),
        *history.minutes,
        *map(int, history.weekends),
        history.days_on,
        history.days_off,
        int(history.known),
        history.unsocial,
        person.min_minutes_week,
        0 if person.host is None else person.host[1],
        len(person.max_of_type),
        *(number for limit in person.max_of_type.items() for number in limit),
    ]


def _need(week: Week, position: int, need: Need, eligible: list[int]) -> list[int]:
    line = [need.place, need.start, need.end, need.minimum, need.target, need.maximum]
    line += [need.weight_uncovered, need.weight_below, need.weight_above]
    line += [-1 if need.shift_type is None else need.shift_type, int(need.mix), int(week.is_unsocial(need))]
    line.append(len(eligible))
    unit_metres = week.profile.parameter("S32", "unit_metres")
    place = week.places[need.place]
    for index in eligible:
        person = week.people[index]
        costs = [0, 0, 0, 0]

        def add(code: str, cost: int, costs: list[int] = costs) -> None:
            costs[week.profile.tier(code) - 1] += cost

        add("S30", sum(wish.cost for wish in person.wishes if not wish.want and wish.matches(need)))
        add("S32", metres(person.home, place.location) // unit_metres * week.profile.weight("S32"))
        if person.familiar and need.place not in person.familiar:
            add("S33", week.profile.weight("S33"))
        if week.published:
            weight = week.profile.weight("S34")
            add("S34", -weight if (index, position) in week.published else weight)
        costs[3] = int(person.host is not None and week.is_within(place.unit, person.host[0]))
        line += [index, *costs]
    return line
