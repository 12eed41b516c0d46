//! Who may do what, where: roles bound to subtrees of units, and what a request's author may see and change.

use chrono::{DateTime, Utc};

use super::fault::{Check, Fault, check_name, check_text};
use super::ids::{AccountId, ApiKeyId, PersonId, UnitId};
use super::text_enum;

text_enum! {
    /// A role that an account has in a subtree.
    Role {
        /// Everything: units, accounts, keys, statutory calendar, audit.
        Administrator = "administrator",
        /// Constraint profiles, plans and publishing; reads everything.
        Manager = "manager",
        /// People, posts, cases; plans, edits and publishes.
        Coordinator = "coordinator",
        /// A volunteer or member of staff: the own duties, and the cases that they handle.
        Member = "member",
        /// A deputy: the own receptions and visits.
        Deputy = "deputy",
        /// An information officer: registers residents' matters.
        InformationOfficer = "informationOfficer",
        /// Reads everything, changes nothing.
        Reader = "reader",
    }
}

text_enum! {
    /// What a route asks for.
    Right {
        /// See units, stations, catalogues and published rosters.
        See = "see",
        /// See people, posts, plans and proofs.
        Inspect = "inspect",
        /// Change people, stations, availability, demand and posts.
        Edit = "edit",
        /// Ask for plans, stop them, pin.
        Plan = "plan",
        /// Put a roster in force.
        Publish = "publish",
        /// Change constraint profiles.
        Rules = "rules",
        /// Register residents' cases, and book matters into receptions for them.
        Register = "register",
        /// See cases and what residents bring to receptions: those where `inspect` holds, else one's own.
        Follow = "follow",
        /// Take up, pass on and close cases: those where `edit` holds, else the ones that one handles.
        Handle = "handle",
        /// Record what residents bring to receptions: where `edit` holds, else as host or deputy.
        Receive = "receive",
        /// See a masked telephone number or address, for a reason that is kept.
        Unmask = "unmask",
        /// Units, accounts, audit, erasing.
        Administer = "administer",
    }
}

impl Role {
    /// Whether the role gives the right.
    #[must_use]
    pub const fn gives(self, right: Right) -> bool {
        match self {
            Self::Administrator => true,
            Self::Manager => {
                matches!(
                    right,
                    Right::See | Right::Inspect | Right::Follow | Right::Plan | Right::Publish | Right::Rules
                )
            }
            Self::Coordinator => matches!(
                right,
                Right::See
                    | Right::Inspect
                    | Right::Edit
                    | Right::Register
                    | Right::Follow
                    | Right::Handle
                    | Right::Receive
                    | Right::Plan
                    | Right::Publish
                    | Right::Unmask
            ),
            Self::Member => matches!(right, Right::See | Right::Follow | Right::Handle | Right::Receive),
            Self::Deputy => matches!(right, Right::See | Right::Follow | Right::Receive),
            Self::InformationOfficer => matches!(right, Right::See | Right::Register),
            Self::Reader => matches!(right, Right::See | Right::Inspect | Right::Follow),
        }
    }
}

text_enum! {
    /// What an API key is for; it never gives more than its account has.
    KeyScope {
        /// Reading.
        Read = "read",
        /// Changing people, demand and cases.
        Edit = "edit",
        /// Planning and publishing.
        Plan = "plan",
        /// Everything that the account may.
        Everything = "everything",
    }
}

impl KeyScope {
    /// Whether the scope lets the right through.
    #[must_use]
    pub const fn allows(self, right: Right) -> bool {
        match self {
            Self::Read => matches!(right, Right::See | Right::Inspect | Right::Follow),
            Self::Edit => matches!(right, Right::Edit | Right::Register | Right::Handle | Right::Receive),
            Self::Plan => matches!(right, Right::Plan | Right::Publish),
            Self::Everything => true,
        }
    }
}

/// A role in a subtree, as stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Role.
    pub role: Role,
    /// Root of the subtree; none for the whole network.
    pub unit: Option<UnitId>,
}

/// A role in a subtree, with the subtree's place in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedGrant {
    /// The grant.
    pub grant: Grant,
    /// Path of its unit; none for the whole network.
    pub path: Option<String>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: AccountId,
    /// Name that is typed to sign in.
    pub name: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// The password is a one-time one.
    pub must_change_password: bool,
    /// The person whose account it is.
    pub person: Option<PersonId>,
    /// Cannot sign in, and its keys do not work.
    pub disabled: bool,
    /// Wrong passwords since the last right one.
    pub failed_sign_ins: u32,
    /// No sign-in before this time.
    pub locked_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Roles.
    pub grants: Vec<Grant>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Account {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        if super::person::has_repeats(self.grants.iter()) {
            faults.push(Fault::new("repeated-grant", "/grants", "a grant is listed twice", "list each grant once"));
        }
        faults
    }
}

/// A session of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token in the cookie, hexadecimal.
    pub id: String,
    /// Account.
    pub account: AccountId,
    /// What unsafe requests must repeat in a header.
    pub csrf_token: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, give or take some minutes.
    pub seen_at: DateTime<Utc>,
}

/// A key with which another system acts for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Id.
    pub id: ApiKeyId,
    /// Account.
    pub account: AccountId,
    /// What it is for, in words.
    pub name: String,
    /// SHA-256 of the key, hexadecimal.
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, give or take some minutes.
    pub used_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
}

impl ApiKey {
    /// Whether it works at this time.
    #[must_use]
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

impl Check for ApiKey {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_text(&mut faults, "/name", &self.name, 60);
        if self.scopes.is_empty() {
            faults.push(Fault::new("no-scope", "/scopes", "the key has no scope", "name at least one scope"));
        }
        faults
    }
}

