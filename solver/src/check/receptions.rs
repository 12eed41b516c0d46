//! Receptions and visits: H13, H11 of rooms, S21 quota and S36 match.

use crate::problem::{MINUTES_PER_DAY, NeedIx, PersonIx, Problem, Reception, RuleCode, SeatRole, Span, VenueIx};

use super::context::{Context, length};
use super::report::{At, Findings, Words};

/// The people at the two kinds of seat of one span; a visit has no seat of a host.
struct Taken<'c> {
    deputies: &'c [PersonIx],
    hosts: Option<&'c [PersonIx]>,
}

impl<'c> Taken<'c> {
    fn of(context: &'c Context<'_>, reception: &Reception, option: usize) -> Self {
        let option = reception.options[option];
        Self { deputies: context.people_at(option.deputies), hosts: option.host.map(|host| context.people_at(host)) }
    }

    fn is_empty(&self) -> bool {
        self.deputies.is_empty() && self.hosts.is_none_or(<[PersonIx]>::is_empty)
    }

    fn is_full(&self, reception: &Reception) -> bool {
        self.deputies.len() == usize::from(reception.seats) && self.hosts.is_none_or(|hosts| hosts.len() == 1)
    }

    /// Whoever sits there, the first of them.
    fn somebody(&self) -> Option<PersonIx> {
        self.deputies.iter().chain(self.hosts.into_iter().flatten()).next().copied()
    }
}

const fn zh(reception: &Reception) -> &'static str {
    if reception.is_visit { "走访" } else { "接待" }
}

const fn en(reception: &Reception) -> &'static str {
    if reception.is_visit { "visit" } else { "reception" }
}

/// The spans of a reception at which anybody sits.
fn used(context: &Context<'_>, reception: &Reception) -> Vec<usize> {
    (0..reception.options.len()).filter(|&option| !Taken::of(context, reception, option).is_empty()).collect()
}

fn span_of(problem: &Problem, need: NeedIx) -> Span {
    problem.needs[need.index()].as_post().map_or(Span { start: 0, end: 0 }, |post| post.span)
}

/// Where each reception is held: the position of the one span of which all seats are taken, while nobody sits at
/// another.
pub(super) fn held(context: &Context<'_>) -> Vec<Option<usize>> {
    let held = |reception: &Reception| match used(context, reception).as_slice() {
        [only] if Taken::of(context, reception, *only).is_full(reception) => Some(*only),
        _ => None,
    };
    context.problem.receptions.iter().map(held).collect()
}

/// H13: seats half taken, two spans, people whom the reception does not name, short notice, too many receptions.
pub(super) fn check_h13_reception(context: &Context<'_>, findings: &mut Findings<'_>) {
    for reception in &context.problem.receptions {
        check_seats(context, reception, findings);
        for option in used(context, reception) {
            check_notice(context, reception, option, findings);
            check_named(context, reception, option, findings);
        }
    }
    check_most(context, findings);
}

/// What further duties can mend is reported without a person, everything else with one.
fn check_seats(context: &Context<'_>, reception: &Reception, findings: &mut Findings<'_>) {
    let used = used(context, reception);
    for &option in &used {
        let taken = Taken::of(context, reception, option);
        if taken.is_full(reception) {
            continue;
        }
        let need = reception.options[option].deputies;
        let span = span_of(context.problem, need);
        let what = context.describe_at(need, span);
        let (deputies, seats) = (taken.deputies.len(), reception.seats);
        let words = match taken.hosts.map(<[PersonIx]>::len) {
            Some(hosts) => Words {
                zh: format!("{what}的接待有代表 {deputies} 人（应 {seats} 人）、工作人员 {hosts} 人（应 1 人）。"),
                en: format!("The reception at {what} has {deputies} deputies of {seats} and {hosts} hosts of 1."),
            },
            None => Words {
                zh: format!("{what}的走访有 {deputies} 人（应 {seats} 人）。"),
                en: format!("The visit at {what} has {deputies} people of {seats}."),
            },
        };
        findings.hard(RuleCode::H13, At::need(need).on(span.day()), words);
    }
    if let [_, second, ..] = used.as_slice() {
        let need = reception.options[*second].deputies;
        let taken = Taken::of(context, reception, *second);
        let count = used.len();
        let words = Words {
            zh: format!("{} {} 安排在 {count} 个时间，只能有一个。", zh(reception), reception.id),
            en: format!("The {} {} has {count} times; it can have one.", en(reception), reception.id),
        };
        let at = taken.somebody().map_or_else(At::default, At::person).with_need(need);
        findings.hard(RuleCode::H13, at.on(span_of(context.problem, need).day()), words);
    }
}

fn check_notice(context: &Context<'_>, reception: &Reception, option: usize, findings: &mut Findings<'_>) {
    let need = reception.options[option].deputies;
    let day = span_of(context.problem, need).day();
    if reception.is_announced || day >= reception.earliest_day {
        return;
    }
    let taken = Taken::of(context, reception, option);
    let (date, earliest) = (context.date(day), context.problem.horizon.date(reception.earliest_day));
    let words = Words {
        zh: format!("接待 {} 安排在 {date}，公告期满最早为 {earliest}。", reception.id),
        en: format!("The reception {} is on {date}; with its notice it can be from {earliest} on.", reception.id),
    };
    findings.hard(RuleCode::H13, taken.somebody().map_or_else(At::default, At::person).with_need(need).on(day), words);
}

