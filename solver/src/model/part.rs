//! The compact integer programme of a part: some people, some needs, and the duties that stay.

use std::collections::{HashMap, HashSet};

use super::candidates::{Group, Network, PostFacts};
use super::conflicts::cliques;
use super::labels::Label;
use super::linear::{Costs, Linear, common_divisor};
use super::{cases, cover, limits, obligations, quality, runs};
use crate::problem::{CaseIx, NeedIx, PersonIx, ReceptionIx, UnitIx};

/// How much of a person a part accounts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// All duties of the person that are not in the part are listed as kept: every rule and cost is exact.
    Whole,
    /// The home copy in a relaxation: personal costs are counted here, and other copies may work besides.
    Home,
    /// A copy away from home in a relaxation: no personal costs but those of its own duties.
    Guest,
}

/// A person of a part.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub person: PersonIx,
    /// How much of the person the part accounts for.
    pub role: Role,
    /// Needs of the part that the person may serve, as [`Network::candidates`] gives them.
    pub candidates: Vec<NeedIx>,
    /// For [`Role::Home`]: what other copies of the person may serve.
    pub elsewhere: Vec<NeedIx>,
    /// Duties that stay: pins, and in improvement everything outside the part.
    pub kept: Vec<NeedIx>,
}

/// What a model is made of.
#[derive(Debug, Clone, Default)]
pub struct PartSpec {
    /// People.
    pub members: Vec<Member>,
    /// Needs whose cover the part decides; all heads that serve them are in `members`.
    pub needs: Vec<NeedIx>,
    /// Cases that the part settles; all their spans are among its needs.
    pub cases: Vec<CaseIx>,
    /// Receptions that the part decides, with all their seats among its needs. Seats of others are needs like any other
    /// that cost nothing.
    pub receptions: Vec<ReceptionIx>,
    /// Whether duties at seats cost what they cost; they do wherever the part decides receptions.
    pub counts_seats: bool,
    /// Cases that a unit takes from this part, where that is less than all it takes.
    pub rooms: HashMap<UnitIx, i64>,
    /// Least unsocial load per group (ledgers, and people outside the part).
    pub group_floor: HashMap<Group, i64>,
    /// People to leave free unless a minimum needs them: those whom other parts may want more.
    pub reluctant: HashSet<PersonIx>,
    /// Whether pairs of duties of one day are modelled, so that travel between places (S32) is exact.
    pub between_places: bool,
}

impl PartSpec {
    /// Whether what duties at seats cost counts here.
    #[must_use]
    pub const fn counts_seats(&self) -> bool {
        self.counts_seats || !self.receptions.is_empty()
    }

    /// Cases that a unit takes from the part.
    #[must_use]
    pub fn room(&self, network: &Network<'_>, unit: UnitIx) -> i64 {
        self.rooms.get(&unit).copied().unwrap_or_else(|| network.problem.escalations(unit))
    }
}

/// A pair of person and need: one binary column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Who.
    pub person: PersonIx,
    /// What for.
    pub need: NeedIx,
}

/// The columns and rows of one member.
#[derive(Debug, Clone)]
pub struct MemberColumns {
    /// First pair column.
    pub first: usize,
    /// One past the last pair column.
    pub last: usize,
    /// Column of the minutes worked by other copies, for [`Role::Home`] with an obligation.
    pub elsewhere: Option<u32>,
    /// First column of what the person alone is charged or counted by.
    pub first_own: usize,
    /// One past the last such column.
    pub last_own: usize,
    /// Row of the person's unsocial load (S31), if any.
    pub load: Option<usize>,
}

