//! What a post or a case costs with the people who are at it: the exact cost of S10, S11, S22, S23, S24 and S35, in
//! whole numbers.

use crate::model::candidates::Network;
use crate::model::cases::CaseFacts;
use crate::model::linear::{Costs, add_costs, in_tier};
use crate::problem::{NeedIx, Person, RuleCode, UnitIx};

/// A post's costs and limits. A case has one desk for all its spans, short by one head while nobody works it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Desk {
    min: i64,
    target: i64,
    max: i64,
    uncovered: Costs,
    below: Costs,
    above: Costs,
    mix: Costs,
    newcomer: Costs,
    /// For a case: the unit it may go up to, and the cost of going up.
    pub escalated: Option<(UnitIx, Costs)>,
    /// Whether it goes up while nobody works it.
    pub is_sent_up: bool,
}

/// What a person counts as at a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind(u8);

impl Kind {
    /// Number of kinds.
    pub const COUNT: usize = 8;
    const STAFF: u8 = 1;
    const NEWCOMER: u8 = 2;
    const TRAINEE: u8 = 4;

    /// The kind of a person.
    #[must_use]
    pub const fn of(person: &Person) -> Self {
        let mut bits = 0;
        if person.category.is_staff() {
            bits |= Self::STAFF;
        }
        if person.newcomer {
            bits |= Self::NEWCOMER;
        }
        if person.trainee {
            bits |= Self::TRAINEE;
        }
        Self(bits)
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).take(Self::COUNT).map(Self)
    }

    /// Whether it is one of staff.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        self.is(Self::STAFF)
    }

    const fn is(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// Position among the kinds.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Who is at a post, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Present {
    total: i64,
    heads: i64,
    staff: i64,
    newcomers: i64,
}

impl Present {
    /// The same with a person more (`by` is 1) or fewer (`by` is -1).
    #[must_use]
    pub const fn with(self, person: &Person, by: i64) -> Self {
        self.with_kind(Kind::of(person), by)
    }

    /// The same with so many heads more, of whatever kind.
    #[must_use]
    pub const fn with_heads(self, by: i64) -> Self {
        Self { total: self.total + by, heads: self.heads + by, ..self }
    }

    /// The same with so many people of a kind more.
    #[must_use]
    pub const fn with_kind(self, kind: Kind, by: i64) -> Self {
        Self {
            total: self.total + by,
            heads: self.heads + if kind.is(Kind::TRAINEE) { 0 } else { by },
            staff: self.staff + if kind.is(Kind::STAFF) { by } else { 0 },
            newcomers: self.newcomers + if kind.is(Kind::NEWCOMER) { by } else { 0 },
        }
    }
}

impl Desk {
    /// The costs of a post; `None` when the need is of another kind.
    #[must_use]
    pub fn new(network: &Network<'_>, need: NeedIx) -> Option<Self> {
        let problem = network.problem;
        let data = &problem.needs[need.index()];
        let post = data.as_post()?;
        let profile = &problem.profile;
        let settings = &network.settings;
        let weight = |code| if settings.is_on(code) { profile.weight(code) } else { 0 };
        let own = |code, own: Option<i64>, standard: i64| own.filter(|_| settings.is_on(code)).unwrap_or(standard);
        let priority = i64::from(data.priority);
        let cost = |code, amount| in_tier(profile.tier(code), amount);
        let below = own(RuleCode::S22, post.cover.weight_below_target, weight(RuleCode::S22) * priority);
        let above = own(RuleCode::S24, post.cover.weight_above_target, weight(RuleCode::S24));
        let mix = cost(RuleCode::S23, weight(RuleCode::S23));
        Some(Self {
            min: i64::from(post.cover.min),
            target: i64::from(post.cover.target),
            max: if settings.is_on(RuleCode::H11) { i64::from(post.cover.max) } else { i64::MAX },
            uncovered: cost(RuleCode::S10, weight(RuleCode::S10) * priority),
            below: cost(RuleCode::S22, below),
            above: cost(RuleCode::S24, above),
            mix: if post.mix { mix } else { [0; 3] },
            newcomer: if data.seat.is_some() { [0; 3] } else { mix },
            escalated: None,
            is_sent_up: false,
        })
    }

