//! Refusals of the database and the domain in Chinese. They are worded in English where they arise, for logs and
//! programs; readers of the app get the sentence that says the same.

use crate::domain::Fault;

/// What a refusal is about.
#[must_use]
pub fn kind(english: &str) -> &str {
    match english {
        "account" => "账号",
        "activity" => "活动",
        "API key" => "接口密钥",
        "assignment" => "班次",
        "audit entry" => "操作记录",
        "availability" => "可用时间",
        "booking" => "预订",
        "calendar" => "法定日历",
        "calendar key" => "日历订阅",
        "case" => "诉求",
        "case category" => "诉求类别",
        "case transfer" => "诉求移交",
        "channel" => "通知渠道",
        "constraint profile" => "规则方案",
        "contract" => "合同",
        "delivery" => "通知",
        "demand template" => "岗位需求",
        "demo data" => "示范数据",
        "import" => "导入",
        "lending" => "借调",
        "loan" => "资源借用",
        "matter" => "反映事项",
        "need" => "需求",
        "open duty" => "待认领的班次",
        "person" => "人员",
        "post" => "岗位",
        "project" => "项目",
        "quota" => "全年任务",
        "reception" => "接待",
        "resource" => "资源",
        "schedule" => "班表",
        "secondment" => "挂职",
        "service policy" => "服务设置",
        "session" => "登录",
        "shift type" => "班次类型",
        "skill" => "技能",
        "station" => "站点",
        "swap" => "换班",
        "unit" => "单位",
        "visit" => "走访",
        other => other,
    }
}

/// Sentences with `{}` for what differs, which the Chinese may repeat in the same order or leave out.
const SENTENCES: &[(&str, &str)] = &[
    (
        "it is possible from {} to {}; afterwards the head of the station can do it",
        "{}到{}之间可以；之后请站点负责人补记",
    ),
    ("service has not begun: check in first", "还没有签到，请先签到"),
    ("the duty has begun; ask the coordinator", "班次已经开始，请联系统筹人员"),
    ("the duty has begun", "班次已经开始"),
    ("it has all the heads it wants already", "这个岗位已经有人认领，人数够了"),
    ("the roster that the offer is bound to has changed; offer the duty anew", "班表已经换了新版本，请重新发出换班"),
    ("the offer is {}; read it again", "这条换班的状态已经变了，请看现在的状态"),
    ("nobody swaps with themselves", "不能和自己换班"),
    ("its roster is not in force", "这份班表没有生效"),
    ("the time lies in the future", "时间还没有到"),
    (
        "statements reach weeks from {} on; for an earlier day decline the duty or ask",
        "现在填写的从{}那一周起有效；更早的日子请在班次上点“不能来”或联系统筹人员",
    ),
    (
        "it is {}; duties in force change hands by swaps, claims and replans",
        "班表已经生效或被替换，不能直接改；请用换班、认领或排出新版本",
    ),
    ("it is {}; plan the week again as a new schedule", "这份班表已经不能重排，请重新生成"),
    ("it is {}, and only a published schedule can be withdrawn", "只有已发布的班表可以撤回"),
    (
        "it is {}, and only a planned schedule can be published; plan it first",
        "只有排好而未发布的班表可以发布，请先排班",
    ),
    ("{} at {} has been changed meanwhile", "这个班次刚被别人改过，请看现在的班表"),
    ("the schedule has changed while it was replanned; ask again", "排新版本时班表被改过，请再试一次"),
    (
        "{} changes concern duties that have begun; plan the rest of the week so that these stay as they are",
        "其中{}处改动涉及已经开始的班次；请重排，让已经开始的保持不变",
    ),
    ("it is pinned; unpin it first", "班次已锁定，请先解除锁定"),
    (
        "the reception is {}; after the announcement cancel it, or replace a deputy",
        "接待已公告，不能再改；可以取消，或换代表",
    ),
    ("the reception is {}; only a planned one is announced", "只有已计划的接待可以公告"),
    ("the reception is {}; nobody can be replaced", "接待已结束或取消，不能再换代表"),
    ("{} is not one of the reception's deputies", "所选的人不在这次接待的代表里"),
    ("the reception is {}, not announced", "接待还没有公告，或已经结束"),
    ("the reception is {} already", "接待已经结束或取消"),
    ("the reception is {}; the record is kept of an announced one", "只有已公告的接待可以记录"),
    ("the reception is on {}; its record comes after it", "接待在{}，当天起才能记录"),
    ("the reception is {}; only an announced one is booked", "只有已公告的接待可以预约"),
    ("the reception was on {}; choose a later one", "接待已于{}举行，请选以后的"),
    ("the window at {} is full; free are: {}", "{}的时段已约满；还空着：{}"),
    ("the matter is {}; only a booked one can be taken out", "只有已预约的事项可以取消"),
    ("{} receives at {} then ({}); name somebody else", "所选的人那时另有接待，请换一个人"),
    ("the activity is cancelled already", "活动已经取消"),
    ("the activity was on {}; hold another one", "活动已于{}举行，请另办一场"),
    (
        "there is no base of that kind; add a venue with that baseKind, or ask for a loan",
        "没有这类基地的场地，请先在“共享资源”里新增，或借用其他单位的",
    ),
    (
        "no base can be had: of {} of that kind {} are not the unit's to use, {} too small, {} withdrawn, {} closed and \
         {} taken then; choose another time, invite fewer or ask for a loan",
        "没有可用的基地：这类基地共{}处，其中{}处不归本单位使用，{}处容不下，{}处停用，{}处那时不开放，{}处已被占用；请换时间、减少人数或借用其他单位的",
    ),
    ("the resource is not withdrawn; there is nothing to restore", "资源没有停用，不用恢复"),
    ("the booking is {}; only one that stands can be given up", "预订已经取消"),
    ("an activity or a reception needs it; cancel or move that instead", "活动或接待要用它，请改动那场活动或接待"),
    ("the key was used for another request; choose a new key for a new request", "请求重复，请刷新后再试"),
    ("{} is {}; only what failed is sent again", "只有发送失败的可以重发"),
    ("a grant names a unit that does not exist", "角色里的单位不存在"),
    ("{} does not exist; create it first or correct the {}", "所写的对象不存在，请先新增或改正编码"),
    ("its parent {} does not exist; create that first or correct the code", "上级单位{}不存在，请先新增或改正编码"),
    ("there is no {}", "所写的对象不存在"),
    (
        "it refers to something that does not exist; create that first or correct the id",
        "所引用的对象不存在，请先新增或改正编码",
    ),
];