/// The model of a part: columns `0..pairs.len()` are the pairs, in order of member, then start.
#[derive(Debug, Clone)]
pub struct PartModel {
    /// The programme.
    pub linear: Linear,
    /// The pair of each of the first columns.
    pub pairs: Vec<Pair>,
    /// Columns of each member, in the order of the specification.
    pub members: Vec<MemberColumns>,
    /// What each row stands for; `None` for rows that only tie auxiliary columns together.
    pub labels: Vec<Option<Label>>,
    /// For each member, sets of pair columns of which at most one is served; together they hold all its pairs.
    pub exclusive: Vec<Vec<Vec<u32>>>,
    /// Number of rows that posts ask for; they come first.
    pub covers: usize,
    /// The column of each reception of the part that is one when it is not held.
    pub unheld: Vec<u32>,
    /// Rows that define auxiliary columns: in order, `(column, row)`.
    defines: Vec<(u32, usize)>,
    /// What units above take of the part's cases.
    rooms: Vec<cases::Room>,
}

/// A model in the making; the files of the rule groups add to it.
pub(super) struct Builder<'n, 'p> {
    pub network: &'n Network<'p>,
    pub spec: &'n PartSpec,
    pub linear: Linear,
    pub pairs: Vec<Pair>,
    pub members: Vec<MemberColumns>,
    pub defines: Vec<(u32, usize)>,
    pub labels: Vec<Option<Label>>,
    pub exclusive: Vec<Vec<Vec<u32>>>,
    pub covers: usize,
    pub unheld: Vec<u32>,
    pub rooms: Vec<cases::Room>,
    /// Whether matters outside a deputy's domains (S36) stand in rows of their own rather than in the costs of seats.
    pub matches: bool,
}

/// One member while its rows are added: its posts in order of start, and its cliques as positions in `posts`.
pub(super) struct MemberRows<'n> {
    pub member: &'n Member,
    pub position: usize,
    pub first: usize,
    pub posts: Vec<&'n PostFacts>,
    pub cliques: Vec<Vec<usize>>,
}

impl MemberRows<'_> {
    pub fn column(&self, position: usize) -> u32 {
        column_index(self.first + position)
    }

    /// Sets of at most one served candidate that together hold every candidate that `keep` accepts.
    pub fn cliques_of(&self, keep: impl Fn(&PostFacts) -> bool) -> Vec<Vec<u32>> {
        let mut left: Vec<bool> = self.posts.iter().map(|post| keep(post)).collect();
        let mut order: Vec<&Vec<usize>> = self.cliques.iter().collect();
        order.sort_by_key(|clique| std::cmp::Reverse(clique.len()));
        let mut found = Vec::new();
        for clique in order {
            if clique.iter().any(|&position| left[position]) {
                let inside: Vec<usize> = clique.iter().copied().filter(|&at| keep(self.posts[at])).collect();
                found.push(inside.iter().map(|&position| self.column(position)).collect());
                for position in inside {
                    left[position] = false;
                }
            }
        }
        found.extend(left.iter().enumerate().filter(|&(_, &left)| left).map(|(at, _)| vec![self.column(at)]));
        found
    }
}

pub(super) fn column_index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

impl PartModel {
    /// Builds the model of a part.
    #[must_use]
    pub fn build(network: &Network<'_>, spec: &PartSpec) -> Self {
        Self::built(Builder::new(network, spec))
    }

    /// The same points and costs, with matters outside deputies' domains (S36) in rows of their own, so that they have
    /// prices.
    #[must_use]
    pub fn with_matches(network: &Network<'_>, spec: &PartSpec) -> Self {
        Self::built(Builder { matches: true, ..Builder::new(network, spec) })
    }

    fn built(mut builder: Builder<'_, '_>) -> Self {
        builder.add_pairs();
        cover::add(&mut builder);
        builder.covers = builder.linear.rows.len();
        builder.add_people();
        builder.finish()
    }

    /// The same points with tighter rows for posts, in the order of [`Self::coupling`]: for linear programmes only,
    /// since [`Self::complete`] does not know the rows.
    #[must_use]
    pub fn relaxation(network: &Network<'_>, spec: &PartSpec) -> Self {
        let mut builder = Builder::new(network, spec);
        builder.add_pairs();
        cover::add_in_one_row(&mut builder);
        builder.covers = builder.linear.rows.len();
        builder.add_people();
        builder.finish()
    }