fn check_named(context: &Context<'_>, reception: &Reception, option: usize, findings: &mut Findings<'_>) {
    let taken = Taken::of(context, reception, option);
    let seats = reception.options[option];
    let name = |person: PersonIx| &context.problem.people[person.index()].name;
    for &person in taken.deputies.iter().filter(|person| !reception.deputies.contains(person)) {
        let words = Words {
            zh: format!("{}不是{} {} 的人选。", name(person), zh(reception), reception.id),
            en: format!("{} is not among those named for the {} {}.", name(person), en(reception), reception.id),
        };
        let day = span_of(context.problem, seats.deputies).day();
        findings.hard(RuleCode::H13, At::person(person).with_need(seats.deputies).on(day), words);
    }
    let may_host = |person: PersonIx| {
        let who = &context.problem.people[person.index()];
        let named = reception.hosts.as_ref().map(|hosts| hosts.contains(&person));
        named.unwrap_or_else(|| who.category.is_staff() && !who.trainee)
    };
    let hosts =
        seats.host.zip(taken.hosts).into_iter().flat_map(|(seat, hosts)| hosts.iter().map(move |&who| (seat, who)));
    for (seat, person) in hosts.filter(|&(_, person)| !may_host(person)) {
        let words = Words {
            zh: format!("{}不能担任接待 {} 的工作人员。", name(person), reception.id),
            en: format!("{} cannot be host of the reception {}.", name(person), reception.id),
        };
        let day = span_of(context.problem, seat).day();
        findings.hard(RuleCode::H13, At::person(person).with_need(seat).on(day), words);
    }
}

fn check_most(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.problem.receptions.is_empty() {
        return;
    }
    let standard = context.problem.profile.parameter(RuleCode::H13, "max_receptions");
    for (person, record, duties) in context.people() {
        let most = record.limits.max_receptions.map(i64::from).or(Some(standard).filter(|&most| most != 0));
        let is_seat =
            |need: NeedIx| context.problem.needs[need.index()].seat.is_some_and(|seat| seat.role == SeatRole::Deputy);
        let count = length(duties.iter().filter(|duty| is_seat(duty.need)).count());
        if let Some(most) = most.filter(|&most| count > most) {
            let words = Words {
                zh: format!("{}接待 {count} 次，最多 {most} 次。", record.name),
                en: format!("{} receives {count} times; the most is {most}.", record.name),
            };
            findings.hard(RuleCode::H13, At::person(person), words);
        }
    }
}

/// H11 of rooms: two receptions in one at the same time, or one while others have it.
pub(super) fn check_h11_venue(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut users: Vec<(VenueIx, Span, NeedIx)> = Vec::new();
    for reception in &context.problem.receptions {
        for option in used(context, reception) {
            let seats = reception.options[option];
            let span = span_of(context.problem, seats.deputies);
            users.extend(seats.venue.map(|venue| (venue, span, seats.deputies)));
        }
    }
    users.sort_unstable();
    for (position, &(venue, span, need)) in users.iter().enumerate() {
        let room = &context.problem.venues[venue.index()];
        let by_others = room.taken.iter().any(|taken| taken.overlaps(span));
        let before = users[..position].iter().any(|&(other, theirs, _)| other == venue && theirs.overlaps(span));
        if by_others || before {
            let date = context.date(span.start.div_euclid(MINUTES_PER_DAY));
            let words = Words {
                zh: format!("{} 在 {date} 该时段已被占用。", room.name),
                en: format!("{} is taken at that time on {date}.", room.name),
            };
            findings.hard(RuleCode::H11, At::need(need).on(span.day()), words);
        }
    }
}

/// S21: receptions that are not held.
pub(super) fn check_s21_quota(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S21);
    for (reception, held) in context.problem.receptions.iter().zip(&context.held) {
        let cost = if held.is_some() { 0 } else { weight * i64::from(reception.priority) };
        let at = reception.options.first().map_or_else(At::default, |option| At::need(option.deputies));
        findings.soft(RuleCode::S21, at, cost, || Words {
            zh: format!("{} {} 未能安排，任务落后于进度。", zh(reception), reception.id),
            en: format!("The {} {} does not take place; its quota falls behind.", en(reception), reception.id),
        });
    }
}

/// S30: receptions held at another time than was wanted.
pub(super) fn check_s30_time(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S30);
    for (reception, held) in context.problem.receptions.iter().zip(&context.held) {
        let Some(option) = held.and_then(|held| reception.options.get(held)) else { continue };
        let span = span_of(context.problem, option.deputies);
        let at = At::need(option.deputies).on(span.day());
        findings.soft(RuleCode::S30, at, weight * i64::from(option.weight), || {
            let what = context.describe_at(option.deputies, span);
            Words {
                zh: format!("{} {} 改在{what}，不是原定时间。", zh(reception), reception.id),
                en: format!("The {} {} is at {what}, not when it was wanted.", en(reception), reception.id),
            }
        });
    }
}

/// S36: booked matters outside the domains of a deputy who receives.
pub(super) fn check_s36_match(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S36);
    for reception in context.problem.receptions.iter().filter(|reception| !reception.matters.is_empty()) {
        for option in &reception.options {
            let span = span_of(context.problem, option.deputies);
            for &person in context.people_at(option.deputies) {
                let who = &context.problem.people[person.index()];
                let known: Vec<_> = who.skills.iter().map(|own| own.skill).collect();
                let outside: i64 = reception
                    .matters
                    .iter()
                    .map(|(domain, count)| if known.contains(domain) { 0 } else { i64::from(*count) })
                    .sum();
                let at = At::person(person).with_need(option.deputies).on(span.day());
                findings.soft(RuleCode::S36, at, outside * weight, || Words {
                    zh: format!("{}接待时有 {outside} 件预约事项不属其专长。", who.name),
                    en: format!("{outside} booked matters lie outside the domains of {}.", who.name),
                });
            }
        }
    }
}
