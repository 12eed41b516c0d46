//! The words of documents as they stand in cells.

use super::cells::Words;

/// Levels of units.
pub const LEVELS: Words =
    &[("市", "city"), ("区县", "district"), ("街道", "street"), ("社区", "community"), ("服务点", "point")];

/// Categories of people.
pub const CATEGORIES: Words = &[
    ("挂职干部", "secondedCadre"),
    ("分流人员", "reassignedStaff"),
    ("招聘人员", "recruitedStaff"),
    ("党员志愿者", "volunteer"),
    ("两代表一委员", "deputy"),
    ("信息员", "informationOfficer"),
];

/// Roles.
pub const ROLES: Words = &[
    ("管理员", "administrator"),
    ("主管", "manager"),
    ("统筹人员", "coordinator"),
    ("值班人员", "member"),
    ("代表委员", "deputy"),
    ("信息员", "informationOfficer"),
    ("只读", "reader"),
];

/// What API keys are for.
pub const SCOPES: Words =
    &[("查看", "read"), ("修改", "edit"), ("排班和发布", "plan"), ("本人能做的一切", "everything")];

/// Kinds of channels.
pub const CHANNEL_KINDS: Words =
    &[("网络回调", "webhook"), ("企业微信群", "weCom"), ("钉钉群", "dingTalk"), ("邮件", "mail"), ("短信", "sms")];

/// How far notifications have come.
pub const DELIVERY_STATUSES: Words = &[("等待发送", "queued"), ("已发送", "sent"), ("发送失败", "dead")];

/// Kinds of availability.
pub const WISHES: Words = &[("不可用", "unavailable"), ("不希望", "undesired"), ("希望", "desired")];

/// Kinds of stations.
pub const STATION_KINDS: Words = &[
    ("指导服务中心", "guidanceCentre"),
    ("工作总站", "generalStation"),
    ("工作站", "workStation"),
    ("服务点", "servicePoint"),
    ("服务基地", "serviceBase"),
];

/// Days of opening hours.
pub const HOURS_DAYS: Words = &[
    ("周一", "1-monday"),
    ("周二", "2-tuesday"),
    ("周三", "3-wednesday"),
    ("周四", "4-thursday"),
    ("周五", "5-friday"),
    ("周六", "6-saturday"),
    ("周日", "7-sunday"),
    ("休息日", "off-day"),
];

/// Days of demand templates.
pub const DEMAND_DAYS: Words = &[
    ("周一", "monday"),
    ("周二", "tuesday"),
    ("周三", "wednesday"),
    ("周四", "thursday"),
    ("周五", "friday"),
    ("周六", "saturday"),
    ("周日", "sunday"),
    ("休息日", "offDays"),
];

/// Kinds of resources.
pub const RESOURCE_KINDS: Words =
    &[("场所", "venue"), ("车辆", "vehicle"), ("设施", "equipment"), ("物资", "goods"), ("资金", "fund")];

/// Kinds of service bases.
pub const BASE_KINDS: Words =
    &[("学习教育", "study"), ("党员活动", "partyActivities"), ("医疗卫生", "health"), ("文体娱乐", "cultureSports")];

/// How cases come in.
pub const CHANNELS: Words = &[
    ("热线", "hotline"),
    ("意见箱", "suggestionBox"),
    ("问事栏", "questionBoard"),
    ("提示卡", "serviceCard"),
    ("网站", "website"),
    ("短信", "sms"),
    ("信息员", "informationOfficer"),
    ("接待日", "reception"),
    ("走访", "visit"),
];

/// Where cases stand.
pub const CASE_STATUSES: Words = &[
    ("已登记", "received"),
    ("已分类", "triaged"),
    ("已指派", "assigned"),
    ("办理中", "inProgress"),
    ("已上报", "escalated"),
    ("已退回", "returned"),
    ("已解决", "solved"),
    ("已说明", "explained"),
];

/// What residents said.
pub const SATISFACTIONS: Words =
    &[("满意", "satisfied"), ("基本满意", "mostlySatisfied"), ("不满意", "dissatisfied"), ("未联系上", "noAnswer")];

/// Where needs stand.
pub const NEED_STATUSES: Words = &[("待对接", "open"), ("已对接", "matched"), ("已满足", "met"), ("已取消", "dropped")];

/// Where projects stand.
pub const PROJECT_STATUSES: Words =
    &[("计划", "planned"), ("进行中", "running"), ("已完成", "done"), ("已取消", "dropped")];

/// Where visits stand.
pub const VISIT_STATUSES: Words =
    &[("待安排", "open"), ("计划", "planned"), ("已完成", "done"), ("已取消", "cancelled")];

/// Where activities stand.
pub const PLANNED_STATUSES: Words = &[("计划", "planned"), ("已完成", "done"), ("已取消", "cancelled")];

/// Where receptions stand.
pub const RECEPTION_STATUSES: Words =
    &[("计划", "planned"), ("已公告", "announced"), ("已举办", "held"), ("已取消", "cancelled")];

/// Kinds of quotas.
pub const QUOTA_KINDS: Words =
    &[("代表接待", "deputyReceptions"), ("代表走访", "deputyVisits"), ("站点接待", "stationReceptions")];

/// Whether bookings stand.
pub const BOOKING_STATUSES: Words = &[("已预订", "booked"), ("已取消", "cancelled"), ("已失去资源", "displaced")];

/// Who made bookings.
pub const BOOKING_SOURCES: Words = &[("人工", "manual"), ("计划", "plan")];

/// What happened to resources.
pub const RESOURCE_EVENTS: Words = &[("撤回", "withdrawn"), ("恢复", "restored"), ("释放", "released")];

/// What changed rosters in force.
pub const REPLAN_KINDS: Words = &[("拒绝", "decline"), ("认领", "claim"), ("转让", "giveAway"), ("换班", "swap")];

/// How swaps are approved.
pub const SWAP_MODES: Words =
    &[("自动", "automatic"), ("协调员审批", "coordinator"), ("协调员先审批", "coordinatorFirst")];

/// Where swaps stand.
pub const SWAP_STATUSES: Words = &[
    ("待审批", "waiting"),
    ("待接受", "offered"),
    ("已接受", "taken"),
    ("已完成", "done"),
    ("已拒绝", "declined"),
    ("已取消", "cancelled"),
];

/// Where schedules stand.
pub const SCHEDULE_STATUSES: Words =
    &[("草稿", "draft"), ("已排班", "planned"), ("已发布", "published"), ("已替换", "superseded")];

/// How solves ended.
pub const OUTCOMES: Words = &[("已证明最优", "optimal"), ("可行", "feasible"), ("提前停止", "stopped")];
