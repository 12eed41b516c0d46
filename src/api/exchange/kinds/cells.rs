//! How a cell and a field of a document become each other.

use serde_json::{Value, json};

use super::words::HOURS_DAYS;
use crate::api::lang::Text;
use crate::exchange::table::Cell;

/// Words of a list as they stand in cells, and in documents.
pub type Words = &'static [(&'static str, &'static str)];

/// How a cell and a field of a document are written.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// Text as it is.
    Text,
    /// A code or telephone number: text, never a number, since digits would be lost.
    Code,
    /// A whole number.
    Whole,
    /// A date, `2026-11-30`.
    Date,
    /// 是 or 否.
    Flag,
    /// A minute of the day as `08:30`; after midnight `25:00`.
    Time,
    /// One word of a list, in Chinese.
    Word(Words),
    /// Words of a list separated by 、.
    Words(Words),
    /// Codes separated by 、 or ;.
    Codes,
    /// A list of things that have a code and a number, each `code:number`; the names of the two fields.
    Numbered(&'static str, &'static str),
    /// Skills of a person, each `code:level` or `code:level:last day`.
    Skills,
    /// A position in degrees: `43.88 125.32`, latitude first.
    Position,
    /// Opening hours: `周一 08:30-12:00、周一 13:30-17:00`.
    Hours,
}

/// Column and form of a field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Header of its column.
    pub header: &'static str,
    /// Name in the document.
    pub name: &'static str,
    /// How it is written.
    pub form: Form,
    /// What an import may do with it.
    pub filling: Filling,
    /// How it is filled in.
    pub note: &'static str,
    /// An example.
    pub example: &'static str,
}

/// What an import may do with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// It must be filled in.
    Required,
    /// It may be filled in.
    Optional,
    /// It is shown only: what comes back must be what was shown.
    Shown,
}

/// A field that must be filled in.
pub(super) const fn need(
    header: &'static str,
    name: &'static str,
    form: Form,
    note: &'static str,
    example: &'static str,
) -> Field {
    Field { header, name, form, filling: Filling::Required, note, example }
}

/// A field that may be filled in.
pub(super) const fn may(
    header: &'static str,
    name: &'static str,
    form: Form,
    note: &'static str,
    example: &'static str,
) -> Field {
    Field { header, name, form, filling: Filling::Optional, note, example }
}

/// A field that is shown only.
pub(in crate::api) const fn shown(header: &'static str, name: &'static str, form: Form) -> Field {
    Field { header, name, form, filling: Filling::Shown, note: "系统生成，只读", example: "" }
}

impl Field {
    /// What may be chosen from in its cells.
    #[must_use]
    pub fn choices(&self) -> Vec<&'static str> {
        match self.form {
            Form::Flag => vec!["是", "否"],
            Form::Word(words) => words.iter().map(|(zh, _)| *zh).collect(),
            _ => Vec::new(),
        }
    }
}

const fn clock(minute: u64) -> (u64, u64) {
    (minute / 60, minute % 60)
}

fn time_text(value: Option<&Value>) -> String {
    let (hour, minute) = clock(value.and_then(Value::as_u64).unwrap_or(0));
    format!("{hour:02}:{minute:02}")
}

pub(super) fn in_chinese(words: Words, word: &str) -> String {
    words.iter().find(|(_, known)| *known == word).map_or_else(|| word.to_owned(), |(zh, _)| (*zh).to_owned())
}

/// A field of a document as it stands in a cell.
#[must_use]
pub fn written(field: &Field, document: &Value) -> String {
    let list = |items: &[Value], one: &dyn Fn(&Value) -> String| items.iter().map(one).collect::<Vec<_>>().join("、");
    match (field.form, document.get(field.name)) {
        (_, None | Some(Value::Null)) => String::new(),
        (Form::Flag, Some(Value::Bool(flag))) => if *flag { "是" } else { "否" }.to_owned(),
        (Form::Time, value) => time_text(value),
        (Form::Word(words), Some(Value::String(word))) => in_chinese(words, word),
        (Form::Words(words), Some(Value::Array(items))) => {
            list(items, &|item| in_chinese(words, item.as_str().unwrap_or_default()))
        }
        (Form::Codes, Some(Value::Array(codes))) => list(codes, &|code| code.as_str().unwrap_or_default().to_owned()),
        (Form::Numbered(code, number), Some(Value::Array(items))) => {
            list(items, &|item| format!("{}:{}", item[code].as_str().unwrap_or_default(), item[number]))
        }
        (Form::Skills, Some(Value::Array(items))) => list(items, &|item| {
            let until = item["validUntil"].as_str().map_or_else(String::new, |day| format!(":{day}"));
            format!("{}:{}{until}", item["skill"].as_str().unwrap_or_default(), item["level"])
        }),
        (Form::Position, Some(Value::Object(place))) => {
            let degrees = ["latitude", "longitude"].map(|name| place.get(name).map_or(String::new(), Value::to_string));
            degrees.join(" ")
        }
        (Form::Hours, Some(Value::Array(items))) => list(items, &|item| {
            let day = in_chinese(HOURS_DAYS, item["day"].as_str().unwrap_or_default());
            format!("{day} {}-{}", time_text(item.get("startMinute")), time_text(item.get("endMinute")))
        }),
        // Moments are shown by the minute, in the city's time.
        (Form::Date, Some(Value::String(text))) => match text.parse::<chrono::DateTime<chrono::Utc>>() {
            Ok(at) => crate::domain::local(at).format("%Y-%m-%d %H:%M").to_string(),
            Err(_) => text.clone(),
        },
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(other)) => other.to_string(),
    }
}