/// The Chinese for a sentence that is known.
#[must_use]
pub fn sentence(english: &str) -> Option<String> {
    SENTENCES.iter().find_map(|(pattern, chinese)| Some(fill(chinese, &parts_of(pattern, english)?)))
}

/// What stands at the `{}` of a pattern, when a text follows it.
fn parts_of<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut fixed = pattern.split("{}");
    let mut rest = text.strip_prefix(fixed.next()?)?;
    let mut parts = Vec::new();
    let mut fixed = fixed.peekable();
    while let Some(next) = fixed.next() {
        let last = fixed.peek().is_none();
        let at = if next.is_empty() && last {
            rest.len()
        } else if last {
            rest.ends_with(next).then(|| rest.len() - next.len())?
        } else {
            rest.find(next)?
        };
        let (part, after) = rest.split_at_checked(at)?;
        parts.push(part);
        rest = after.strip_prefix(next)?;
    }
    rest.is_empty().then_some(parts)
}

fn fill(template: &str, parts: &[&str]) -> String {
    let mut pieces = template.split("{}");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for (piece, part) in pieces.zip(parts) {
        filled.push_str(part);
        filled.push_str(piece);
    }
    filled
}

/// What a fault says in Chinese, and what to do; with the limits that the English names.
#[must_use]
pub fn fault(fault: &Fault) -> Option<(&'static str, String)> {
    let (cause, action) = of_code(fault.code)?;
    let limits: Vec<&str> =
        fault.action.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).collect();
    let action = match fault.code {
        "out-of-range" | "text-too-long" if !limits.is_empty() => format!("{action}：{}", limits.join("到")),
        "malformed-id" if fault.cause.ends_with("of a unit") => "填12位区划码，服务点15位".to_owned(),
        _ => action.to_owned(),
    };
    Some((cause, action))
}

