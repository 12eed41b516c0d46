"""The instance that every peer solves: people, posts and rules with indices for ids and minutes for date-times."""

from __future__ import annotations

from dataclasses import dataclass, field

from .catalogue import Profile

DAY = 1440
STAFF = frozenset({"secondedCadre", "reassignedStaff", "recruitedStaff"})

Point = tuple[int, int]
Span = tuple[int, int]


@dataclass
class Range:
    """An inclusive range; `most` None means no upper end."""

    least: int = 0
    most: int | None = None


@dataclass
class ShiftType:
    """A kind of shift: what may not follow it on the next day, and its soft range of consecutive days (S37)."""

    id: str
    forbidden_next: frozenset[int] = frozenset()
    run: Range | None = None


@dataclass
class Place:
    """A place: its unit, location in metres, and opening spans (None: always open)."""

    id: str
    unit: int
    location: Point | None = None
    opening: list[Span] | None = None


@dataclass
class Need:
    """A post with a fixed span; weights are per head."""

    id: str
    place: int
    start: int
    end: int
    minimum: int
    target: int
    maximum: int
    weight_uncovered: int
    weight_below: int
    weight_above: int
    skill: tuple[int, int] | None = None
    shift_type: int | None = None
    mix: bool = False
    excluded: frozenset[int] = frozenset()

    @property
    def day(self) -> int:
        """Day on which the span starts."""
        return self.start // DAY

    @property
    def minutes(self) -> int:
        """Length of the span."""
        return self.end - self.start


@dataclass
class Wish:
    """A preference (S30): cost when a wanted duty is missing, or for each unwanted one."""

    want: bool
    start: int
    end: int
    cost: int
    shift_type: int | None = None
    place: int | None = None

    def matches(self, need: Need) -> bool:
        """Whether a duty at the need matches."""
        return (
            self.start < need.end
            and need.start < self.end
            and (self.place is None or self.place == need.place)
            and (self.shift_type is None or self.shift_type == need.shift_type)
        )


@dataclass
class History:
    """What came before the horizon; `known` is false for a new person, whose first run is never too short."""

    known: bool = False
    minutes: list[int] = field(default_factory=lambda: [0, 0, 0])
    weekends: list[bool] = field(default_factory=lambda: [False, False, False])
    days_on: int = 0
    days_off: int = 0
    days_of_type: int = 0
    last_type: int | None = None
    last_end: int | None = None
    total_duties: int = 0
    total_weekends: int = 0
    unsocial: int = 0


@dataclass
class Person:
    """A person with resolved limits; a limit of None does not exist."""

    id: str
    category: str
    group: tuple[int, str]
    home: Point | None = None
    skills: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    scope: list[int] = field(default_factory=list)
    max_distance: int | None = None
    active: tuple[int, int] = (0, 10**6)
    unavailable: list[Span] = field(default_factory=list)
    max_minutes_day: int | None = None
    max_duties_day: int | None = None
    max_minutes_week: int | None = None
    max_duties_week: int | None = None
    max_minutes_four_weeks: int | None = None
    min_minutes_horizon: int | None = None
    max_minutes_horizon: int | None = None
    min_rest: int = 0
    max_days_on: int | None = None
    min_days_on: int = 0
    min_days_off: int = 0
    max_weekends_four_weeks: int | None = None
    max_weekends_horizon: int | None = None
    max_of_type: dict[int, int] = field(default_factory=dict)
    min_minutes_week: int = 0
    host: tuple[int, int] | None = None
    run_on: Range | None = None
    run_off: Range | None = None
    total_duties: Range | None = None
    max_total_weekends: int | None = None
    complete_weekends: bool = False
    trainee: bool = False
    newcomer: bool = False
    wishes: list[Wish] = field(default_factory=list)
    familiar: frozenset[int] = frozenset()
    history: History = field(default_factory=History)

    @property
    def is_staff(self) -> bool:
        """Whether the person counts as staff for S23."""
        return self.category in STAFF


@dataclass
class Week:
    """A whole problem. `hard_minimum` makes the minimum of every post a hard rule, as INRC-II has it."""

    days: int
    first_weekday: int
    off_days: list[bool]
    parents: list[int | None]
    places: list[Place]
    shift_types: list[ShiftType]
    people: list[Person]
    needs: list[Need]
    profile: Profile
    apart: list[tuple[int, int]] = field(default_factory=list)
    pins: set[tuple[int, int]] = field(default_factory=set)
    published: set[tuple[int, int]] = field(default_factory=set)
    hard_minimum: bool = False

    def is_weekend(self, day: int) -> bool:
        """Whether the day is a Saturday or Sunday."""
        return (self.first_weekday + day) % 7 >= 5

    def weeks(self) -> list[list[int]]:
        """Days of each Monday-to-Sunday week, as far as within the horizon."""
        found: dict[int, list[int]] = {}
        for day in range(self.days):
            found.setdefault((self.first_weekday + day) // 7, []).append(day)
        return list(found.values())

    def is_unsocial(self, need: Need) -> bool:
        """Whether a duty there counts for S31: evening, weekend or off day."""
        evening = self.profile.parameter("S31", "evening_from_minute")
        day = need.day
        return need.end - day * DAY > evening or self.is_weekend(day) or self.off_days[day]

    def is_within(self, unit: int, root: int) -> bool:
        """Whether a unit lies in the subtree of a root."""
        at: int | None = unit
        while at is not None:
            if at == root:
                return True
            at = self.parents[at]
        return False