    /// The desk of a case.
    #[must_use]
    pub fn of_case(network: &Network<'_>, case: &CaseFacts) -> Self {
        let profile = &network.problem.profile;
        Self {
            min: 1,
            target: 1,
            max: 1,
            uncovered: case.left,
            below: [0; 3],
            above: [0; 3],
            mix: [0; 3],
            newcomer: in_tier(profile.tier(RuleCode::S23), profile.weight(RuleCode::S23)),
            escalated: case.escalated,
            is_sent_up: false,
        }
    }

    /// What going up saves while nobody works the case; nothing for a post.
    #[must_use]
    pub fn saving(&self) -> Costs {
        self.escalated.map_or([0; 3], |(_, up)| [0, 1, 2].map(|tier| self.uncovered[tier] - up[tier]))
    }

    /// What heads after heads save: so many at this cost each (what they save is less than nothing), the dearest
    /// shortage first.
    pub fn gains(&self) -> impl Iterator<Item = (i64, Costs)> {
        let steps = [
            (self.min, self.uncovered.map(|cost| -cost)),
            (self.target - self.min, self.below.map(|cost| -cost)),
            (self.max.min(1 << 20) - self.target, self.above),
        ];
        steps.into_iter().filter(|&(heads, _)| heads > 0)
    }

    /// What the first member of staff saves where the post asks for one.
    #[must_use]
    pub fn gain_of_staff(&self) -> Option<Costs> {
        (self.mix != [0; 3] && self.max > 1).then(|| self.mix.map(|cost| -cost))
    }

    /// Whether another person fits.
    #[must_use]
    pub const fn has_room(&self, present: Present) -> bool {
        present.total < self.max
    }

    /// Whether people are missing up to the minimum or the target.
    #[must_use]
    pub const fn is_short(&self, present: Present) -> bool {
        present.heads < self.target
    }

    /// The cost with these people.
    #[must_use]
    pub fn cost(&self, present: Present) -> Costs {
        let mut costs = [0; 3];
        let mut add = |cost: Costs, times: i64| {
            if times > 0 {
                add_costs(&mut costs, cost.map(|cost| cost * times));
            }
        };
        let uncovered = self.escalated.filter(|_| self.is_sent_up).map_or(self.uncovered, |(_, up)| up);
        add(uncovered, self.min - present.heads);
        add(self.below, self.target - present.heads.max(self.min));
        add(self.above, present.heads - self.target);
        add(self.mix, i64::from(present.total > present.staff && present.staff == 0));
        add(self.newcomer, i64::from(present.total == 1 && present.newcomers == 1));
        costs
    }

    /// The kind as this post tells people apart.
    #[must_use]
    pub fn kind(&self, kind: Kind) -> Kind {
        let mut bits = kind.0;
        if self.mix == [0; 3] {
            bits &= !Kind::STAFF;
        }
        if self.newcomer == [0; 3] {
            bits &= !Kind::NEWCOMER;
        }
        Kind(bits)
    }

    /// How many of each kind may be there at once, of those who may serve.
    #[must_use]
    pub fn within_capacity(&self, eligible: [u16; Kind::COUNT]) -> [u16; Kind::COUNT] {
        let most = u16::try_from(self.max).unwrap_or(u16::MAX);
        eligible.map(|count| count.min(most))
    }

    /// Most people at once.
    #[must_use]
    pub fn room(&self) -> u16 {
        u16::try_from(self.max).unwrap_or(u16::MAX)
    }

    /// Most that one head more can save, and most that one head too many can cost, in each tier.
    #[must_use]
    pub fn stakes(&self) -> (Costs, Costs) {
        let sum = |costs: &[Costs]| {
            let mut sum = [0; 3];
            for costs in costs {
                add_costs(&mut sum, costs.map(|cost| cost.max(0)));
            }
            sum
        };
        (sum(&[self.uncovered, self.below, self.mix, self.newcomer]), sum(&[self.above, self.mix, self.newcomer]))
    }
}