    /// What the posts ask of the pairs, without the rules of single people: cover, mix, apart-pairs and fairness.
    ///
    /// The columns are those of [`Self::build`] that these rules need, pairs first.
    #[must_use]
    pub fn coupling(network: &Network<'_>, spec: &PartSpec) -> Self {
        let mut builder = Builder::new(network, spec);
        builder.add_pairs();
        cover::add_in_one_row(&mut builder);
        builder.covers = builder.linear.rows.len();
        let groups = quality::add_groups(&mut builder);
        for (position, member) in spec.members.iter().enumerate() {
            let (first, last) = (builder.members[position].first, builder.members[position].last);
            let posts: Vec<&PostFacts> =
                builder.pairs[first..last].iter().filter_map(|pair| network.post(pair.need)).collect();
            let rows = MemberRows { member, position, first, posts, cliques: Vec::new() };
            quality::add_fairness(&mut builder, &rows, &groups);
        }
        builder.finish()
    }

    /// The whole point that a choice of pairs implies: every auxiliary column takes its least value.
    ///
    /// `chosen` holds one flag per pair.
    #[must_use]
    pub fn complete(&self, chosen: &[bool]) -> Vec<i64> {
        let mut values: Vec<i64> = self.linear.columns.iter().map(|column| column.lower).collect();
        for (value, &chosen) in values.iter_mut().zip(chosen) {
            *value = i64::from(chosen);
        }
        for &(column, row) in &self.defines {
            let Some(lower) = self.linear.rows[row].lower else { continue };
            let mut coefficient = 1;
            let mut rest = lower;
            for &(other, factor) in self.linear.terms(row) {
                if other == column {
                    coefficient = factor;
                } else {
                    rest -= factor * values[other as usize];
                }
            }
            let needed = rest.div_euclid(coefficient) + i64::from(rest.rem_euclid(coefficient) != 0);
            values[column as usize] = values[column as usize].max(needed);
        }
        cases::escalate(&self.rooms, &mut values);
        values
    }

    /// For each unit that takes cases of the part: the unit, the row that limits them, and how many it might take.
    pub fn rooms(&self) -> impl Iterator<Item = (UnitIx, usize, i64)> + '_ {
        self.rooms.iter().map(|room| (room.unit, room.row, i64::try_from(room.cases.len()).unwrap_or(i64::MAX)))
    }

    /// Gives a row so many units more room on both sides.
    pub fn relax(&mut self, row: usize, units: i64) {
        let sides = &mut self.linear.rows[row];
        sides.lower = sides.lower.map(|lower| lower - units);
        sides.upper = sides.upper.map(|upper| upper + units);
        for room in self.rooms.iter_mut().filter(|room| room.row == row) {
            room.most += units;
        }
    }

    /// Adds a column from 0 to 1 that is as large as each of the sets of pairs serves, or fails to serve its pair.
    ///
    /// `sets` are sets of pair columns of which at most one is served; `kept` are pair columns that count when they
    /// are not served.
    pub fn add_flag(&mut self, least: i64, sets: &[Vec<u32>], kept: &[u32]) -> u32 {
        let flag = self.linear.add_column(least, 1, [0; 3], true);
        let served = sets.iter().map(|set| (0, set.iter().map(|&pair| (pair, -1)).collect::<Vec<_>>()));
        let dropped = kept.iter().map(|&pair| (1, vec![(pair, 1)]));
        for (lower, terms) in served.chain(dropped).collect::<Vec<_>>() {
            let row = self.linear.add_row(Some(lower), None, terms.into_iter().chain([(flag, 1)]));
            self.defines.push((flag, row));
            self.labels.push(None);
        }
        flag
    }

    /// Cost of a choice of pairs, or `None` when it breaks a row.
    #[must_use]
    pub fn evaluate(&self, chosen: &[bool]) -> Option<Costs> {
        let values = self.complete(chosen);
        self.linear.is_feasible(&values).then(|| self.linear.costs(&values))
    }
}

