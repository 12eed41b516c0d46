"""The whole problem as one integer model with a tier-wise objective: the sentences of solver/src/problem/rules.rs."""

from __future__ import annotations

from collections import defaultdict
from contextlib import AbstractContextManager

from .model import Model, Term
from .networks import Lengths, run_network
from .pairs import Exclusions, Pairs, metres
from .runs import Days, link_any, longest, shortest
from .week import Need, Person, Range, Week

Groups = dict[int, list[int]]


class WeekModel:
    """Columns `serves[person][need]` and everything that hangs on them."""

    def __init__(self, week: Week, networks: bool) -> None:
        """Build the model; `networks` writes runs as networks (tight for LPs) instead of clauses (short for SAT)."""
        self.week = week
        self.networks = networks
        self.model = Model()
        self.pairs = Pairs(week)
        self.exclusions = Exclusions(self.pairs)
        self.serves: list[dict[int, int]] = []
        self.at_need: list[list[tuple[int, int]]] = [[] for _ in week.needs]
        self.unit_metres = week.profile.parameter("S32", "unit_metres")
        self.loads: dict[tuple[int, str], list[tuple[int, list[int]]]] = defaultdict(list)
        for index, person in enumerate(week.people):
            self._person(index, person)
        for position, need in enumerate(week.needs):
            self._post(need, self.at_need[position])
        for one, other in week.apart:
            for need in self.serves[one].keys() & self.serves[other].keys():
                self.model.exclude([self.serves[one][need], self.serves[other][need]])
        with self._from("S31"):
            self._fairness()
        self._published_and_not_kept()

    def duties(self, values: list[float]) -> list[tuple[int, int]]:
        """The (person, need) pairs of a solution."""
        return [
            (person, need)
            for person, own in enumerate(self.serves)
            for need, column in own.items()
            if values[column] > 0.5
        ]

    def _tier(self, code: str) -> int:
        return self.week.profile.tier(code)

    def _from(self, code: str) -> AbstractContextManager[None]:
        """What is added inside is needed from the rule's tier on."""
        return self.model.needed_from(self._tier(code))

    def _person(self, index: int, person: Person) -> None:
        model, week = self.model, self.week
        candidates = self.pairs.candidates(index)
        own = {need: model.boolean() for need in candidates}
        self.serves.append(own)
        columns = list(own.values())
        for need, column in own.items():
            self.at_need[need].append((index, column))
            self._linear_cost(index, person, week.needs[need], need, column)
        for need in self.pairs.pinned[index]:
            model.row([(own[need], 1)], low=1)
        by_day: Groups = defaultdict(list)
        for position, need in enumerate(candidates):
            by_day[week.needs[need].day].append(position)
        day_cliques: dict[int, list[list[int]]] = defaultdict(list)
        for clique in self.exclusions.cliques(person, candidates):
            members = [columns[position] for position in clique]
            model.exclude(members)
            days = {week.needs[candidates[position]].day for position in clique}
            if len(days) == 1:
                day_cliques[days.pop()].append(members)
        self._limits(person, candidates, columns, by_day)
        self._days(person, candidates, columns, by_day, day_cliques)
        with self._from("S30"):
            self._wants(person, candidates, columns)
        with self._from("S20"):
            self._obligations(person, candidates, columns)
        if week.profile.weight("S32") and person.max_duties_day != 1:
            with self._from("S32"):
                for positions in by_day.values():
                    self._ways(positions, candidates, columns)
        unsocial = [own[need] for need in candidates if week.is_unsocial(week.needs[need])]
        self.loads[person.group].append((person.history.unsocial, unsocial))

    def _linear_cost(self, index: int, person: Person, need: Need, position: int, column: int) -> None:
        week, model, weight = self.week, self.model, self.week.profile.weight
        for wish in person.wishes:
            if not wish.want and wish.matches(need):
                model.cost(self._tier("S30"), column, wish.cost)
        way = metres(person.home, week.places[need.place].location)
        model.cost(self._tier("S32"), column, way // self.unit_metres * weight("S32"))
        if person.familiar and need.place not in person.familiar:
            model.cost(self._tier("S33"), column, weight("S33"))
        if week.published:
            kept = (index, position) in week.published
            model.cost(self._tier("S34"), column, -weight("S34") if kept else weight("S34"))

    def _published_and_not_kept(self) -> None:
        self.model.constant(self._tier("S34"), len(self.week.published) * self.week.profile.weight("S34"))

    def _limits(self, person: Person, candidates: list[int], columns: list[int], by_day: Groups) -> None:
        """H04, H05 and H09; a row that cannot bind is left out."""
        model, needs = self.model, self.week.needs

        def most(positions: list[int], limit: int | None, minutes: bool) -> None:
            if limit is None:
                return
            amounts = [needs[candidates[position]].minutes if minutes else 1 for position in positions]
            spans = [(needs[candidates[position]].end, needs[candidates[position]].start) for position in positions]
            if _most_disjoint(spans, amounts) > limit:
                model.row(
                    [(columns[position], amount) for position, amount in zip(positions, amounts, strict=True)],
                    high=limit,
                )

        everything = list(range(len(candidates)))
        for positions in by_day.values():
            most(positions, person.max_minutes_day, True)
            if person.max_duties_day != 1:
                most(positions, person.max_duties_day, False)
        weeks = [[position for day in days for position in by_day.get(day, ())] for days in self.week.weeks()]
        for number, positions in enumerate(weeks):
            most(positions, person.max_minutes_week, True)
            most(positions, person.max_duties_week, False)
            if person.max_minutes_four_weeks is not None:
                before = sum(person.history.minutes[number:]) if number < 3 else 0
                window = [position for earlier in weeks[max(0, number - 3) : number + 1] for position in earlier]
                left = person.max_minutes_four_weeks - before
                if left < 0:
                    for position in positions:
                        model.row([(columns[position], 1)], high=0)
                else:
                    most(window, left, True)
        most(everything, person.max_minutes_horizon, True)
        if person.min_minutes_horizon:
            terms = [(columns[position], needs[candidates[position]].minutes) for position in everything]
            model.row(terms, low=person.min_minutes_horizon)
        for kind, limit in person.max_of_type.items():
            most([at for at in everything if needs[candidates[at]].shift_type == kind], limit, False)

    def _days(
        self,
        person: Person,
        candidates: list[int],
        columns: list[int],
        by_day: Groups,
        day_cliques: dict[int, list[list[int]]],
    ) -> None:
        """Working days and what is counted in them: H07, H08, S37, S38, S39, S40."""
        week, model, history = self.week, self.model, person.history
        weeks = week.weeks()
        four = person.max_weekends_four_weeks
        hits_four = four is not None and sum(history.weekends) + len(weeks) > four
        weekends = hits_four or person.max_weekends_horizon is not None or person.max_total_weekends is not None
        long_runs = person.max_days_on is not None and history.days_on + week.days > person.max_days_on
        shorts = person.min_days_on > 1 or person.min_days_off > 1
        soft = person.run_on is not None or person.run_off is not None or person.complete_weekends
        if person.total_duties is not None:
            self._total_duties(person, columns)
        self._type_runs(person, candidates, columns)
        if not candidates or not (weekends or long_runs or shorts or soft):
            return
        works = []
        for day in range(week.days):
            work = model.boolean(implied=True)
            works.append(work)
            own = [columns[position] for position in by_day.get(day, ())]
            link_any(model, work, own, day_cliques[day], exact=True)
        if self.networks:
            self._run_network(person, works)
        else:
            self._run_clauses(person, works)
        if weekends:
            self._weekends(person, works, weeks)
        if person.complete_weekends:
            for day in range(week.days - 1):
                if week.is_weekend(day) and week.is_weekend(day + 1):
                    half = model.boolean(implied=True)
                    model.row([(half, 1), (works[day], -1), (works[day + 1], 1)], low=0)
                    model.row([(half, 1), (works[day], 1), (works[day + 1], -1)], low=0)
                    model.cost(self._tier("S40"), half, week.profile.weight("S40"))

    def _run_price(self, key: str) -> tuple[int, int]:
        unit = self.week.profile.weight("S38") * self.week.profile.parameter("S38", key)
        return self._tier("S38"), unit

    def _run_clauses(self, person: Person, works: list[int]) -> None:
        model, history = self.model, person.history
        on = Days(works, False, history.days_on, history.known)
        off = Days(works, True, history.days_off, history.known)
        if person.max_days_on is not None:
            longest(model, on, person.max_days_on, None)
        if person.min_days_on > 1:
            shortest(model, on, person.min_days_on, None)
        if person.min_days_off > 1:
            shortest(model, off, person.min_days_off, None)
        for days, limits, key in ((on, person.run_on, "work_factor"), (off, person.run_off, "off_factor")):
            if limits is not None:
                price = self._run_price(key)
                if limits.most is not None:
                    longest(model, days, limits.most, price)
                shortest(model, days, limits.least, price)

    def _run_network(self, person: Person, works: list[int]) -> None:
        history = person.history
        hard_on = Lengths(person.min_days_on, person.max_days_on, None, None, history.days_on)
        hard_off = Lengths(person.min_days_off, None, None, None, history.days_off)
        if person.min_days_on > 1 or person.min_days_off > 1:
            run_network(self.model, works, hard_on, hard_off, history.known)
        elif person.max_days_on is not None:
            # A longest run alone is as tight by its windows.
            longest(self.model, Days(works, False, history.days_on, history.known), person.max_days_on, None)
        if person.run_on is not None or person.run_off is not None:
            soft = []
            for limits, key, before in (
                (person.run_on, "work_factor", history.days_on),
                (person.run_off, "off_factor", history.days_off),
            ):
                price = self._run_price(key)
                own = limits or Range()
                soft.append(Lengths(own.least, own.most, price, price, before))
            run_network(self.model, works, soft[0], soft[1], history.known)

    def _weekends(self, person: Person, works: list[int], weeks: list[list[int]]) -> None:
        week, model, history = self.week, self.model, person.history
        worked = []
        for days in weeks:
            weekend = model.boolean(implied=True)
            worked.append(weekend)
            for day in days:
                if week.is_weekend(day):
                    model.row([(weekend, 1), (works[day], -1)], low=0)
        most = person.max_weekends_four_weeks
        for number in range(len(weeks)):
            if most is not None:
                before = sum(history.weekends[number:]) if number < 3 else 0
                window = worked[max(0, number - 3) : number + 1]
                if before > most:
                    model.row([(worked[number], 1)], high=0)
                elif before + len(window) > most:
                    model.row([(weekend, 1) for weekend in window], high=most - before)
        if person.max_weekends_horizon is not None:
            model.row([(weekend, 1) for weekend in worked], high=person.max_weekends_horizon)
        if person.max_total_weekends is not None:
            room = person.max_total_weekends - history.total_weekends
            over = model.integer(len(worked) + max(0, -room), implied=True)
            model.row([(over, 1), *((weekend, -1) for weekend in worked)], low=-room)
            model.cost(self._tier("S39"), over, week.profile.parameter("S39", "weekend_factor"))

    def _total_duties(self, person: Person, columns: list[int]) -> None:
        limits, weight, before = person.total_duties, self.week.profile.weight("S39"), person.history.total_duties
        if limits is None:
            return
        size = len(columns) + before
        under = self.model.integer(max(limits.least, 0), implied=True)
        self.model.row([(under, 1), *((column, 1) for column in columns)], low=limits.least - before)
        self.model.cost(self._tier("S39"), under, weight)
        if limits.most is not None and limits.most < size:
            over = self.model.integer(size, implied=True)
            self.model.row([(over, 1), *((column, -1) for column in columns)], low=before - limits.most)
            self.model.cost(self._tier("S39"), over, weight)

    def _type_runs(self, person: Person, candidates: list[int], columns: list[int]) -> None:
        week, model, history = self.week, self.model, person.history
        price = (self._tier("S37"), week.profile.weight("S37"))
        for number, kind in enumerate(week.shift_types):
            if kind.run is None:
                continue
            by_day: Groups = defaultdict(list)
            for position, need in enumerate(candidates):
                if week.needs[need].shift_type == number:
                    by_day[week.needs[need].day].append(columns[position])
            before = history.days_of_type if history.last_type == number else 0
            if not by_day and not before:
                continue
            typed = []
            for day in range(week.days):
                column = model.boolean(implied=True)
                typed.append(column)
                own = by_day.get(day, [])
                link_any(model, column, own, [own] if own and person.max_duties_day == 1 else [], exact=True)
            if self.networks:
                own_runs = Lengths(kind.run.least, kind.run.most, price, price, before)
                # Days of another kind count 1 before the horizon, so that the network does not start with this type.
                run_network(model, typed, own_runs, Lengths(0, None, None, None, int(before == 0)), history.known)
                continue
            days = Days(typed, False, before, history.known)
            if kind.run.most is not None:
                longest(model, days, kind.run.most, price)
            shortest(model, days, kind.run.least, price)

    def _wants(self, person: Person, candidates: list[int], columns: list[int]) -> None:
        for wish in person.wishes:
            if not wish.want:
                continue
            matching = [
                columns[position] for position, need in enumerate(candidates) if wish.matches(self.week.needs[need])
            ]
            missed = self.model.boolean(implied=True)
            self.model.row([(missed, 1), *((column, 1) for column in matching)], low=1)
            self.model.cost(self._tier("S30"), missed, wish.cost)

    def _obligations(self, person: Person, candidates: list[int], columns: list[int]) -> None:
        """S20: minutes short of the weekly minimum, in all and at the host unit; cut weeks count in proportion."""
        week, model, weight = self.week, self.model, self.week.profile.weight("S20")
        owed: list[tuple[int, list[int]]] = []
        everything = list(range(len(candidates)))
        if person.min_minutes_week:
            owed.append((person.min_minutes_week, everything))
        if person.host is not None:
            root, minutes = person.host
            at_host = [
                position
                for position in everything
                if week.is_within(week.places[week.needs[candidates[position]].place].unit, root)
            ]
            owed.append((minutes, at_host))
        for minutes, positions in owed:
            for days in week.weeks():
                least = minutes * len(days) // 7
                if least == 0:
                    continue
                short = model.integer(least, implied=True)
                terms = [(short, 1)]
                for position in positions:
                    need = week.needs[candidates[position]]
                    if days[0] <= need.day <= days[-1]:
                        terms.append((columns[position], need.minutes))
                model.row(terms, low=least)
                model.cost(self._tier("S20"), short, weight)

    def _ways(self, positions: list[int], candidates: list[int], columns: list[int]) -> None:
        """S32 between two consecutive duties of a day, by levels of whole units.

        For each duty and each later span: one 0-1 column a level, set when a duty of that span at least that far
        away is served and nothing between. Duties of one span exclude each other, so the sum over them is at most 1.
        """
        week, model = self.week, self.model
        price = week.profile.weight("S32")
        spans: dict[tuple[int, int], list[int]] = defaultdict(list)
        for position in positions:
            need = week.needs[candidates[position]]
            spans[need.start, need.end].append(position)
        ordered = sorted(spans)
        for first in ordered:
            later = [span for span in ordered if span[0] >= first[1]]
            for position in spans[first]:
                here = week.places[week.needs[candidates[position]].place].location
                levels: dict[int, int] = {}
                for span in later:
                    far: dict[int, list[int]] = defaultdict(list)
                    for other in spans[span]:
                        there = week.places[week.needs[candidates[other]].place].location
                        far[metres(here, there) // self.unit_metres].append(columns[other])
                    between = [columns[other] for middle in later if middle[1] <= span[0] for other in spans[middle]]
                    beyond: list[int] = []
                    distances = sorted(far, reverse=True)
                    for distance, nearer in zip(distances, [*distances[1:], 0], strict=True):
                        beyond = beyond + far[distance]
                        for level in range(max(nearer, 0) + 1, distance + 1):
                            if level not in levels:
                                levels[level] = model.boolean(implied=True)
                                model.cost(self._tier("S32"), levels[level], price)
                            model.row(
                                [
                                    (levels[level], 1),
                                    (columns[position], -1),
                                    *((column, -1) for column in beyond),
                                    *((column, 1) for column in between),
                                ],
                                low=-1,
                            )

    def _post(self, need: Need, served: list[tuple[int, int]]) -> None:
        """H11, S10, S22, S23, S24."""
        week, model, people = self.week, self.model, self.week.people
        if self.pairs.on("H11") and len(served) > need.maximum:
            if need.maximum == 1:
                model.exclude([column for _, column in served])
            else:
                model.row([(column, 1) for _, column in served], high=need.maximum)
        heads = [(column, 1) for index, column in served if not people[index].trainee]
        uncovered = None
        if need.minimum and week.hard_minimum:
            model.row(heads, low=need.minimum)
        elif need.minimum and need.weight_uncovered:
            uncovered = model.integer(need.minimum, implied=True)
            model.row([(uncovered, 1), *heads], low=need.minimum)
            model.cost(self._tier("S10"), uncovered, need.weight_uncovered)
        with self._from("S22"):
            self._target(need, heads, uncovered)
        with self._from("S23"):
            self._mix(need, served)

    def _target(self, need: Need, heads: list[Term], uncovered: int | None) -> None:
        week, model = self.week, self.model
        if need.target > need.minimum and need.weight_below:
            below = model.integer(need.target - need.minimum, implied=True)
            terms = [(below, 1), *heads]
            if need.minimum and not week.hard_minimum:
                if uncovered is None:
                    uncovered = model.integer(need.minimum, implied=True)
                terms.append((uncovered, 1))
            model.row(terms, low=need.target)
            model.cost(self._tier("S22"), below, need.weight_below)
        if need.weight_above and len(heads) > need.target:
            above = model.integer(len(heads), implied=True)
            model.row([(above, 1), *((column, -1) for column, _ in heads)], low=-need.target)
            model.cost(self._tier("S24"), above, need.weight_above)

    def _mix(self, need: Need, served: list[tuple[int, int]]) -> None:
        model, people = self.model, self.week.people
        weight, tier = self.week.profile.weight("S23"), self._tier("S23")
        if not weight:
            return
        staff = [(column, 1) for index, column in served if people[index].is_staff]
        guests = [column for index, column in served if not people[index].is_staff]
        if need.mix and guests:
            alone = model.boolean(implied=True)
            model.cost(tier, alone, weight)
            for column in guests:
                model.row([(alone, 1), (column, -1), *staff], low=0)
        newcomers = [(index, column) for index, column in served if people[index].newcomer]
        if newcomers:
            single = model.boolean(implied=True)
            model.cost(tier, single, weight)
            for _, column in newcomers:
                others = [(other, 1) for _, other in served if other != column]
                model.row([(single, 1), (column, -1), *others], low=0)

    def _fairness(self) -> None:
        """S31: for each group the largest load of one person, the ledger added."""
        weight, tier = self.week.profile.weight("S31"), self._tier("S31")
        if not weight:
            return
        for members in self.loads.values():
            least = max(0, max(ledger for ledger, _ in members))
            top = max(ledger + len(columns) for ledger, columns in members)
            most = self.model.integer(max(least, top), lower=least, implied=True)
            self.model.cost(tier, most, weight)
            for ledger, columns in members:
                if ledger + len(columns) > least:
                    self.model.row([(most, 1), *((column, -1) for column in columns)], low=ledger)


def _most_disjoint(spans: list[tuple[int, int]], amounts: list[int]) -> int:
    """Largest sum of amounts over spans (end, start) that do not overlap."""
    best, ends = [0], [-(10**9)]
    order = sorted(range(len(spans)), key=spans.__getitem__)
    for position in order:
        end, start = spans[position]
        low, high = 0, len(ends)
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if ends[middle] <= start else (low, middle)
        ends.append(end)
        best.append(max(best[-1], best[low] + amounts[position]))
    return best[-1]