fn of_code(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "answer-missing" => ("没有写明怎样答复", "写明当场答复了什么"),
        "budget-without-fund" => ("有预算但没有写由谁出资", "选一笔资金"),
        "control-character" => ("含有控制字符", "删去控制字符"),
        "date-outside-year" => ("日期不在这一年", "只写这一年的日期"),
        "date-past" => ("日期已经过去", "选今天或以后的日期"),
        "empty-name" => ("名称为空", "请填写名称"),
        "heads-out-of-order" => ("最低、目标、最多人数的大小不对", "最低不超过目标，目标不超过最多"),
        "hours-of-always-open" => ("既是全天开放又写了开放时间", "去掉开放时间，或取消全天开放"),
        "hours-overlap" => ("同一天的两段时间重叠", "合并成一段"),
        "impossible-days" => ("不能排这么多天", "一次排一周"),
        "impossible-location" => ("经纬度不成立", "核对纬度和经度"),
        "impossible-minutes" => ("办理时间不成立", "填写合理的分钟数"),
        "impossible-threads" => ("线程数不成立", "填1到256"),
        "impossible-time-limit" => ("时间上限不成立", "填1到86400秒"),
        "impossible-time-span" => ("时间段不成立", "结束要晚于开始，并在允许的范围内"),
        "impossible-urgency" => ("没有这个紧急程度", "填1（一般）到5（最急）"),
        "impossible-visit-days" => ("可走访的日期不成立", "止日不早于起日，最多92天"),
        "impossible-weekday" => ("没有这个星期", "填1（周一）到7（周日）"),
        "impossible-window" => ("每个时段的人数不成立", "填1到20"),
        "impossible-working-days" => ("办理期限不成立", "填写合理的工作日数"),
        "impossible-year" => ("不排这一年", "填2000到2200"),
        "loan-to-owner" => ("资源本来就属于这个单位", "选别的单位"),
        "malformed-cursor" => ("翻页位置不对", "原样使用上一页给出的下一页链接"),
        "malformed-id" => ("编码格式不对", "用1到64个字母、数字或 . _ - @ :"),
        "matter-without-outcome" => ("预约的事项没有记录结果，或记了不止一次", "每件预约的事项记录一次结果"),
        "no-base" => ("所选场地不能办这类活动", "换一处场地"),
        "no-days" => ("没有选哪几天", "至少选一天"),
        "no-deputy" => ("没有接待的代表委员，或所选的人不是代表委员", "至少选一位代表委员"),
        "no-host" => ("没有主持人，或所选的人不是工作人员", "选一名工作人员主持（H13）"),
        "no-outcome" => ("这件事项没有结果", "选一个结果"),
        "no-scope" => ("密钥没有写可以做什么", "至少选一项"),
        "no-sender" => ("邮件没有发件人", "填写发件邮箱"),
        "no-such-matter" => ("没有这件预约事项", "刷新后重试"),
        "no-such-window" => ("这个时刻没有接待时段", "从列出的时段里选"),
        "no-venue" => ("没有场地，或所选的不是该站点的场地", "选该站点的场地（H13）"),
        "no-window" => ("接待时间里放不下一个时段", "每时段5到240分钟，不超过接待时长"),
        "not-proposed" => ("这些诉求的说明没有列在班表里", "刷新后重新确认"),
        "notice-too-short" => ("离接待日太近，居民来不及知道（H13）", "选更晚的日期，至少提前三天公告"),
        "open-dates" => ("不按星期重复的，要写起止日期", "填写起止日期，或选星期几"),
        "open-visit-decided" => ("待安排的走访不用写人和时间，由排班决定", "去掉这一项，或改为已计划"),
        "open-visit-incomplete" => ("待安排的走访没有写哪几天、多少分钟", "填写可走访的起止日期和时长"),
        "open-with-resource" => ("已经找到资源，却还写着待解决", "改为已对接，或去掉资源"),
        "out-of-range" => ("数值超出范围", "填写范围内的数"),
        "outside-hours" => ("这段时间该场地不能使用（H12）", "换时间或换场地"),
        "over-capacity" => ("人数超过场地容量（H11）", "换大一些的场地或减少人数"),
        "pair-of-one" => ("两个人是同一个人", "选两个不同的人"),
        "person-away" => ("所选的人那时不在或另有安排（H02）", "换一个人或时间"),
        "priority-zero" => ("优先级不能是0", "从1起，数大的先保"),
        "quantity-zero" => ("数量是0", "填1或更多"),
        "quota-of-nobody" => ("没有写明是谁的任务", "接待次数选站点，其他选人员"),
        "range-upside-down" => ("下限大于上限", "改小下限或改大上限"),
        "reason-missing" => ("没有写原因", "请写明原因"),
        "repeated-date" => ("同一日期列了两次", "每个日期只列一次"),
        "repeated-grant" => ("同一角色列了两次", "每个角色在一个单位只列一次"),
        "repeated-person" => ("同一个人列了两次", "每人只列一次"),
        "repeated-resource" => ("同一资源列了两次", "每项资源只列一次"),
        "repeated-shift-type" => ("同一班次类型列了两次", "每类只列一次"),
        "repeated-skill" => ("同一技能列了两次", "每项技能只列一次"),
        "repeated-unit" => ("同一单位列了两次", "每个单位只列一次"),
        "same-unit" => ("不能移交给本单位", "选别的单位"),
        "skill-level-zero" => ("等级不能是0", "等级从1起"),
        "station-closed" => ("那时站点不开放（H12）", "换时间或站点"),
        "subject-missing" => ("没有写是什么事", "请写明事项"),
        "text-too-long" => ("文字过长", "缩短到以下字数"),
        "unavailable-for-some" => ("不能来是指什么班都不能来", "去掉班次类型和站点，或改为不太想来"),
        "unit-cycle" => ("上级关系成环", "选别的上级单位"),
        "venue-place" => ("场地要写在哪个站点", "选一个站点"),
        "venue-quantity" => ("一处场地只算一处", "数量填1"),
        "visit-does-not-fit" => ("走访时长放不进所写的时间", "时长15到480分钟，并放得进可走访的时间段"),
        "visit-incomplete" => ("走访没有写明由谁、什么时候去", "填写人员、日期和时间，或改为待安排"),
        "week-start-not-monday" => ("一周要从周一开始", "填周一的日期"),
        "weight-zero" => ("权重不能是0", "权重从1起"),
        "withdrawal-past" => ("停用的日子已经过去", "选今天或以后的日期"),
        "wrong-scheme" => ("地址格式不对", "按所选类型填写地址"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_sentence_is_said_in_chinese_with_what_differs() {
        let english =
            "it is possible from 2026-12-01 07:00 to 2026-12-01 12:00; afterwards the head of the station can do it";
        assert_eq!(sentence(english).unwrap(), "2026-12-01 07:00到2026-12-01 12:00之间可以；之后请站点负责人补记");
        assert_eq!(sentence("nobody swaps with themselves").unwrap(), "不能和自己换班");
        assert_eq!(
            sentence("the window at 09:20 is full; free are: 09:40, 10:00").unwrap(),
            "09:20的时段已约满；还空着：09:40, 10:00"
        );
        assert_eq!(sentence("p-1 at po-2 has been changed meanwhile").unwrap(), "这个班次刚被别人改过，请看现在的班表");
    }

    #[test]
    fn a_fault_says_what_to_do_with_its_limits() {
        let long = Fault::new("text-too-long", "/name", "the text has 300 characters", "shorten it to 200 characters");
        assert_eq!(fault(&long).unwrap(), ("文字过长", "缩短到以下字数：200".to_owned()));
        let range = Fault::new("out-of-range", "/availabilityWeekday", "8", "give 1 to 7");
        assert_eq!(fault(&range).unwrap().1, "填写范围内的数：1到7");
        let code = Fault::new("malformed-id", "/id", "\"12\" is not the id of a unit", "give 12 digits");
        assert_eq!(fault(&code).unwrap().1, "填12位区划码，服务点15位");
        assert_eq!(fault(&Fault::new("new-code", "/x", "x", "y")), None);
    }

    #[test]
    fn other_sentences_stay_as_they_are() {
        assert_eq!(sentence("something nobody has heard of"), None);
        assert_eq!(sentence("nobody swaps with themselves today"), None);
    }

    #[test]
    fn no_chinese_sentence_asks_for_more_than_its_english_has() {
        for (english, chinese) in SENTENCES {
            assert!(chinese.matches("{}").count() <= english.matches("{}").count(), "{english}");
        }
    }
}