impl<'n, 'p> Builder<'n, 'p> {
    fn new(network: &'n Network<'p>, spec: &'n PartSpec) -> Self {
        Self {
            network,
            spec,
            linear: Linear::default(),
            pairs: Vec::new(),
            members: Vec::with_capacity(spec.members.len()),
            defines: Vec::new(),
            labels: Vec::new(),
            exclusive: Vec::with_capacity(spec.members.len()),
            covers: 0,
            unheld: Vec::new(),
            rooms: Vec::new(),
            matches: false,
        }
    }

    fn add_people(&mut self) {
        let (network, spec) = (self.network, self.spec);
        let groups = quality::add_groups(self);
        for (position, member) in spec.members.iter().enumerate() {
            let first = self.members[position].first;
            let last = self.members[position].last;
            let posts: Vec<&PostFacts> =
                self.pairs[first..last].iter().filter_map(|pair| network.post(pair.need)).collect();
            let rest = network.settings.min_rest_minutes(&network.problem.people[member.person.index()]);
            let cliques = cliques(network, rest, &posts);
            let rows = MemberRows { member, position, first, posts, cliques };
            self.members[position].first_own = self.linear.columns.len();
            limits::add(self, &rows);
            runs::add(self, &rows);
            obligations::add(self, &rows);
            quality::add(self, &rows, &groups);
            self.members[position].last_own = self.linear.columns.len();
            self.exclusive.push(rows.cliques_of(|_| true));
        }
    }

    fn finish(mut self) -> PartModel {
        self.mark(None);
        PartModel {
            linear: self.linear,
            pairs: self.pairs,
            members: self.members,
            labels: self.labels,
            exclusive: self.exclusive,
            covers: self.covers,
            unheld: self.unheld,
            defines: self.defines,
            rooms: self.rooms,
        }
    }

    fn add_pairs(&mut self) {
        for member in &self.spec.members {
            let mut posts: Vec<(i32, NeedIx, bool)> = Vec::with_capacity(member.candidates.len());
            for &need in &member.kept {
                posts.extend(self.network.post(need).map(|facts| (facts.span.start, need, true)));
            }
            for &need in member.candidates.iter().filter(|need| !member.kept.contains(need)) {
                posts.extend(self.network.post(need).map(|facts| (facts.span.start, need, false)));
            }
            posts.sort_unstable();
            let first = self.pairs.len();
            for (_, need, kept) in posts {
                let cost = if self.spec.counts_seats() {
                    self.network.whole_cost(member.person, need)
                } else {
                    self.network.pair_cost(member.person, need)
                };
                self.linear.add_column(i64::from(kept), 1, cost, true);
                self.pairs.push(Pair { person: member.person, need });
            }
            self.members.push(MemberColumns {
                first,
                last: self.pairs.len(),
                elsewhere: None,
                first_own: 0,
                last_own: 0,
                load: None,
            });
        }
    }

    /// Says what the rows added since the last mark stand for.
    pub fn mark(&mut self, label: Option<Label>) {
        self.labels.resize(self.linear.rows.len(), label);
    }

    /// Adds `sum of terms <= upper`; coefficients share no factor afterwards. Gives the factor that was taken out.
    pub fn add_at_most(&mut self, upper: i64, terms: Vec<(u32, i64)>) -> i64 {
        let divisor = terms.iter().fold(0, |divisor, &(_, factor)| common_divisor(divisor, factor));
        if divisor > 1 {
            let reduced = terms.into_iter().map(|(column, factor)| (column, factor / divisor));
            self.linear.add_row(None, Some(upper.div_euclid(divisor)), reduced);
        } else {
            self.linear.add_row(None, Some(upper), terms);
        }
        divisor.max(1)
    }

    /// Adds a row `sum of terms >= lower` that defines the least value of an auxiliary column.
    pub fn define(&mut self, column: u32, lower: i64, terms: impl IntoIterator<Item = (u32, i64)>) {
        let row = self.linear.add_row(Some(lower), None, terms);
        self.defines.push((column, row));
    }
}
