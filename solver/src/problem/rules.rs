//! The rule catalogue: stable codes, tiers, default weights and parameters, and the exact meaning of each rule.
//!
//! Models and checker implement these sentences independently of each other; where they differ, the sentence here
//! decides. What they say of receptions holds for visits too, which are receptions without a host, and those who make
//! them stand for the deputies, unless they say otherwise. Vocabulary: a duty *belongs* to the day on which its span starts; a *working day* of a person is a day
//! with at least one of the person's duties; *heads* are assigned people who are not trainees; a *weekend* is the
//! Saturday and Sunday of one Monday-to-Sunday week, worked when either is a working day within the horizon. A person's
//! own limit (`Limits`) stands in place of the profile's parameter, also where it is higher; a parameter's "no limit"
//! value is no person's limit, so that an own limit of 0 allows nothing.
//!
//! | code | exact meaning |
//! |---|---|
//! | H01 | two duties of one person overlap, or lie at different located places with less time between them than `ceil(distance / metres_per_minute)` |
//! | H02 | a duty overlaps an unavailable span or its day lies outside `active_days` |
//! | H03 | the person lacks the need's skill at the level, or the certificate ends before the duty's day; a trainee works a case |
//! | H04 | minutes or number of duties of one day above the limit |
//! | H05 | minutes or number of duties of one Monday-to-Sunday week (as far as within the horizon), minutes of four consecutive weeks of which the last lies in the horizon and has duties (the last three weeks of history included), or minutes of the horizon outside the limits |
//! | H06 | for two duties of different days: start of the later minus end of the earlier below the least rest (history's last duty included); or a shift type on one day followed on the next day by one of its `forbidden_next` (history's last type included) |
//! | H07 | more consecutive working days than allowed (history included); a run of working days, or of days off, that a day of the horizon ends and that is shorter than the least; a run open at the end of the horizon is never too short, nor is one that touches day 0 when history is unknown (`consecutive_days_off == u16::MAX`); a run of history that day 0 ends counts as ended by it |
//! | H08 | more weekends worked within four consecutive weeks of which the last lies in the horizon and has its weekend worked (history included), or within the horizon, than allowed |
//! | H09 | more duties of one shift type in the horizon than allowed |
//! | H10 | the place's unit lies in no scope subtree, or the place farther from home than the limit (both located); not asked of those whom a reception names |
//! | H11 | more people (trainees included) at a post than its maximum; more than one duty at a case, over all its spans; a room that two receptions have at the same time, or one while it is taken |
//! | H12 | the duty is not inside one opening span of the place, or its span is not its post's |
//! | H13 | a reception at which some seats are taken and others not, or that is held within two spans; a seat taken by somebody whom the reception does not name (of hosts, where it names none, by anybody but staff, or by a trainee); a seat taken before the earliest day of a reception that is not announced; more receptions, visits apart, of one deputy in the horizon than allowed |
//! | H14 | an excluded person meets the need, or an apart-pair shares it |
//! | H15 | a pinned duty is missing |
//! | S10 | heads missing from the minimum, times the need's priority |
//! | S11 | a case's urgency, where it is worked in a span that ends after its deadline, or escalated or explained though its deadline lies before the horizon; twice its urgency where it is left late |
//! | S20 | minutes short of the contract's weekly minimum, per person and week of the horizon; minutes short at the host unit's subtree, likewise; a week cut by the horizon counts in proportion of its days within (rounded down) |
//! | S21 | a reception that is not held, that is, of which not all seats of one span are taken, times its priority |
//! | S22 | heads missing between minimum and target (`target - max(heads, min)` if positive), times the priority; a post's own `weight_below_target` replaces weight times priority |
//! | S23 | (seats of receptions apart) one for each post with `mix` that has a volunteer or deputy but no member of staff; one for each post, with `mix` or not, whose only person is a newcomer; trainees count as people and as staff here |
//! | S24 | heads above target; a post's own `weight_above_target` replaces the weight |
//! | S30 | weight of each `Avoid` wish per matching duty, and of each `Want` wish without matching duty; the weight of the option at which a reception is held |
//! | S31 | fairness: for each group of comparable people (same category and home street; above street level, same home unit), the largest number of unsocial duties (evening, i.e. ending after `evening_from_minute`, or on a weekend or off day) of one person in the horizon, that person's ledger added, at least 0 |
//! | S32 | whole units of `unit_metres` from home to the place, per duty, plus those between the places of two consecutive duties of one day |
//! | S33 | duties at a place not among the person's familiar places, for people who have any, cases apart; a case worked by another person than its earlier handler |
//! | S34 | published duties missing from the roster plus duties of the roster not published, when there is a published roster |
//! | S35 | `escalated_units` for a case that is escalated, `explained_units` for one that is explained, one for one that waits |
//! | S36 | booked matters of a reception that fall outside the domains (skills, whatever their level) of a deputy who receives there, per deputy; nothing of a visit |
//! | S37 | days by which a run on one shift type lies outside its soft range |
//! | S38 | days by which a run of working days, or of days off, lies outside its soft range |
//! | S39 | as if the horizon ended the contract period (a profile for a horizon that does not turns the rule off): duties outside the soft total range, plus `weekend_factor` per weekend above the soft maximum (history's counts included) |
//! | S40 | weekends with both days in the horizon of which one is worked, of people with `complete_weekends` |
//!
//! Settling cases (S11, S35): a case nobody works is *escalated* to the unit above, which takes at most its
//! `escalations`; *explained*, where that is allowed; or left: *late* when its deadline lies in the horizon or before it,
//! *waiting* otherwise. Which of these is no free choice but follows from who works what: among the cases that nobody
//! works, those of which the escalation saves most go up as far as the unit above has room, tier by tier and the
//! earlier case first; what is left takes the cheaper of being left and being explained.
//!
//! Soft runs (S37, S38): each day of the horizon on which the run, history included, is longer than the maximum costs
//! one; a run ended by a day of the horizon and shorter than the minimum costs the difference; a run open at the end
//! is not charged for being short; a run of history that day 0 ends is charged when short. When history is unknown,
//! runs begin with the horizon and one that touches day 0 is not charged for being short. For S38 working runs cost `work_factor`, off runs `off_factor` units a day.

