"""Readers and writers of the published formats: Curtois & Qu shift scheduling, and INRC-II."""

from __future__ import annotations

import re
from pathlib import Path

from .catalogue import Profile
from .week import DAY, History, Need, Person, Place, Range, ShiftType, Week, Wish

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
# Rules of the catalogue that the published sets do not have; all costs stand in one tier.
OFF = {code: {"on": False} for code in ("S20", "S23", "S31", "S32", "S33", "S34", "H01", "H10", "H12")}


def _sections(text: str) -> dict[str, list[str]]:
    """Lines of each SECTION_, comments and blanks left out."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("SECTION_"):
            current = found.setdefault(line, [])
        elif line and not line.startswith("#"):
            current.append(line)
    return found


def read_curtois(path: Path) -> Week:
    """Reads an instance of schedulingbenchmarks.org."""
    sections = _sections(path.read_text(encoding="utf-8"))
    days = int(sections["SECTION_HORIZON"][0])
    shifts = [line.split(",") for line in sections["SECTION_SHIFTS"]]
    number = {shift[0]: position for position, shift in enumerate(shifts)}
    minutes = [int(shift[1]) for shift in shifts]
    types = [ShiftType(shift[0], frozenset(number[name] for name in shift[2].split("|") if name)) for shift in shifts]
    staff: dict[str, Person] = {}
    for line in sections["SECTION_STAFF"]:
        name, limits, most, least, max_on, min_on, min_off, weekends = line.split(",")
        staff[name] = Person(
            id=name,
            category="recruitedStaff",
            group=(0, "recruitedStaff"),
            max_duties_day=1,
            max_minutes_horizon=int(most),
            min_minutes_horizon=int(least),
            max_days_on=int(max_on),
            min_days_on=int(min_on),
            min_days_off=int(min_off),
            max_weekends_horizon=int(weekends),
            max_of_type={number[kind]: int(limit) for kind, limit in re.findall(r"(\w+)=(\d+)", limits)},
        )
    for line in sections.get("SECTION_DAYS_OFF", []):
        name, *off = line.split(",")
        staff[name].unavailable = [(int(day) * DAY, int(day) * DAY + DAY) for day in sorted(map(int, off))]
    for key, want in (("SECTION_SHIFT_ON_REQUESTS", True), ("SECTION_SHIFT_OFF_REQUESTS", False)):
        for line in sections.get(key, []):
            name, day, kind, weight = line.split(",")
            start = int(day) * DAY
            staff[name].wishes.append(Wish(want, start, start + DAY, int(weight), number[kind]))
    needs = []
    for line in sections["SECTION_COVER"]:
        day, kind, heads, under, over = line.split(",")
        start = int(day) * DAY
        needs.append(
            Need(
                id=f"{day}/{kind}",
                place=0,
                start=start,
                end=start + min(minutes[number[kind]], DAY),
                minimum=0,
                target=int(heads),
                maximum=len(staff),
                weight_uncovered=0,
                weight_below=int(under),
                weight_above=int(over),
                shift_type=number[kind],
            )
        )
    return Week(
        days=days,
        first_weekday=0,
        off_days=[False] * days,
        parents=[None],
        places=[Place("all", 0)],
        shift_types=types,
        people=list(staff.values()),
        needs=needs,
        profile=_one_tier(),
    )


def _one_tier() -> Profile:
    """The catalogue with every cost in tier 1."""
    rules = {code: {"tier": 1, "on": True} for code in ("S10", "S22", "S24", "S30", "S37", "S38", "S39", "S40")}
    return Profile({"rules": rules | OFF})


def write_curtois(path: Path, week: Week, duties: list[tuple[int, int]]) -> None:
    """One line per employee in file order: a shift id or `-` per day."""
    grid = [["-"] * week.days for _ in week.people]
    for person, position in duties:
        need = week.needs[position]
        grid[person][need.day] = week.shift_types[need.shift_type or 0].id
    path.write_text("".join(" ".join(line) + "\n" for line in grid), encoding="utf-8")


def _range(text: str) -> Range:
    low, high = text.strip("()").split(",")
    return Range(int(low), int(high))


def _block(lines: list[str], key: str) -> list[str]:
    """The lines that follow a keyword, up to the next blank one."""
    start = next(position for position, line in enumerate(lines) if line.startswith(key)) + 1
    block = []
    for line in lines[start:]:
        if not line.strip():
            break
        block.append(line.strip())
    return block


def read_inrc2(scenario: Path, history: Path, weeks: list[Path]) -> Week:
    """Reads a static problem of INRC-II: scenario, initial history and one file a week."""
    lines = scenario.read_text(encoding="utf-8").splitlines()
    skills = {name: position for position, name in enumerate(_block(lines, "SKILLS"))}
    shift_lines = [line.split() for line in _block(lines, "SHIFT_TYPES")]
    number = {line[0]: position for position, line in enumerate(shift_lines)}
    forbidden = {line.split()[0]: line.split()[2:] for line in _block(lines, "FORBIDDEN_SHIFT_TYPES_SUCCESSIONS")}
    types = [
        ShiftType(name, frozenset(number[next_one] for next_one in forbidden[name]), _range(limits))
        for name, limits in shift_lines
    ]
    contracts = {line.split()[0]: line.split()[1:] for line in _block(lines, "CONTRACTS")}
    past = {line.split()[0]: line.split()[1:] for line in _block(history.read_text("utf-8").splitlines(), "NURSE_HIST")}
    people: dict[str, Person] = {}
    for line in _block(lines, "NURSES"):
        name, contract, _, *own = line.split()
        total, run_on, run_off, weekends, complete = contracts[contract]
        assignments, worked, last, of_type, on, off = past[name]
        people[name] = Person(
            id=name,
            category="recruitedStaff",
            group=(0, "recruitedStaff"),
            skills={skills[skill]: (1, None) for skill in own},
            max_duties_day=1,
            run_on=_range(run_on),
            run_off=_range(run_off),
            total_duties=_range(total),
            max_total_weekends=int(weekends),
            complete_weekends=complete == "1",
            history=History(
                known=True,
                days_on=int(on),
                days_off=int(off),
                days_of_type=int(of_type),
                last_type=number.get(last),
                total_duties=int(assignments),
                total_weekends=int(worked),
            ),
        )
    needs: list[Need] = []
    for offset, path in enumerate(weeks):
        week_lines = path.read_text(encoding="utf-8").splitlines()
        for line in _block(week_lines, "REQUIREMENTS"):
            kind, skill, *heads = line.split()
            for weekday, pair in enumerate(heads):
                limits = _range(pair)
                start = (offset * 7 + weekday) * DAY
                needs.append(
                    Need(
                        id=f"{offset * 7 + weekday}/{kind}/{skill}",
                        place=0,
                        start=start,
                        end=start + 480,
                        minimum=limits.least,
                        target=limits.most or 0,
                        maximum=len(people),
                        weight_uncovered=0,
                        weight_below=30,
                        weight_above=0,
                        skill=(skills[skill], 1),
                        shift_type=number[kind],
                    )
                )
        for line in _block(week_lines, "SHIFT_OFF_REQUESTS"):
            name, kind, weekday = line.split()
            start = (offset * 7 + DAYS.index(weekday)) * DAY
            people[name].wishes.append(Wish(False, start, start + DAY, 10, number.get(kind)))
    return Week(
        days=7 * len(weeks),
        first_weekday=0,
        off_days=[False] * (7 * len(weeks)),
        parents=[None],
        places=[Place("all", 0)],
        shift_types=types,
        people=list(people.values()),
        needs=needs,
        profile=_one_tier(),
        hard_minimum=True,
    )


def write_inrc2(path: Path, scenario: Path, week: Week, duties: list[tuple[int, int]]) -> None:
    """One file with the solutions of all weeks in the competition's format, one after the other."""
    name = scenario.read_text(encoding="utf-8").splitlines()[0].split("=")[1].strip()
    parts = []
    for number in range(week.days // 7):
        lines = []
        for person, position in sorted(duties, key=lambda duty: (duty[0], week.needs[duty[1]].day)):
            need = week.needs[position]
            if need.day // 7 == number:
                _, kind, skill = need.id.split("/")
                lines.append(f"{week.people[person].id} {DAYS[need.day % 7]} {kind} {skill}")
        parts.append(
            f"SOLUTION\n{number} {name}\n\nASSIGNMENTS = {len(lines)}\n" + "".join(f"{line}\n" for line in lines)
        )
    path.write_text("\n".join(parts), encoding="utf-8")
