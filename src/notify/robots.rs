//! Group robots of WeCom and DingTalk, in the formats that these document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use super::Message;
use super::webhook::{hmac, post_json};

/// Bytes that WeCom takes in a markdown message.
const WECOM_BYTES: usize = 4096;
/// Bytes that DingTalk takes in a message, less what surrounds the text.
const DINGTALK_BYTES: usize = 18_000;

fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        if kept.len() + character.len_utf8() + 4 > most {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}

/// Both answer 200 with an error number.
fn accepted(answer: &str) -> Result<(), String> {
    let answer: serde_json::Value = serde_json::from_str(answer).map_err(|_| "the answer is no JSON".to_owned())?;
    match answer.get("errcode").and_then(serde_json::Value::as_i64) {
        Some(0) => Ok(()),
        _ => Err(format!("the robot refused: {}", answer.get("errmsg").unwrap_or(&answer))),
    }
}

pub(super) fn wecom(message: &Message<'_>) -> Result<(), String> {
    let text = format!("**{}**\n{}", message.subject(), message.text());
    let body = serde_json::json!({"msgtype": "markdown", "markdown": {"content": cut(&text, WECOM_BYTES)}});
    accepted(&post_json(message, &message.channel.target, &[], &body.to_string())?)
}

pub(super) fn dingtalk(message: &Message<'_>, now: DateTime<Utc>) -> Result<(), String> {
    let mut url = message.channel.target.clone();
    if let Some(secret) = &message.channel.secret {
        let timestamp = now.timestamp_millis();
        let sign = STANDARD.encode(hmac(secret, &format!("{timestamp}\n{secret}")));
        let sign = sign.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let joint = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{joint}timestamp={timestamp}&sign={sign}");
    }
    let text = cut(&format!("### {}\n\n{}", message.subject(), message.text()), DINGTALK_BYTES);
    let body = serde_json::json!({"msgtype": "markdown", "markdown": {"title": message.subject(), "text": text}});
    accepted(&post_json(message, &url, &[], &body.to_string())?)
}