use std::fmt;

/// Tier of a rule; tiers are lexicographic in effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// 0: always holds in a generated roster.
    Hard,
    /// 1: residents first.
    Residents,
    /// 2: obligations.
    Obligations,
    /// 3: quality.
    Quality,
}

impl Tier {
    /// 0 to 3.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The tier of a number 0 to 3.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Hard),
            1 => Some(Self::Residents),
            2 => Some(Self::Obligations),
            3 => Some(Self::Quality),
            _ => None,
        }
    }
}

/// One integer parameter of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Key in a profile, unit in the name.
    pub key: &'static str,
    /// Value when a profile does not set it.
    pub default: i64,
    /// Least allowed value.
    pub min: i64,
    /// Greatest allowed value.
    pub max: i64,
    /// One Chinese sentence.
    pub zh: &'static str,
    /// One English sentence.
    pub en: &'static str,
}

/// What a profile form shows of a rule.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    /// Code.
    pub code: RuleCode,
    /// Short English name (kebab-case).
    pub name: &'static str,
    /// Tier unless a profile says otherwise.
    pub tier: Tier,
    /// Whether the rule is on unless a profile says otherwise.
    pub on: bool,
    /// Cost of one unit of violation (tier 0: unused).
    pub weight: i64,
    /// Parameters.
    pub parameters: &'static [Parameter],
    /// One Chinese sentence.
    pub zh: &'static str,
    /// One English sentence.
    pub en: &'static str,
}

