//! Notifications: where they go, and how far each has come.

use chrono::{DateTime, Utc};

use super::fault::{Check, Fault, check_name, check_text};
use super::ids::{ChannelId, DeliveryId, PersonId, UnitId};
use super::text_enum;

text_enum! {
    /// How a channel is spoken to.
    ChannelKind {
        /// JSON by HTTP POST, signed with HMAC-SHA256.
        Webhook = "webhook",
        /// A WeCom group robot.
        WeCom = "weCom",
        /// A DingTalk group robot, at most 20 messages a minute.
        DingTalk = "dingTalk",
        /// A mail server.
        Mail = "mail",
        /// A gateway for text messages.
        Sms = "sms",
    }
}

/// Where notifications of a unit's subtree go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Id.
    pub id: ChannelId,
    /// Root of the subtree; none for the whole network.
    pub unit: Option<UnitId>,
    /// Name.
    pub name: String,
    /// How it is spoken to.
    pub kind: ChannelKind,
    /// URL; for mail `smtp://user@host:port` or `smtps://user@host`.
    pub target: String,
    /// What signs messages, or the password of the mail server.
    pub secret: Option<String>,
    /// Sender's mail address, or the signature of text messages.
    pub sender: Option<String>,
    /// Mail address or number of the unit, for what concerns its coordinators.
    pub recipient: Option<String>,
    /// May reach addresses of private networks.
    pub private_allowed: bool,
    /// Used at all.
    pub enabled: bool,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Channel {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_text(&mut faults, "/target", &self.target, 500);
        let schemes: &[&str] = match self.kind {
            ChannelKind::Mail => &["smtp://", "smtps://"],
            _ => &["https://", "http://"],
        };
        if !schemes.iter().any(|scheme| self.target.starts_with(scheme)) {
            let action = format!("begin it with {}", schemes.join(" or "));
            faults.push(Fault::new("wrong-scheme", "/target", "the address cannot be used", action));
        }
        if self.kind == ChannelKind::Mail && self.sender.is_none() {
            faults.push(Fault::new("no-sender", "/sender", "mail needs a sender", "give the sender's mail address"));
        }
        faults
    }
}

text_enum! {
    /// How far a notification has come.
    DeliveryStatus {
        /// Waits for its time.
        Queued = "queued",
        /// Delivered.
        Sent = "sent",
        /// Given up.
        Dead = "dead",
    }
}

/// A notification on its way to one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Id.
    pub id: DeliveryId,
    /// By which channel.
    pub channel: ChannelId,
    /// What happened, such as `roster.published`.
    pub event: String,
    /// Who is told; none for a group.
    pub person: Option<PersonId>,
    /// The same text is told once.
    pub once: String,
    /// First line.
    pub subject: String,
    /// Text.
    pub body: String,
    /// How far it has come.
    pub status: DeliveryStatus,
    /// Tries so far.
    pub attempts: u16,
    /// Not before this time.
    pub due_at: DateTime<Utc>,
    /// Why the last try failed.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was delivered.
    pub sent_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
}

impl Check for Delivery {
    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }
}

/// How a person wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeWish {
    /// Who.
    pub person: PersonId,
    /// Mail address.
    pub mail: Option<String>,
    /// By mail.
    pub by_mail: bool,
    /// By text message, to the telephone number.
    pub by_sms: bool,
    /// Counts the edits, from 1.
    pub version: i64,
}