/// The text of a cell, if what it holds can stand for a field of this form.
fn text_of(form: Form, cell: &Cell) -> Result<String, Text> {
    Ok(match (cell, form) {
        (Cell::Formula, _) => return Err(Text::new("是公式，请粘贴为数值", "it is a formula: paste the value")),
        (Cell::Error, _) => return Err(Text::new("单元格有错误值", "the cell holds an error")),
        (Cell::Merged, _) => {
            return Err(Text::new("是合并单元格，请取消合并", "the cell is part of a merged stretch: unmerge it"));
        }
        (Cell::Number(number), Form::Code | Form::Codes) => {
            return Err(Text::new(
                format!("编码或号码被存成了数字 {number:E}，可能已丢失数位，请设为文本后重填"),
                format!("a code is stored as the number {number:E} and may have lost digits: format it as text"),
            ));
        }
        (Cell::Number(number), Form::Whole) if number.fract() == 0.0 && number.abs() < 1e9 => format!("{number:.0}"),
        (Cell::Number(number), Form::Time) if (0.0..2.0).contains(number) => {
            let minutes = (number * 1440.0).round();
            format!("{:02.0}:{:02.0}", (minutes / 60.0).floor(), minutes % 60.0)
        }
        (Cell::Number(_), _) => return Err(Text::new("类型不对，应为文本", "the cell holds a number and needs text")),
        (Cell::Date(date), Form::Date) => date.clone(),
        (Cell::Date(_), _) => return Err(Text::new("类型不对，不应为日期", "the cell holds a date and needs text")),
        (Cell::Text(text), _) => text.trim().to_owned(),
    })
}

/// What an empty cell says.
fn nothing(form: Form) -> Value {
    match form {
        Form::Flag => Value::Bool(false),
        Form::Codes | Form::Words(_) | Form::Numbered(..) | Form::Skills | Form::Hours => Value::Array(Vec::new()),
        _ => Value::Null,
    }
}

fn word_of(words: Words, text: &str) -> Option<Value> {
    words.iter().find(|(zh, word)| *zh == text || *word == text).map(|(_, word)| Value::from(*word))
}

fn minute_of(text: &str) -> Option<u32> {
    let text = text.replace('：', ":");
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    (hour <= 47 && minute < 60).then_some(hour * 60 + minute)
}

fn hours_of(text: &str) -> Option<Value> {
    let (day, span) = text.split_once(char::is_whitespace)?;
    let (start, end) = span.split_once(['-', '–', '—', '~'])?;
    let day = word_of(HOURS_DAYS, day)?;
    Some(json!({"day": day, "startMinute": minute_of(start.trim())?, "endMinute": minute_of(end.trim())?}))
}

fn numbered_of(code: &str, number: &str, text: &str) -> Option<Value> {
    let (id, count) = text.rsplit_once([':', '：'])?;
    let count: u32 = count.trim().parse().ok()?;
    Some(json!({code: id.trim(), number: count}))
}

/// `code:level` or `code:level:last day`; a code may hold colons itself.
fn skill_of(text: &str) -> Option<Value> {
    let text = text.replace('：', ":");
    let (rest, last) = text.rsplit_once(':')?;
    let until = chrono::NaiveDate::parse_from_str(&last.trim().replace(['/', '.'], "-"), "%Y-%m-%d").ok();
    let (skill, level) = if until.is_some() { rest.rsplit_once(':')? } else { (rest, last) };
    let level: u8 = level.trim().parse().ok()?;
    Some(json!({"skill": skill.trim(), "level": level, "validUntil": until}))
}