macro_rules! rules {
    ($($code:ident $name:literal $tier:ident $on:literal $weight:literal
        [$($key:ident $default:literal $min:literal $max:literal $pzh:literal $pen:literal;)*]
        $zh:literal $en:literal;)*) => {
        /// Stable code of a rule: the key in results, explanations, prices and profiles.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the catalogue in the module documentation explains each code")]
        pub enum RuleCode { $($code),* }

        impl RuleCode {
            /// Every rule, in order of code.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The code as text, such as `H01`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code)),* }
            }

            /// Reads a code such as `H01`.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $(stringify!($code) => Some(Self::$code),)* _ => None }
            }

            /// The catalogue entry.
            #[must_use]
            pub const fn info(self) -> RuleInfo {
                match self { $(Self::$code => RuleInfo {
                    code: Self::$code, name: $name, tier: Tier::$tier, on: $on, weight: $weight,
                    parameters: &[$(Parameter { key: stringify!($key), default: $default, min: $min, max: $max, zh: $pzh, en: $pen }),*],
                    zh: $zh, en: $en,
                }),* }
            }
        }
    };
}

rules! {
    H01 "overlap" Hard true 0 [metres_per_minute 250 10 2000 "路上速度（米/分钟）" "travel speed in metres a minute";]
        "同一时间只能在一处，两处之间留足路上时间。" "One place at a time, travel time between places included.";
    H02 "availability" Hard true 0 [] "请假、不可用或不在任期内不排班。" "No duty while unavailable, on leave, or outside the dates of service.";
    H03 "qualification" Hard true 0 [] "具备岗位要求的技能、等级和当日有效的证书。" "The required skill at the required level, valid on that date.";
    H04 "daily-limit" Hard true 0 [
        max_minutes 600 0 1440 "每日最多分钟数，0 为不限" "most minutes a day, 0 for no limit";
        max_duties 3 0 24 "每日最多班次，0 为不限" "most duties a day, 0 for no limit";]
        "每日工时和班次不超上限。" "Minutes and duties of a day stay within the limit.";
    H05 "weekly-limit" Hard true 0 [
        max_minutes_week 2640 0 10080 "每周最多分钟数，0 为不限" "most minutes a week, 0 for no limit";
        max_minutes_four_weeks 9600 0 40320 "连续四周最多分钟数，0 为不限" "most minutes in four weeks, 0 for no limit";]
        "每周和连续四周的工时不超上限。" "Minutes of a week and of four weeks stay within the limit.";
    H06 "rest" Hard true 0 [min_rest_minutes 660 0 2880 "两日班次之间最少休息分钟数" "least rest between duties of different days";]
        "两日班次之间休息足够，禁止的班次衔接不出现。" "Enough rest between duties; no forbidden succession.";
    H07 "consecutive" Hard true 0 [max_days 6 0 366 "最多连续工作日，0 为不限" "most consecutive working days, 0 for no limit";]
        "连续工作日和休息日的长度在限度内。" "Runs of working days and days off stay within their limits.";
    H08 "weekends" Hard true 0 [max_in_four_weeks 3 0 4 "四周内最多工作的周末，4 为不限" "most weekends in four weeks, 4 for no limit";]
        "四周内工作的周末不超上限。" "Weekends worked in four weeks stay within the limit.";
    H09 "type-limit" Hard true 0 [] "某类班次的次数不超上限。" "Duties of one shift type stay within the limit.";
    H10 "scope" Hard true 0 [] "只在本人服务范围和距离限度内排班。" "Only in units of the person's scope and within the distance limit.";
    H11 "capacity" Hard true 0 [] "岗位人数不超上限。" "No more people at a post than it holds.";
    H12 "opening" Hard true 0 [] "只在开放时间内排班。" "Only within opening hours.";
    H13 "reception" Hard true 0 [
        max_receptions 0 0 100 "每位代表每期最多接待次数，0 为不限" "most receptions of a deputy in a horizon, 0 for no limit";]
        "接待日按规定公告、安排。" "Receptions keep the rules on notice, deputies, host and venue.";
    H14 "conflict" Hard true 0 [] "回避人员不承办，不宜同岗者不同岗。" "Excluded people stay out; apart-pairs do not share a post.";
    H15 "pin" Hard true 0 [] "锁定的安排保持不变。" "Pinned assignments stay.";
    S10 "uncovered" Residents true 100 [] "岗位最低人数缺口，按优先级计。" "Heads missing from a post's minimum, by priority.";
    S11 "case-late" Residents true 100 [] "民情事项逾期未办理。" "Cases past their deadline.";
    S20 "contract-minimum" Obligations true 1 [] "未达合同每周最低工时的分钟数。" "Minutes short of the contract's weekly minimum.";
    S21 "quota" Obligations true 100 [] "接待、走访任务落后于进度。" "Reception or visit quota behind schedule.";
    S22 "below-target" Obligations true 60 [] "最低人数与目标人数之间的缺口。" "Heads missing between minimum and target.";
    S23 "mix" Obligations true 60 [] "志愿者身边至少一名工作人员，新人不单独上岗。" "A member of staff beside volunteers; a newcomer never alone.";
    S24 "above-target" Obligations false 1 [] "超过目标人数的人数。" "Heads above the target.";
    S30 "preference" Quality true 10 [] "本人意愿未满足。" "Wishes not met.";
    S31 "fairness" Quality true 5 [evening_from_minute 1080 0 1440 "晚间开始的时刻（当日第几分钟）" "minute of the day from which a duty's end counts as evening";]
        "晚间和周末班在同类人员中均衡。" "Evenings and weekends spread over comparable people.";
    S32 "travel" Quality true 1 [unit_metres 500 1 100_000 "计一个单位的米数" "metres that count as one unit";]
        "路程远近。" "Distance from home and between places.";
    S33 "continuity" Quality true 3 [] "同一站点尽量由熟悉的人值班。" "The same people at the same station.";
    S34 "disruption" Quality true 5 [] "与已发布班表的差异。" "Differences from the published roster.";
    S35 "level" Quality true 10 [
        escalated_units 2 0 1000 "上转一件计几个单位" "units of a case that is escalated";
        escalations 4 0 100_000 "上级单位每期可接收的上转件数（单位另有规定的除外）" "cases that a unit takes from below in a horizon, unless it says otherwise";
        explained_units 3 0 1000 "解释一件计几个单位" "units of a case that is explained";]
        "本可就地办理却上转或解释。" "Escalation or explanation where local handling was possible.";
    S36 "match" Quality true 5 [] "代表专长与预约事项的匹配。" "Deputy's domain against booked matters.";
    S37 "type-run" Quality true 15 [] "同类班次连续天数超出宜有范围。" "Runs on one shift type outside their soft range.";
    S38 "soft-run" Quality true 1 [
        work_factor 30 0 100_000 "工作日连续段每偏离一天的系数" "units a day for runs of working days";
        off_factor 30 0 100_000 "休息日连续段每偏离一天的系数" "units a day for runs of days off";]
        "连续工作或休息天数超出宜有范围。" "Runs of working days or days off outside their soft range.";
    S39 "totals" Quality true 20 [weekend_factor 30 0 100_000 "每多一个周末的费用" "cost of each weekend above the maximum (not multiplied by the weight)";]
        "合同期内班次总数、周末总数超出宜有范围。" "Total duties and weekends of the contract period outside their range.";
    S40 "complete-weekend" Quality true 30 [] "周末只上一天。" "Only one day of a weekend worked.";
}

impl RuleCode {
    /// Whether the rule is of tier 0.
    #[must_use]
    pub fn is_hard(self) -> bool {
        self.info().tier == Tier::Hard
    }
}

impl fmt::Display for RuleCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
