//! Mail by SMTP.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message as Mail, SmtpTransport, Transport as _};

use super::Message;
use super::address::{host_of, require_public};

pub(super) fn send(message: &Message<'_>) -> Result<(), String> {
    let channel = message.channel;
    let to = message.to.as_deref().ok_or("the receiver has no mail address")?;
    let from = channel.sender.as_deref().ok_or("the channel has no sender")?;
    let address = |text: &str| text.parse().map_err(|_| format!("{text:?} is no mail address"));
    let mail = Mail::builder()
        .from(address(from)?)
        .to(address(to)?)
        .subject(format!("【排班】{}", message.subject()))
        .header(ContentType::TEXT_PLAIN)
        .body(message.text())
        .map_err(|error| error.to_string())?;
    let (scheme, rest) = channel.target.split_once("://").ok_or("the target is no URL")?;
    let (user, server) = match rest.rsplit_once('@') {
        Some((user, server)) => (Some(user), server),
        None => (None, rest),
    };
    let url = format!("{scheme}://{server}");
    if !channel.private_allowed {
        require_public(host_of(&url).unwrap_or_default(), 25)?;
    }
    let mut transport = SmtpTransport::from_url(&url).map_err(|error| error.to_string())?;
    if let (Some(user), Some(password)) = (user, &channel.secret) {
        transport = transport.credentials(Credentials::new(user.to_owned(), password.clone()));
    }
    let transport = transport.timeout(Some(Duration::from_secs(15))).build();
    transport.send(&mail).map(drop).map_err(|error| error.to_string())
}
