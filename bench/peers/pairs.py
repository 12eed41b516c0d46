"""Who may serve what, and which duties of one person exclude each other."""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from collections.abc import Iterator

from .week import Need, Person, Point, Week

Clique = list[int]


def metres(one: Point | None, other: Point | None) -> int:
    """Straight-line distance in whole metres, rounded down; unknown positions are 0 apart."""
    if one is None or other is None:
        return 0
    return int(math.hypot(one[0] - other[0], one[1] - other[1]))


class Pairs:
    """Eligible (person, need) pairs and their exclusions."""

    def __init__(self, week: Week) -> None:
        self.week = week
        self.on = week.profile.is_on
        self.speed = week.profile.parameter("H01", "metres_per_minute")
        self.children: dict[int, list[int]] = defaultdict(list)
        for unit, parent in enumerate(week.parents):
            if parent is not None:
                self.children[parent].append(unit)
        self.places_of_unit: dict[int, list[int]] = defaultdict(list)
        for position, place in enumerate(week.places):
            self.places_of_unit[place.unit].append(position)
        self.needs_of_place: dict[int, list[int]] = defaultdict(list)
        for position, need in enumerate(week.needs):
            if need.maximum > 0 and self._is_open(need):
                self.needs_of_place[need.place].append(position)
        self.subtrees: dict[int, list[int]] = {}
        self.pinned: dict[int, set[int]] = defaultdict(set)
        for person, need in week.pins if self.on("H15") else ():
            self.pinned[person].add(need)

    def _is_open(self, need: Need) -> bool:
        opening = self.week.places[need.place].opening
        if opening is None or not self.on("H12"):
            return True
        return any(start <= need.start and need.end <= end for start, end in opening)

    def _subtree(self, root: int) -> list[int]:
        found = self.subtrees.get(root)
        if found is None:
            found, open_units = [], [root]
            while open_units:
                unit = open_units.pop()
                found += self.places_of_unit[unit]
                open_units += self.children[unit]
            self.subtrees[root] = found
        return found

    def candidates(self, index: int) -> list[int]:
        """Needs that the person may serve, by start; pinned ones always."""
        week, person = self.week, self.week.people[index]
        places = set[int]()
        if self.on("H10"):
            for root in person.scope:
                places.update(self._subtree(root))
        else:
            places.update(range(len(week.places)))
        if self.on("H10") and person.max_distance is not None:
            most = person.max_distance
            places = {place for place in places if metres(person.home, week.places[place].location) <= most}
        ends = [end for _, end in person.unavailable]
        found = set(self.pinned[index])
        for place in places:
            for position in self.needs_of_place[place]:
                if self._may(index, person, week.needs[position], ends):
                    found.add(position)
        return sorted(found, key=lambda position: (week.needs[position].start, position))

    def _may(self, index: int, person: Person, need: Need, ends: list[int]) -> bool:
        day = need.day
        if self.on("H02"):
            if not person.active[0] <= day <= person.active[1]:
                return False
            later = bisect.bisect_right(ends, need.start)
            if later < len(ends) and person.unavailable[later][0] < need.end:
                return False
        if need.skill is not None and self.on("H03"):
            level, until = person.skills.get(need.skill[0], (-1, None))
            if level < need.skill[1] or (until is not None and until < day):
                return False
        if index in need.excluded and self.on("H14"):
            return False
        if self.on("H06"):
            history = person.history
            if history.last_end is not None and need.start - history.last_end < person.min_rest:
                return False
            if day == 0 and history.last_type is not None and need.shift_type is not None:
                return need.shift_type not in self.week.shift_types[history.last_type].forbidden_next
        return True

    def clash(self, person: Person, one: Need, other: Need) -> bool:
        """Whether one person cannot serve both; `one` starts no later than `other`."""
        gap = other.start - one.end
        day, later = one.day, other.day
        if day == later:
            if person.max_duties_day == 1:
                return True
            if person.max_minutes_day is not None and one.minutes + other.minutes > person.max_minutes_day:
                return True
        if self.on("H01"):
            if gap < 0:
                return True
            if one.place != other.place and gap * self.speed < 10**6:
                places = self.week.places
                way = metres(places[one.place].location, places[other.place].location)
                if gap < -(-way // self.speed):
                    return True
        if self.on("H06") and day != later:
            if gap < person.min_rest:
                return True
            if later == day + 1 and one.shift_type is not None and other.shift_type is not None:
                return other.shift_type in self.week.shift_types[one.shift_type].forbidden_next
        return False


class Exclusions:
    """Cliques of one person's clashing candidates; pairs of needs are judged once per kind of limits."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.known: dict[tuple[int | None, int | None, int], dict[tuple[int, int], bool]] = defaultdict(dict)

    def cliques(self, person: Person, candidates: list[int]) -> Iterator[Clique]:
        """Sets of positions in `candidates` (sorted by start) of which at most one may be served.

        Every clashing pair lies in at least one set; sets are maximal within the days that they start from.
        """
        needs = self.pairs.week.needs
        key = (person.max_duties_day if person.max_duties_day == 1 else None, person.max_minutes_day, person.min_rest)
        known = self.known[key]
        reach = 1 + (person.min_rest - 1) // 1440 if person.min_rest else 1
        days: dict[int, list[int]] = defaultdict(list)
        for position, need in enumerate(candidates):
            days[needs[need].day].append(position)
        for day, first in days.items():
            local = [position for ahead in range(reach + 1) for position in days.get(day + ahead, ())]
            masks = [0] * len(local)
            for low, one in enumerate(local[: len(first)]):
                for high in range(low + 1, len(local)):
                    if self._clash(known, person, candidates[one], candidates[local[high]]):
                        masks[low] |= 1 << high
                        masks[high] |= 1 << low
            for low in range(len(first), len(local)):
                for high in range(low + 1, len(local)):
                    if self._clash(known, person, candidates[local[low]], candidates[local[high]]):
                        masks[low] |= 1 << high
                        masks[high] |= 1 << low
            for clique in _cover(masks, len(first)):
                yield [local[member] for member in clique]

    def _clash(self, known: dict[tuple[int, int], bool], person: Person, one: int, other: int) -> bool:
        found = known.get((one, other))
        if found is None:
            needs = self.pairs.week.needs
            found = known[one, other] = self.pairs.clash(person, needs[one], needs[other])
        return found


def _cover(masks: list[int], first: int) -> Iterator[Clique]:
    """Maximal cliques that cover every edge with an end among the first `first` nodes."""
    uncovered = list(masks)
    for node in range(first):
        while uncovered[node]:
            other = (uncovered[node] & -uncovered[node]).bit_length() - 1
            members, common, inside = [node, other], masks[node] & masks[other], (1 << node) | (1 << other)
            while common:
                fresh = common & uncovered[node] or common
                pick = (fresh & -fresh).bit_length() - 1
                members.append(pick)
                inside |= 1 << pick
                common &= masks[pick]
            for member in members:
                uncovered[member] &= ~inside
            yield sorted(members)
