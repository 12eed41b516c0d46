"""Problem documents (docs/instance-format.md) in, roster documents out."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

from .catalogue import Profile
from .week import History, Need, Person, Place, Point, Range, ShiftType, Span, Week, Wish

EARTH_RADIUS_METRES = 6_371_008.8


def _half_away(value: float) -> int:
    """Rounds halves away from zero, as the solver's reader does."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


class _Plane:
    """A plane around the mean of all positions: places first, then homes."""

    def __init__(self, locations: list[dict[str, float]]) -> None:
        latitude = longitude = 0.0
        for location in locations:
            latitude += location["latitude"]
            longitude += location["longitude"]
        count = max(1, len(locations))
        self.latitude, self.longitude = latitude / count, longitude / count
        self.north = math.radians(EARTH_RADIUS_METRES)
        self.east = self.north * math.cos(math.radians(self.latitude))

    def point(self, location: dict[str, float] | None) -> Point | None:
        """Whole metres east and north of the origin."""
        if location is None:
            return None
        east = (location["longitude"] - self.longitude) * self.east
        north = (location["latitude"] - self.latitude) * self.north
        return _half_away(east), _half_away(north)


class _Reader:
    """Turns the ids and date-times of one document into indices and minutes."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.start = dt.date.fromisoformat(document["horizon"]["start"])
        self.days = int(document["horizon"]["days"])
        self.profile = Profile(document.get("profile"))
        locations = [entry["location"] for entry in document["places"] if entry.get("location")]
        locations += [entry["home"] for entry in document["people"] if entry.get("home")]
        self.plane = _Plane(locations)
        self.units = self._index("units")
        self.places = self._index("places")
        self.skills = self._index("skills")
        self.types = self._index("shiftTypes")
        self.people = self._index("people")
        self.needs = self._index("needs")
        self.parents = [self._maybe(self.units, unit.get("parent")) for unit in document["units"]]
        self.midnights: dict[str, int] = {}

    def _index(self, key: str) -> dict[str, int]:
        return {entry["id"]: position for position, entry in enumerate(self.document.get(key, []))}

    @staticmethod
    def _maybe(ids: dict[str, int], name: str | None) -> int | None:
        return None if name is None else ids[name]

    def day(self, date: str) -> int:
        """Day offset of a date."""
        return (dt.date.fromisoformat(date) - self.start).days

    def minute(self, moment: str) -> int:
        """Minutes since the start of the horizon of a date-time such as 2026-11-30T08:30 (24:00 is allowed)."""
        date = moment[:10]
        midnight = self.midnights.get(date)
        if midnight is None:
            midnight = self.midnights[date] = self.day(date) * 1440
        return midnight + int(moment[11:13]) * 60 + int(moment[14:16])

    def span(self, entry: dict[str, str]) -> Span:
        """A span in minutes."""
        return self.minute(entry["start"]), self.minute(entry["end"])

    def joined(self, entries: list[dict[str, str]]) -> list[Span]:
        """Sorted spans, those that touch made one."""
        spans: list[Span] = []
        for start, end in sorted(map(self.span, entries)):
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans

    def range(self, entry: dict[str, int] | None) -> Range | None:
        """A soft range."""
        return None if entry is None else Range(entry.get("min", 0), entry.get("max"))

    def street(self, unit: int) -> int:
        """The street above (or at) a unit; the unit itself when there is none."""
        at: int | None = unit
        while at is not None:
            if self.document["units"][at].get("street"):
                return at
            at = self.parents[at]
        return unit

    def need(self, entry: dict[str, Any]) -> Need:
        """One post."""
        if entry["kind"] != "post":
            raise SystemExit(f"need {entry['id']}: the peers know posts only, not {entry['kind']}")
        start, end = self.span(entry)
        priority = entry.get("priority", 1)
        minimum = entry["min"]
        target = entry.get("target", minimum)
        skill = entry.get("skill")
        below = entry.get("weightBelowTarget")
        above = entry.get("weightAboveTarget")
        weight = self.profile.weight
        return Need(
            id=entry["id"],
            place=self.places[entry["place"]],
            start=start,
            end=end,
            minimum=minimum,
            target=target,
            maximum=entry.get("max", target),
            weight_uncovered=weight("S10") * priority,
            weight_below=(below if below is not None and self.profile.is_on("S22") else weight("S22") * priority),
            weight_above=(above if above is not None and self.profile.is_on("S24") else weight("S24")),
            skill=None if skill is None else (self.skills[skill["id"]], skill.get("level", 1)),
            shift_type=self._maybe(self.types, entry.get("shiftType")),
            mix=entry.get("mix", False),
            excluded=frozenset(self.people[name] for name in entry.get("excluded", [])),
        )

    def wish(self, entry: dict[str, Any]) -> Wish:
        """One preference."""
        start, end = self.span(entry)
        return Wish(
            want=entry["kind"] == "want",
            start=start,
            end=end,
            cost=entry.get("weight", 1) * self.profile.weight("S30"),
            shift_type=self._maybe(self.types, entry.get("shiftType")),
            place=self._maybe(self.places, entry.get("place")),
        )

    def history(self, entry: dict[str, Any] | None) -> History:
        """The weeks before."""
        if entry is None:
            return History()
        days_on = entry.get("consecutiveDays", 0)
        end = entry.get("lastDutyEnd")
        return History(
            known=days_on > 0 or entry.get("consecutiveDaysOff") is not None,
            minutes=entry.get("minutesLastThreeWeeks", [0, 0, 0]),
            weekends=entry.get("weekendsLastThreeWeeks", [False, False, False]),
            days_on=days_on,
            days_off=entry.get("consecutiveDaysOff") or 0,
            days_of_type=entry.get("consecutiveDaysOfType", 0),
            last_type=self._maybe(self.types, entry.get("lastShiftType")),
            last_end=None if end is None else self.minute(end),
            total_duties=entry.get("totalDuties", 0),
            total_weekends=entry.get("totalWeekends", 0),
            unsocial=entry.get("fairnessUnsocialDuties", 0),
        )

    def limit(self, own: int | None, code: str, key: str, unlimited: int = 0) -> int | None:
        """A person's limit: own, else the profile's; None when the rule is off or the profile knows no limit."""
        if not self.profile.is_on(code):
            return None
        if own is not None:
            return own
        default = self.profile.parameter(code, key)
        return None if default == unlimited else default

    def person(self, entry: dict[str, Any]) -> Person:
        """One person with resolved limits."""
        limits, contract = entry.get("limits", {}), entry.get("contract", {})
        on = self.profile.is_on
        home_unit = self.units[entry["homeUnit"]]
        active = entry.get("active", {})
        host = contract.get("host")
        own = limits.get
        return Person(
            id=entry["id"],
            category=entry["category"],
            group=(self.street(home_unit), entry["category"]),
            home=self.plane.point(entry.get("home")),
            skills={
                self.skills[skill["id"]]: (
                    skill["level"],
                    None if skill.get("validUntil") is None else self.day(skill["validUntil"]),
                )
                for skill in entry.get("skills", [])
            },
            scope=[self.units[name] for name in entry.get("scope", [entry["homeUnit"]])],
            max_distance=entry.get("maxDistanceMetres"),
            active=(
                self.day(active["from"]) if active.get("from") else 0,
                self.day(active["to"]) if active.get("to") else self.days,
            ),
            unavailable=self.joined(entry.get("unavailable", [])),
            max_minutes_day=self.limit(own("maxMinutesDay"), "H04", "max_minutes"),
            max_duties_day=self.limit(own("maxDutiesDay"), "H04", "max_duties"),
            max_minutes_week=self.limit(own("maxMinutesWeek"), "H05", "max_minutes_week"),
            max_duties_week=own("maxDutiesWeek") if on("H05") else None,
            max_minutes_four_weeks=self.limit(own("maxMinutesFourWeeks"), "H05", "max_minutes_four_weeks"),
            min_minutes_horizon=own("minMinutesHorizon") if on("H05") else None,
            max_minutes_horizon=own("maxMinutesHorizon") if on("H05") else None,
            min_rest=self.limit(own("minRestMinutes"), "H06", "min_rest_minutes", -1) or 0,
            max_days_on=self.limit(own("maxConsecutiveDays"), "H07", "max_days"),
            min_days_on=(own("minConsecutiveDays") or 0) if on("H07") else 0,
            min_days_off=(own("minConsecutiveDaysOff") or 0) if on("H07") else 0,
            max_weekends_four_weeks=self.limit(own("maxWeekendsFourWeeks"), "H08", "max_in_four_weeks", 4),
            max_weekends_horizon=own("maxWeekendsHorizon") if on("H08") else None,
            max_of_type={self.types[item["shiftType"]]: item["max"] for item in limits.get("maxDutiesOfType", [])}
            if on("H09")
            else {},
            min_minutes_week=contract.get("minMinutesWeek", 0) if on("S20") else 0,
            host=None if host is None or not on("S20") else (self.units[host["unit"]], host["minMinutesWeek"]),
            run_on=self.range(contract.get("consecutiveDays")) if on("S38") else None,
            run_off=self.range(contract.get("consecutiveDaysOff")) if on("S38") else None,
            total_duties=self.range(contract.get("totalDuties")) if on("S39") else None,
            max_total_weekends=contract.get("maxTotalWeekends") if on("S39") else None,
            complete_weekends=contract.get("completeWeekends", False) and on("S40"),
            trainee=entry.get("trainee", False),
            newcomer=entry.get("newcomer", False),
            wishes=[self.wish(wish) for wish in entry.get("wishes", [])] if on("S30") else [],
            familiar=frozenset(self.places[name] for name in entry.get("familiarPlaces", [])),
            history=self.history(entry.get("history")),
        )

    def week(self) -> Week:
        """The whole problem."""
        document = self.document
        listed = {self.day(day["date"]): day["off"] for day in document["calendar"].get("days", [])}
        first = self.start.weekday()
        duties = {
            key: {(self.people[duty["person"]], self.needs[duty["need"]]) for duty in document.get(key, [])}
            for key in ("pins", "published")
        }
        return Week(
            days=self.days,
            first_weekday=first,
            off_days=[listed.get(day, (first + day) % 7 >= 5) for day in range(self.days)],
            parents=self.parents,
            places=[
                Place(
                    entry["id"],
                    self.units[entry["unit"]],
                    self.plane.point(entry.get("location")),
                    None if entry.get("opening") is None else self.joined(entry["opening"]),
                )
                for entry in document["places"]
            ],
            shift_types=[
                ShiftType(
                    entry["id"],
                    frozenset(self.types[name] for name in entry.get("forbiddenNext", [])),
                    self.range(entry.get("consecutiveDays")) if self.profile.is_on("S37") else None,
                )
                for entry in document.get("shiftTypes", [])
            ],
            people=[self.person(entry) for entry in document["people"]],
            needs=[self.need(entry) for entry in document["needs"]],
            profile=self.profile,
            apart=[(self.people[one], self.people[other]) for one, other in document.get("apart", [])]
            if self.profile.is_on("H14")
            else [],
            pins=duties["pins"],
            published=duties["published"],
        )


def read(path: Path) -> Week:
    """Reads a problem document."""
    return _Reader(json.loads(path.read_text(encoding="utf-8"))).week()


def write_roster(
    path: Path, week: Week, duties: list[tuple[int, int]], values: list[int], bounds: list[int], method: str
) -> None:
    """Writes the roster document of (person, need) pairs, with the peer's own tier values and bounds."""
    tiers = [
        {"tier": tier, "value": value, "bound": bound, "gap": 0.0, "method": method, "seconds": 0.0}
        for tier, (value, bound) in enumerate(zip(values, bounds, strict=True), start=1)
    ]
    document = {
        "format": "paiban-roster/1",
        "status": "stopped",
        "objective": sum(value * factor for value, factor in zip(values, (10**6, 10**3, 1), strict=True)),
        "objectiveBound": sum(bound * factor for bound, factor in zip(bounds, (10**6, 10**3, 1), strict=True)),
        "tiers": tiers,
        "rules": {},
        "unmet": [],
        "certificate": {
            "inputHash": "",
            "profile": {"name": "default", "version": 1},
            "seed": 0,
            "threads": 1,
            "timeLimitSeconds": 0.0,
            "gapLimits": [0.0, 0.0, 0.0],
            "parts": 1,
            "seconds": 0.0,
            "versions": {"peer": method},
        },
        "duties": [{"person": week.people[person].id, "need": week.needs[need].id} for person, need in sorted(duties)],
    }
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
