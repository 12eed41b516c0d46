//! Signed JSON by HTTP POST: webhooks, and gateways for text messages.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Message;
use super::address::client;

/// HMAC-SHA256 of a text.
pub(super) fn hmac(secret: &str, text: &str) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Posts JSON to the channel and answers the body, if the status is a success.
pub(super) fn post_json(
    message: &Message<'_>,
    url: &str,
    headers: &[(&str, String)],
    body: &str,
) -> Result<String, String> {
    let mut request = client(message.channel.private_allowed).post(url).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let mut response = request.send(body).map_err(|error| error.to_string())?;
    let status = response.status();
    let text = response.body_mut().with_config().limit(64 * 1024).read_to_string().unwrap_or_default();
    if status.is_success() { Ok(text) } else { Err(format!("the receiver answered {status}")) }
}

/// Headers by which a receiver knows who sends, and that it is not an old message sent again.
fn signed(message: &Message<'_>, body: &str, now: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let first = message.deliveries.first();
    let timestamp = now.timestamp().to_string();
    let mut headers = vec![
        ("x-paiban-event", first.map(|one| one.event.clone()).unwrap_or_default()),
        ("x-paiban-delivery", first.map(|one| one.id.to_string()).unwrap_or_default()),
        ("x-paiban-timestamp", timestamp.clone()),
    ];
    if let Some(secret) = &message.channel.secret {
        let mac = hmac(secret, &format!("{timestamp}.{body}"));
        let hex = mac.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        headers.push(("x-paiban-signature", format!("sha256={hex}")));
    }
    headers
}

pub(super) fn post(message: &Message<'_>, now: DateTime<Utc>) -> Result<(), String> {
    let body = message.text();
    post_json(message, &message.channel.target, &signed(message, &body, now), &body).map(drop)
}

pub(super) fn text_message(message: &Message<'_>, now: DateTime<Utc>) -> Result<(), String> {
    let phone = message.to.as_deref().ok_or("the person has no telephone number")?;
    let body = serde_json::json!({
        "id": message.deliveries.first().map(|one| one.id.as_str()),
        "phone": phone,
        "signature": message.channel.sender,
        "text": message.text(),
    })
    .to_string();
    post_json(message, &message.channel.target, &signed(message, &body, now), &body).map(drop)
}
