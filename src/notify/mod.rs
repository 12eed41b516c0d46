//! Sending what stands in the outbox: each channel in its own words, with back-off and a last resort.
//!
//! Time is a parameter: the server calls [`Sender::deliver_due`] from its housekeeping thread, and tests by hand. No
//! connection is held while a message is on its way.

pub mod address;
mod mail;
mod robots;
mod webhook;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::db::{Db, DbError, DbResult, channels, outbox, people};
use crate::domain::{Channel, ChannelKind, Delivery, DeliveryStatus};

/// Minutes to wait after the first, second, ... failed try; after the last one a message is given up.
const WAITS: [i64; 6] = [1, 5, 30, 120, 360, 720];

/// Messages that a DingTalk robot takes a minute.
const DINGTALK_PER_MINUTE: usize = 20;

/// Most messages of one round.
const ROUND: i64 = 500;

/// While a message is on its way, no other process takes it for so many minutes.
const LEASE_MINUTES: i64 = 5;

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Notifications delivered.
    pub sent: usize,
    /// Notifications that will be tried again.
    pub failed: usize,
    /// Notifications given up.
    pub dead: usize,
}

/// A message as it goes out: one notification, or several of one group together.
struct Message<'a> {
    channel: &'a Channel,
    deliveries: Vec<Delivery>,
    /// Mail address or telephone number.
    to: Option<String>,
}

impl Message<'_> {
    fn subject(&self) -> &str {
        self.deliveries.first().map_or("", |first| first.subject.as_str())
    }

    fn text(&self) -> String {
        let parts: Vec<String> = match self.deliveries.as_slice() {
            [one] => vec![one.body.clone()],
            many => many.iter().map(|one| format!("【{}】{}", one.subject, one.body)).collect(),
        };
        parts.join("\n\n")
    }
}

/// Delivers what is due in a database.
#[derive(Debug, Clone)]
pub struct Sender {
    db: Db,
}

impl Sender {
    /// For a database.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// Sends what is due now.
    ///
    /// # Errors
    /// Those of the connection; failed messages are no errors.
    pub fn deliver_due(&self, now: DateTime<Utc>) -> DbResult<Round> {
        let (due, known) = self.db.read(|conn| Ok((outbox::due(conn, now, ROUND)?, channels::enabled(conn)?)))?;
        let mut groups: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
        for delivery in due {
            groups.entry(delivery.channel.to_string()).or_default().push(delivery);
        }
        let mut round = Round::default();
        for channel in &known {
            let Some(deliveries) = groups.remove(channel.id.as_str()) else { continue };
            let batches = match channel.kind {
                ChannelKind::DingTalk | ChannelKind::WeCom => vec![deliveries],
                _ => deliveries.into_iter().map(|one| vec![one]).collect(),
            };
            for batch in batches {
                if channel.kind == ChannelKind::DingTalk && self.is_exhausted(channel, now)? {
                    break;
                }
                self.attempt(channel, batch, now, &mut round)?;
            }
        }
        Ok(round)
    }

    fn is_exhausted(&self, channel: &Channel, now: DateTime<Utc>) -> DbResult<bool> {
        let since = now - TimeDelta::minutes(1);
        Ok(self.db.read(|conn| outbox::sent_since(conn, &channel.id, since))? >= DINGTALK_PER_MINUTE)
    }

    fn attempt(&self, channel: &Channel, batch: Vec<Delivery>, now: DateTime<Utc>, round: &mut Round) -> DbResult<()> {
        let mut taken = Vec::new();
        for delivery in batch {
            let lease = Delivery {
                attempts: delivery.attempts + 1,
                due_at: now + TimeDelta::minutes(LEASE_MINUTES),
                ..delivery
            };
            match self.db.write(|tx| outbox::update(tx, &lease)) {
                Ok(version) => taken.push(Delivery { version, ..lease }),
                // Another process has taken it.
                Err(DbError::Stale { .. } | DbError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
        let to = self.receiver(channel, taken.first())?;
        let message = Message { channel, deliveries: taken, to };
        let result = send(&message, now);
        for delivery in message.deliveries {
            let settled = settled(delivery, result.as_ref().err(), now);
            match settled.status {
                DeliveryStatus::Sent => round.sent += 1,
                DeliveryStatus::Queued => round.failed += 1,
                DeliveryStatus::Dead => round.dead += 1,
            }
            match self.db.write(|tx| outbox::update(tx, &settled)) {
                Ok(_) | Err(DbError::Stale { .. } | DbError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Mail address or number at the time of sending, so that the outbox holds neither.
    fn receiver(&self, channel: &Channel, delivery: Option<&Delivery>) -> DbResult<Option<String>> {
        let Some(person) = delivery.and_then(|delivery| delivery.person.clone()) else {
            return Ok(channel.recipient.clone());
        };
        self.db.read(|conn| match channel.kind {
            ChannelKind::Mail => {
                Ok(channels::wishes(conn, &[person])?.pop().filter(|wish| wish.by_mail).and_then(|wish| wish.mail))
            }
            ChannelKind::Sms => Ok(people::get(conn, &person)?.phone),
            _ => Ok(None),
        })
    }
}

fn send(message: &Message<'_>, now: DateTime<Utc>) -> Result<(), String> {
    match message.channel.kind {
        ChannelKind::Webhook => webhook::post(message, now),
        ChannelKind::WeCom => robots::wecom(message),
        ChannelKind::DingTalk => robots::dingtalk(message, now),
        ChannelKind::Mail => mail::send(message),
        ChannelKind::Sms => webhook::text_message(message, now),
    }
}

fn settled(delivery: Delivery, error: Option<&String>, now: DateTime<Utc>) -> Delivery {
    let Some(error) = error else {
        return Delivery { status: DeliveryStatus::Sent, sent_at: Some(now), error: None, ..delivery };
    };
    let error = Some(error.chars().take(300).collect());
    let wait = usize::from(delivery.attempts).checked_sub(1).and_then(|tries| WAITS.get(tries));
    match wait {
        Some(minutes) if usize::from(delivery.attempts) < WAITS.len() => {
            Delivery { due_at: now + TimeDelta::minutes(*minutes), error, ..delivery }
        }
        _ => Delivery { status: DeliveryStatus::Dead, error, ..delivery },
    }
}
