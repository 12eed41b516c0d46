//! Invented names made from plausible parts, each with its pinyin.

use super::chance::Chance;

/// Surnames with the reading they have as surnames, common ones several times; the last eight are those that
/// libraries misread.
const SURNAMES: &[(&str, &str)] = &[
    ("王", "wang"),
    ("王", "wang"),
    ("王", "wang"),
    ("李", "li"),
    ("李", "li"),
    ("李", "li"),
    ("张", "zhang"),
    ("张", "zhang"),
    ("张", "zhang"),
    ("刘", "liu"),
    ("刘", "liu"),
    ("陈", "chen"),
    ("杨", "yang"),
    ("赵", "zhao"),
    ("赵", "zhao"),
    ("孙", "sun"),
    ("孙", "sun"),
    ("周", "zhou"),
    ("吴", "wu"),
    ("徐", "xu"),
    ("高", "gao"),
    ("马", "ma"),
    ("朱", "zhu"),
    ("胡", "hu"),
    ("郭", "guo"),
    ("林", "lin"),
    ("何", "he"),
    ("于", "yu"),
    ("于", "yu"),
    ("姜", "jiang"),
    ("宋", "song"),
    ("梁", "liang"),
    ("韩", "han"),
    ("唐", "tang"),
    ("冯", "feng"),
    ("董", "dong"),
    ("程", "cheng"),
    ("曹", "cao"),
    ("袁", "yuan"),
    ("邓", "deng"),
    ("许", "xu"),
    ("傅", "fu"),
    ("沈", "shen"),
    ("吕", "lv"),
    ("卢", "lu"),
    ("蒋", "jiang"),
    ("贾", "jia"),
    ("魏", "wei"),
    ("薛", "xue"),
    ("叶", "ye"),
    ("阎", "yan"),
    ("潘", "pan"),
    ("杜", "du"),
    ("戴", "dai"),
    ("夏", "xia"),
    ("钟", "zhong"),
    ("田", "tian"),
    ("任", "ren"),
    ("范", "fan"),
    ("方", "fang"),
    ("石", "shi"),
    ("金", "jin"),
    ("金", "jin"),
    ("单", "shan"),
    ("曾", "zeng"),
    ("解", "xie"),
    ("仇", "qiu"),
    ("查", "zha"),
    ("区", "ou"),
    ("朴", "piao"),
    ("盖", "ge"),
];

/// Characters of given names with their pinyin.
const GIVEN: &[(&str, &str)] = &[
    ("伟", "wei"),
    ("芳", "fang"),
    ("娜", "na"),
    ("敏", "min"),
    ("静", "jing"),
    ("丽", "li"),
    ("强", "qiang"),
    ("磊", "lei"),
    ("军", "jun"),
    ("洋", "yang"),
    ("勇", "yong"),
    ("艳", "yan"),
    ("杰", "jie"),
    ("娟", "juan"),
    ("涛", "tao"),
    ("明", "ming"),
    ("超", "chao"),
    ("秀", "xiu"),
    ("霞", "xia"),
    ("平", "ping"),
    ("刚", "gang"),
    ("桂", "gui"),
    ("英", "ying"),
    ("华", "hua"),
    ("玉", "yu"),
    ("兰", "lan"),
    ("红", "hong"),
    ("梅", "mei"),
    ("春", "chun"),
    ("海", "hai"),
    ("波", "bo"),
    ("志", "zhi"),
    ("国", "guo"),
    ("建", "jian"),
    ("立", "li"),
    ("新", "xin"),
    ("文", "wen"),
    ("凤", "feng"),
    ("淑", "shu"),
    ("雪", "xue"),
    ("冬", "dong"),
    ("晓", "xiao"),
    ("东", "dong"),
    ("鹏", "peng"),
    ("辉", "hui"),
    ("宁", "ning"),
    ("琳", "lin"),
    ("佳", "jia"),
    ("欣", "xin"),
    ("宇", "yu"),
    ("晨", "chen"),
    ("思", "si"),
    ("雨", "yu"),
    ("嘉", "jia"),
    ("然", "ran"),
    ("成", "cheng"),
];

/// First characters of place names.
const PLACE_FIRST: &[&str] = &[
    "永", "新", "东", "西", "南", "北", "长", "吉", "安", "和", "福", "春", "清", "文", "德", "盛", "宏", "景", "锦",
    "瑞", "康", "广", "大", "金", "玉", "翠", "双", "三", "临", "富",
];

/// Second characters of place names.
const PLACE_SECOND: &[&str] = &[
    "安", "光", "华", "康", "民", "乐", "泰", "和", "荣", "宁", "园", "泉", "河", "岭", "山", "林", "桥", "城", "兴",
    "阳", "顺", "庆", "苑", "湖", "丰", "祥", "源", "达", "谷", "台",
];

/// A person's name with the pinyin by which it sorts.
pub(super) fn person(chance: &Chance) -> (String, String) {
    let (surname, surname_pinyin) = chance.pick(SURNAMES).copied().unwrap_or(("王", "wang"));
    let mut name = surname.to_owned();
    let mut sort_key = surname_pinyin.to_owned();
    for _ in 0..=u32::from(chance.percent(70)) {
        let (given, pinyin) = chance.pick(GIVEN).copied().unwrap_or(("伟", "wei"));
        name.push_str(given);
        sort_key.push(' ');
        sort_key.push_str(pinyin);
    }
    (name, sort_key)
}

/// So many different place names without their ending, such as `永安`; at most 900.
pub(super) fn places(chance: &Chance, count: usize) -> Vec<String> {
    let mut all: Vec<String> = PLACE_FIRST
        .iter()
        .flat_map(|first| PLACE_SECOND.iter().map(move |second| (first, second)))
        .filter(|(first, second)| first != second)
        .map(|(first, second)| format!("{first}{second}"))
        .collect();
    // A partial Fisher-Yates shuffle.
    for at in 0..count.min(all.len()) {
        let rest = u32::try_from(all.len() - at).unwrap_or(u32::MAX);
        all.swap(at, at + chance.below(rest) as usize);
    }
    all.truncate(count);
    all
}
