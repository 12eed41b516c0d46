//! The public notice of a reception: a page to print and hang up. Every text that somebody typed is escaped.

use crate::domain::Reception;

use super::matters::clock;
use crate::html::escape;

/// What the notice says beside the reception itself.
#[derive(Debug, Clone, Default)]
pub struct NoticeNames {
    /// Name of the station.
    pub station: String,
    /// Name of the venue.
    pub venue: Option<String>,
    /// Names of the deputies.
    pub deputies: Vec<String>,
}

/// Style of the page.
pub const STYLE: &str = "@page{size:A4;margin:20mm}body{font-family:'Noto Serif CJK SC',SimSun,serif;max-width:170mm;\
    margin:auto}h1{color:#c00000;text-align:center;font-size:28pt;letter-spacing:.1em}p{font-size:16pt;line-height:2}\
    dl{font-size:16pt;line-height:2;display:grid;grid-template-columns:6em 1fr}dt{font-weight:bold}dd{margin:0}\
    footer{text-align:right;font-size:14pt;margin-top:2em}";

/// Body of the page.
#[must_use]
pub fn notice_body(reception: &Reception, names: &NoticeNames) -> String {
    let weekday = weekday(reception.date);
    let date = reception.date.format("%Y年%-m月%-d日");
    let mut rows = format!(
        "<dt>时间</dt><dd>{date}（{weekday}）{}–{}</dd><dt>地点</dt><dd>{}{}</dd><dt>接待代表</dt><dd>{}</dd>",
        clock(reception.start_minute),
        clock(reception.end_minute),
        escape(&names.station),
        names.venue.as_deref().map(|venue| format!(" {}", escape(venue))).unwrap_or_default(),
        names.deputies.iter().map(|name| escape(name)).collect::<Vec<_>>().join("、"),
    );
    if let Some(because) = &reception.moved_because {
        rows.push_str("<dt>顺延</dt><dd>");
        rows.push_str(&escape(because));
        rows.push_str("</dd>");
    }
    let published = reception
        .announced_at
        .map(|at| crate::domain::local_date(at).format("%Y年%-m月%-d日").to_string())
        .unwrap_or_default();
    format!(
        "<h1>公告</h1><p>{title}</p><dl>{rows}</dl><p>欢迎居民预约反映情况，每个时段 {slot} 分钟。代表倾听、\
         说明并记录，转交有关单位办理。</p><footer>{station}<br>{published}</footer>",
        title = escape(&reception.title),
        slot = reception.slot_minutes,
        station = escape(&names.station),
    )
}

fn weekday(date: chrono::NaiveDate) -> &'static str {
    use chrono::{Datelike as _, Weekday};
    match date.weekday() {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}