/// Which part of the network a reader sees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Visible {
    /// All of it.
    #[default]
    Everything,
    /// The subtrees with these paths.
    Subtrees(Vec<String>),
}

/// The author of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Account; none in open mode.
    pub account: Option<AccountId>,
    /// Name for the audit trail.
    pub actor: String,
    /// The person whose account it is.
    pub person: Option<PersonId>,
    /// Roles.
    pub grants: Vec<PlacedGrant>,
    /// Scopes of the API key; none for a session.
    pub scopes: Option<Vec<KeyScope>>,
    /// The right that the route asks for; none where being signed in is enough.
    pub asked: Option<Right>,
}

impl Visible {
    /// Whether something at the path of a unit is seen.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Subtrees(roots) => roots.iter().any(|root| path.starts_with(root)),
        }
    }

    /// Whether a unit at the path lies in what is seen or above it.
    #[must_use]
    pub fn touches(&self, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Subtrees(roots) => roots.iter().any(|root| path.starts_with(root) || root.starts_with(path)),
        }
    }
}

impl Who {
    /// Everybody on this machine, where there is no signing in.
    #[must_use]
    pub fn open() -> Self {
        let all = Grant { role: Role::Administrator, unit: None };
        Self {
            account: None,
            actor: "open".to_owned(),
            person: None,
            grants: vec![PlacedGrant { grant: all, path: None }],
            scopes: None,
            asked: None,
        }
    }

    fn giving(&self, right: Right) -> impl Iterator<Item = &PlacedGrant> {
        let allowed = self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|scope| scope.allows(right)));
        self.grants.iter().filter(move |placed| allowed && placed.grant.role.gives(right))
    }

    /// Whether some role gives the right somewhere.
    #[must_use]
    pub fn holds(&self, right: Right) -> bool {
        self.giving(right).next().is_some()
    }

    /// Roots of the subtrees in which the right holds, without repetition; none among them stands for the whole network,
    /// and is then the only one.
    #[must_use]
    pub fn roots(&self, right: Right) -> Vec<Option<&UnitId>> {
        let mut roots: Vec<_> = self.giving(right).map(|placed| placed.grant.unit.as_ref()).collect();
        if roots.contains(&None) {
            return vec![None];
        }
        roots.sort();
        roots.dedup();
        roots
    }

    /// Whether the right holds for something at the path of a unit. What belongs to no unit is everybody's to see and
    /// only theirs to change who have the right over the whole network.
    #[must_use]
    pub fn may(&self, right: Right, path: Option<&str>) -> bool {
        match path {
            None if matches!(right, Right::See | Right::Inspect) => self.holds(right),
            None => self.giving(right).any(|placed| placed.path.is_none()),
            Some(path) => {
                self.giving(right).any(|placed| placed.path.as_deref().is_none_or(|root| path.starts_with(root)))
            }
        }
    }

    /// Whether the author's account is one of these people's.
    #[must_use]
    pub fn is_one_of<'a>(&self, people: impl IntoIterator<Item = &'a PersonId>) -> bool {
        self.person.as_ref().is_some_and(|own| people.into_iter().any(|person| person == own))
    }

    /// Whether the route's right holds at the path; signed in is enough for routes without one.
    #[must_use]
    pub fn may_here(&self, path: Option<&str>) -> bool {
        self.asked.is_none_or(|right| self.may(right, path))
    }

    /// What the route's right lets the author see.
    #[must_use]
    pub fn visible(&self) -> Visible {
        self.asked.map_or_else(|| Visible::Subtrees(Vec::new()), |right| self.visible_by(right))
    }

    /// What a right lets the author see.
    #[must_use]
    pub fn visible_by(&self, right: Right) -> Visible {
        let mut paths = Vec::new();
        for placed in self.giving(right) {
            match &placed.path {
                None => return Visible::Everything,
                Some(path) => paths.push(path.clone()),
            }
        }
        Visible::Subtrees(paths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(grants: &[(Role, Option<&str>)], scopes: Option<Vec<KeyScope>>) -> Who {
        let placed = grants.iter().map(|(role, path)| PlacedGrant {
            grant: Grant { role: *role, unit: None },
            path: path.map(str::to_owned),
        });
        Who { grants: placed.collect(), scopes, ..Who::open() }
    }

    #[test]
    fn a_role_ends_at_its_subtree() {
        let who = who(&[(Role::Coordinator, Some("1/2/")), (Role::Reader, Some("1/3/"))], None);
        assert!(who.may(Right::Edit, Some("1/2/")) && who.may(Right::Edit, Some("1/2/9/")));
        for outside in ["1/", "1/20/", "1/3/", "2/"] {
            assert!(!who.may(Right::Edit, Some(outside)), "{outside}");
        }
        assert!(who.may(Right::Inspect, Some("1/3/4/")));
        assert!(who.may(Right::See, None) && !who.may(Right::Edit, None));
    }

    #[test]
    fn a_key_never_gives_more_than_its_account_and_its_scopes() {
        let reader = [(Role::Reader, None)];
        assert!(!who(&reader, Some(vec![KeyScope::Everything])).holds(Right::Edit));
        let all = [(Role::Administrator, None)];
        let key = who(&all, Some(vec![KeyScope::Read, KeyScope::Plan]));
        assert!(key.holds(Right::Inspect) && key.holds(Right::Publish));
        assert!(!key.holds(Right::Edit) && !key.holds(Right::Administer) && !key.holds(Right::Unmask));
    }
}
