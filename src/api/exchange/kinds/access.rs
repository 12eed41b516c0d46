//! Tables of accounts, keys, and where notifications go: they go out only, without anything that lets somebody in.

use serde::Serialize;
use serde_json::{Value, json};

use super::cells::{Field, Form, in_chinese, shown};
use super::words::{CHANNEL_KINDS, DELIVERY_STATUSES, ROLES, SCOPES};
use super::{Import, Kind, Reader, documents, out_only};
use crate::api::access::accounts::AccountDocument;
use crate::api::access::keys::ApiKeyDocument;
use crate::api::channels::ChannelDocument;
use crate::api::deliveries::DeliveryDocument;
use crate::api::resources::people::mask_phone;
use crate::db::api_keys::ApiKeyFilter;
use crate::db::{Connection, DbError, DbResult, Page};
use crate::domain::{Account, Channel};
use crate::notify::address::host_of;

const ACCOUNTS: &[Field] = &[
    shown("账号编号", "id", Form::Code),
    shown("用户名", "name", Form::Text),
    shown("人员编号", "person", Form::Code),
    shown("角色和范围", "grants", Form::Text),
    shown("停用", "disabled", Form::Flag),
    shown("未改一次性密码", "mustChangePassword", Form::Flag),
    shown("锁定至", "lockedUntil", Form::Date),
    shown("创建时间", "createdAt", Form::Date),
];

const KEYS: &[Field] = &[
    shown("密钥编号", "id", Form::Code),
    shown("用途", "name", Form::Text),
    shown("账号", "account", Form::Text),
    shown("可以做什么", "scopes", Form::Words(SCOPES)),
    shown("创建时间", "createdAt", Form::Date),
    shown("到期时间", "expiresAt", Form::Date),
    shown("最近使用", "usedAt", Form::Date),
    shown("撤销时间", "revokedAt", Form::Date),
];

const CHANNELS: &[Field] = &[
    shown("渠道编号", "id", Form::Code),
    shown("单位", "unit", Form::Code),
    shown("名称", "name", Form::Text),
    shown("类型", "kind", Form::Word(CHANNEL_KINDS)),
    shown("发往主机", "host", Form::Text),
    shown("有密钥", "hasSecret", Form::Flag),
    shown("发送人", "sender", Form::Text),
    shown("单位接收人", "recipient", Form::Code),
    shown("启用", "enabled", Form::Flag),
];

const DELIVERIES: &[Field] = &[
    shown("通知编号", "id", Form::Code),
    shown("渠道", "channel", Form::Code),
    shown("事件", "event", Form::Text),
    shown("人员编号", "person", Form::Code),
    shown("标题", "subject", Form::Text),
    shown("状态", "status", Form::Word(DELIVERY_STATUSES)),
    shown("已试次数", "attempts", Form::Whole),
    shown("不早于", "dueAt", Form::Date),
    shown("失败原因", "error", Form::Text),
    shown("创建时间", "createdAt", Form::Date),
    shown("发送时间", "sentAt", Form::Date),
];

fn value(document: impl Serialize) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

/// Each role with where it holds.
fn account(account: Account) -> Value {
    let grants = account.grants.iter().map(|grant| {
        let role = in_chinese(ROLES, grant.role.as_str());
        grant.unit.as_ref().map_or_else(|| format!("{role}（全网）"), |unit| format!("{role}（{unit}）"))
    });
    let grants = grants.collect::<Vec<_>>().join("、");
    let mut row = value(AccountDocument::new(account, None));
    row["grants"] = Value::from(grants);
    row
}

/// The reader's own keys, as in their list.
fn own_keys(conn: &mut Connection, page: &Page, reader: &Reader<'_>) -> DbResult<(Vec<Value>, Option<String>)> {
    let (Some(account), None) = (&reader.who.account, &reader.who.scopes) else {
        return Err(DbError::Forbidden("keys are kept by people who sign in with a password"));
    };
    let filter = ApiKeyFilter { account: Some(account.clone()) };
    let slice = crate::db::api_keys::list(conn, &filter, page)?;
    Ok(documents(slice, |key| {
        let mut row = value(ApiKeyDocument::new(key, None));
        row["account"] = json!(reader.who.actor);
        row
    }))
}

/// Where a channel leads is shown by host: robots carry their key in the rest of the address.
fn channel(channel: Channel) -> Value {
    let host = host_of(&channel.target).map(str::to_owned);
    let mut row = value(ChannelDocument::from(channel));
    if let Some(fields) = row.as_object_mut() {
        fields.remove("target");
        fields.insert("host".to_owned(), json!(host));
        if let Some(Value::String(recipient)) = fields.get_mut("recipient")
            && !recipient.contains('@')
        {
            *recipient = mask_phone(recipient);
        }
    }
    row
}

/// Kinds of this subject.
pub const KINDS: &[Kind] = &[
    out_only!("accounts" "account" "账号" ACCOUNTS, accounts, AccountFilter, account,
        "账号只能导出：角色逐个授予，一次性密码只显示一次，请用 /api/v1/accounts",
        "accounts are only exported: roles are given one by one, and one-time passwords show once, at /api/v1/accounts"),
    Kind {
        name: "api-keys",
        entity: "API key",
        title: "API 密钥",
        fields: KEYS,
        import: Import::Elsewhere(
            "密钥只能导出：新密钥只显示一次，请用 /api/v1/api-keys",
            "keys are only exported: a new one shows once, at /api/v1/api-keys",
        ),
        fetch: own_keys,
    },
    out_only!("channels" "channel" "通知渠道" CHANNELS, channels, ChannelFilter, channel,
        "通知渠道只能导出：地址和密钥不进表格，请用 /api/v1/channels",
        "channels are only exported: addresses and secrets stand in no table; use /api/v1/channels"),
    out_only!("deliveries" "delivery" "通知" DELIVERIES, outbox, DeliveryFilter, DeliveryDocument::from,
        "通知只能导出：重发请用 /api/v1/deliveries/redeliver",
        "notifications are only exported: send them again at /api/v1/deliveries/redeliver"),
];