fn position_of(text: &str) -> Option<Value> {
    let mut degrees = text.split([' ', ',', '，', '、']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
    let (Some(Ok(latitude)), Some(Ok(longitude)), None) = (degrees.next(), degrees.next(), degrees.next()) else {
        return None;
    };
    (latitude.is_finite() && longitude.is_finite()).then(|| json!({"latitude": latitude, "longitude": longitude}))
}

/// The field's value of a cell.
///
/// # Errors
/// What is wrong with the cell.
pub fn parsed(field: &Field, cell: &Cell) -> Result<Value, Text> {
    if field.filling == Filling::Shown {
        return match cell {
            Cell::Number(number) => Ok(Value::from(number.to_string())),
            Cell::Date(date) => Ok(Value::from(date.as_str())),
            other => text_of(Form::Text, other).map(Value::from),
        };
    }
    let text = text_of(field.form, cell)?;
    if text.is_empty() {
        if field.filling == Filling::Required {
            return Err(Text::new("必填", "it must be filled in"));
        }
        return Ok(nothing(field.form));
    }
    let wrong = |zh: &str, en: &str| Text::new(format!("“{text}”{zh}"), format!("{text:?} {en}"));
    let each = |one: &dyn Fn(&str) -> Option<Value>| -> Result<Value, Text> {
        let parts = text.split(['、', ';', '；', ',', '，']).map(str::trim).filter(|part| !part.is_empty());
        let values: Option<Vec<Value>> = parts.map(one).collect();
        values.map(Value::Array).ok_or_else(|| wrong("格式不对，见填表说明", "is not written as the notes say"))
    };
    match field.form {
        Form::Code if text.contains("E+") || text.contains("e+") => {
            Err(wrong("是科学计数法，数位已丢失，请重填", "has lost digits: fill the code in anew, as text"))
        }
        Form::Text | Form::Code => Ok(Value::from(text)),
        Form::Whole => text.parse::<u32>().map(Value::from).map_err(|_| wrong("不是整数", "is no whole number")),
        Form::Date => {
            let plain = text.replace(['/', '.'], "-");
            let date = chrono::NaiveDate::parse_from_str(&plain, "%Y-%m-%d");
            date.map(|date| Value::from(date.to_string())).map_err(|_| wrong("不是日期", "is no date: 2026-11-30"))
        }
        Form::Flag => match text.as_str() {
            "是" | "true" | "TRUE" => Ok(Value::Bool(true)),
            "否" | "false" | "FALSE" => Ok(Value::Bool(false)),
            _ => Err(wrong("应为是或否", "is neither 是 nor 否")),
        },
        Form::Time => minute_of(&text).map(Value::from).ok_or_else(|| wrong("不是时间", "is no time: 08:30")),
        Form::Word(words) => word_of(words, &text).ok_or_else(|| {
            let choices: Vec<&str> = words.iter().map(|(zh, _)| *zh).collect();
            wrong(
                &format!("不在可选项中：{}", choices.join("、")),
                &format!("is not one of the choices: {}", choices.join(", ")),
            )
        }),
        Form::Words(words) => each(&|part| word_of(words, part)),
        Form::Codes => each(&|part| Some(Value::from(part))),
        Form::Numbered(code, number) => each(&|part| numbered_of(code, number, part)),
        Form::Skills => each(&skill_of),
        Form::Position => position_of(&text).ok_or_else(|| wrong("不是坐标", "is no position: 43.88 125.32")),
        Form::Hours => each(&hours_of),
    }
}

/// What a field shows, and what came back, are the same but for the edges of texts, which cells do not keep.
#[must_use]
pub fn same_text(left: &str, right: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    plain(left) == plain(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_so_that_they_can_be_read_again() {
        for (form, value, text) in [
            (
                Form::Hours,
                json!([{"day": "1-monday", "startMinute": 510, "endMinute": 720},
                {"day": "off-day", "startMinute": 0, "endMinute": 1500}]),
                "周一 08:30-12:00、休息日 00:00-25:00",
            ),
            (Form::Numbered("shiftType", "maxDuties"), json!([{"shiftType": "a:b", "maxDuties": 3}]), "a:b:3"),
            (Form::Codes, json!(["220102001000", "0431"]), "220102001000、0431"),
            (
                Form::Skills,
                json!([{"skill": "a:b", "level": 2, "validUntil": "2027-01-01"},
                    {"skill": "c", "level": 1, "validUntil": null}]),
                "a:b:2:2027-01-01、c:1",
            ),
            (Form::Position, json!({"latitude": 43.88, "longitude": -125.0}), "43.88 -125.0"),
        ] {
            let field = may("列", "f", form, "", "");
            assert_eq!(written(&field, &json!({"f": value})), text);
            assert_eq!(parsed(&field, &Cell::Text(text.to_owned())).unwrap(), value);
        }
        for (form, text) in [
            (Form::Hours, "周八 08:30-12:00"),
            (Form::Hours, "周一 08:30"),
            (Form::Numbered("shiftType", "maxDuties"), "night"),
            (Form::Whole, "1.5"),
            (Form::Time, "24:60"),
            (Form::Skills, "sk-medical"),
            (Form::Skills, "sk-medical:high"),
            (Form::Skills, "sk-medical:1:2027-13-01"),
            (Form::Position, "43.88"),
            (Form::Position, "43.88 125.32 7"),
            (Form::Position, "NaN 125.32"),
        ] {
            assert!(parsed(&may("列", "f", form, "", ""), &Cell::Text(text.to_owned())).is_err(), "{text}");
        }
    }
}
