//! iCalendar (RFC 5545): feeds of duties, and reading the days of a calendar of holidays.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use sha2::{Digest as _, Sha256};

use crate::domain::DutyRecord;
use crate::domain::expand::local_minute;

/// The whole history of the zone that duties need: China has had no daylight saving since 1991.
const ZONE: &str = "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19910915T000000\r\n\
                    TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

/// One duty of a feed.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// The duty.
    pub duty: &'a DutyRecord,
    /// What it is called.
    pub summary: String,
    /// Where it is.
    pub place: &'a str,
}

/// A feed of duties; those no longer in force are shown as cancelled.
#[must_use]
pub fn feed(name: &str, events: &[Event<'_>]) -> String {
    let mut text =
        String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//paiban//duties//ZH\r\nCALSCALE:GREGORIAN\r\n");
    text.push_str("METHOD:PUBLISH\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n");
    line(&mut text, "X-WR-CALNAME", name);
    text.push_str("X-WR-TIMEZONE:Asia/Shanghai\r\n");
    text.push_str(ZONE);
    for event in events {
        let duty = event.duty;
        let time = |minute| local_minute(duty.date, minute).format("%Y%m%dT%H%M%S").to_string();
        let utc = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
        text.push_str("BEGIN:VEVENT\r\n");
        line(&mut text, "UID", &uid(duty));
        let _ = write!(text, "DTSTAMP:{}\r\nLAST-MODIFIED:{}\r\n", utc(duty.changed_at), utc(duty.changed_at));
        let _ = write!(text, "SEQUENCE:{}\r\n", duty.sequence);
        let _ = write!(text, "DTSTART;TZID=Asia/Shanghai:{}\r\n", time(duty.start_minute));
        let _ = write!(text, "DTEND;TZID=Asia/Shanghai:{}\r\n", time(duty.end_minute));
        let mark = if duty.in_force { "" } else { "【取消】" };
        line(&mut text, "SUMMARY", &format!("{mark}{}", event.summary));
        line(&mut text, "LOCATION", event.place);
        let status = if duty.in_force { "CONFIRMED" } else { "CANCELLED" };
        let _ = write!(text, "STATUS:{status}\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n");
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}

/// The same for a person's duty at a post in every version of the roster, and telling nothing of either.
fn uid(duty: &DutyRecord) -> String {
    let digest = Sha256::digest(format!("{}\u{1f}{}", duty.person, duty.post).as_bytes());
    let hex = digest.iter().take(16).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    format!("{hex}@paiban")
}

/// A line with its text escaped, folded at 75 bytes between characters.
fn line(text: &mut String, name: &str, value: &str) {
    let mut escaped = format!("{name}:");
    for character in value.chars() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' => escaped.push_str("\\n"),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    let mut bytes = 0;
    for character in escaped.chars() {
        if bytes + character.len_utf8() > 75 {
            text.push_str("\r\n ");
            bytes = 1;
        }
        text.push(character);
        bytes += character.len_utf8();
    }
    text.push_str("\r\n");
}

/// A day of a calendar of holidays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// Date.
    pub date: NaiveDate,
    /// Off, or a make-up working day.
    pub is_off: bool,
    /// Name, without the mark of what kind of day it is.
    pub name: String,
}

/// Most days of one event: a mistake in a file must not fill a year.
const MAX_EVENT_DAYS: i64 = 31;

/// The days of an iCalendar file, as the widespread calendars of Chinese holidays have them: all-day events, of which
/// those that say 班 (make-up work) are working days and all others off.
///
/// # Errors
/// What cannot be read, in words, with the line.
pub fn holidays(text: &str) -> Result<Vec<Holiday>, String> {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    if !unfolded.trim_start_matches('\u{feff}').trim_start().starts_with("BEGIN:VCALENDAR") {
        return Err("it does not begin with BEGIN:VCALENDAR".to_owned());
    }
    let mut days = Vec::new();
    let mut event: Option<(Option<NaiveDate>, Option<NaiveDate>, String)> = None;
    for (number, content) in unfolded.lines().enumerate() {
        let Some((head, value)) = content.split_once(':') else { continue };
        let name = head.split(';').next().unwrap_or_default().to_ascii_uppercase();
        let wrong = || format!("line {}: {value:?} is no date", number + 1);
        match (name.as_str(), value.trim()) {
            ("BEGIN", "VEVENT") => event = Some((None, None, String::new())),
            ("END", "VEVENT") => {
                let Some((Some(start), end, summary)) = event.take() else {
                    return Err(format!("line {}: an event has no DTSTART", number + 1));
                };
                let end = end.unwrap_or(start + chrono::Days::new(1));
                if !(1..=MAX_EVENT_DAYS).contains(&(end - start).num_days()) {
                    return Err(format!("line {}: an event lasts no day, or more than {MAX_EVENT_DAYS}", number + 1));
                }
                let works = summary.contains('班') || summary.contains('补');
                let days_of = start.iter_days().take_while(|day| *day < end);
                days.extend(days_of.map(|date| Holiday { date, is_off: !works, name: plain(&summary) }));
            }
            (_, value) => {
                let Some(open) = event.as_mut() else { continue };
                match name.as_str() {
                    "DTSTART" => open.0 = Some(day(value).ok_or_else(wrong)?),
                    "DTEND" => open.1 = Some(day(value).ok_or_else(wrong)?),
                    "SUMMARY" => open.2 = value.replace("\\,", ",").replace("\\;", ";"),
                    _ => {}
                }
            }
        }
    }
    if days.is_empty() {
        return Err("it holds no event".to_owned());
    }
    days.sort_by_key(|day| day.date);
    days.dedup_by_key(|day| day.date);
    Ok(days)
}

fn day(value: &str) -> Option<NaiveDate> {
    if value.len() == 8 {
        return NaiveDate::parse_from_str(value, "%Y%m%d").ok();
    }
    NaiveDateTime::parse_from_str(value.trim_end_matches('Z'), "%Y%m%dT%H%M%S").ok().map(|time| time.date())
}

/// The name without marks such as （休）, （班） and 第1天/共3天.
fn plain(summary: &str) -> String {
    let cut = summary.find(['（', '(', ' ', '第']).unwrap_or(summary.len());
    let name = summary.get(..cut).unwrap_or(summary).trim();
    if name.is_empty() { summary.trim().to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let mut text = String::new();
        line(&mut text, "SUMMARY", &"值班，注意;".repeat(20));
        for part in text.trim_end().split("\r\n") {
            assert!(part.len() <= 75, "{part}");
        }
        assert!(text.replace("\r\n ", "").contains("注意\\;值班"), "{text}");
    }

    #[test]
    fn holidays_and_make_up_days_are_told_apart() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270104\r\n\
                    SUMMARY:元旦（休）\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270109\r\nSUMMARY:元旦（班）\r\n\
                    END:VEVENT\r\nEND:VCALENDAR\r\n";
        let days = holidays(text).unwrap();
        assert_eq!(days.len(), 4);
        assert_eq!(days.iter().filter(|day| day.is_off).count(), 3);
        assert!(days.iter().all(|day| day.name == "元旦"), "{days:?}");
        for wrong in
            ["", "hello", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2027\nEND:VEVENT"]
        {
            assert!(holidays(wrong).is_err(), "{wrong}");
        }
    }
}
