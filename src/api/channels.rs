//! Where notifications go, and how people want to be told.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::access::guard::{allow_entity, allow_new};
use super::access::trail::Tell as _;
use super::etag::{IfMatch, etag};
use super::extract::Json;
use super::lang::Text;
use super::openapi::{DeleteErrors, GetErrors, ListErrors, SelfErrors, ServiceErrors};
use super::paging::Page;
use super::problem::{Code, Problem};
use super::resources::query::list_query;
use super::resources::{created, expected, found, id_at, path_id, word_at};
use super::service::{acting_person, own_person};
use super::state::AppState;
use crate::db::channels::{self, ChannelFilter};
use crate::db::placement;
use crate::domain::{Channel, ChannelId, ChannelKind, NoticeWish, Right, Who};
use crate::notify::address::is_plainly_private;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_channels)
        .service(create_channel)
        .service(get_channel)
        .service(replace_channel)
        .service(delete_channel)
        .service(get_my_notifications)
        .service(put_my_notifications);
}

/// Where notifications of a unit's subtree go.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Channel, example = json!({
    "id": "ch-1", "unit": "220102001000", "name": "街道值班群", "kind": "weCom",
    "target": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0", "secret": null, "sender": null,
    "recipient": null, "enabled": true, "hasSecret": false, "version": 1
}))]
pub struct ChannelDocument {
    /// Id; made by the server.
    #[schema(read_only)]
    id: Option<String>,
    /// Code of the unit; null for the whole network.
    unit: Option<String>,
    /// Name.
    name: String,
    /// `webhook`, `weCom`, `dingTalk`, `mail` or `sms`.
    kind: String,
    /// URL; for mail `smtps://user@host` or `smtp://user@host:587?tls=required`. Addresses in private networks are for
    /// administrators of the whole network.
    target: String,
    /// Signs messages, or the mail server's password; never answered, and kept when left out of an edit.
    #[serde(skip_serializing)]
    secret: Option<String>,
    /// Sender's mail address, or the signature of text messages.
    sender: Option<String>,
    /// Mail address or number of the unit, for what concerns its coordinators.
    recipient: Option<String>,
    /// Used at all.
    enabled: bool,
    /// Whether there is a secret.
    #[schema(read_only)]
    has_secret: Option<bool>,
    /// Counts the edits, as in the `ETag`; never read.
    #[schema(read_only)]
    version: Option<i64>,
}

impl ChannelDocument {
    fn into_channel(self, id: ChannelId, who: &Who) -> Result<Channel, Problem> {
        let kind = word_at(&self.kind, "/kind", ChannelKind::parse)?;
        let private_allowed = who.may(Right::Administer, None);
        if !private_allowed && is_plainly_private(&self.target) {
            return Err(Problem::new(Code::PrivateAddress).at(
                "/target",
                Text::new("地址指向内部网络", "the address leads into a private network"),
                Text::new(
                    "由全网管理员设置，或改用公网地址",
                    "ask an administrator of the whole network, or use another",
                ),
            ));
        }
        Ok(Channel {
            id,
            unit: self.unit.map(|unit| id_at(&unit, "/unit")).transpose()?,
            name: self.name,
            kind,
            target: self.target,
            secret: self.secret.filter(|secret| !secret.is_empty()),
            sender: self.sender,
            recipient: self.recipient,
            private_allowed,
            enabled: self.enabled,
            version: 1,
        })
    }
}

impl From<Channel> for ChannelDocument {
    fn from(channel: Channel) -> Self {
        Self {
            id: Some(channel.id.to_string()),
            unit: channel.unit.map(|unit| unit.to_string()),
            name: channel.name,
            kind: channel.kind.to_string(),
            target: channel.target,
            has_secret: Some(channel.secret.is_some()),
            secret: None,
            sender: channel.sender,
            recipient: channel.recipient,
            enabled: channel.enabled,
            version: Some(channel.version),
        }
    }
}

list_query! {
    ChannelQuery fills ChannelFilter {}
}

/// Lists channels of the author's subtrees, by id.
#[utoipa::path(tag = "notifications", params(ChannelQuery), responses(
    (status = 200, description = "One page", body = Page<ChannelDocument>), ListErrors,
))]
#[get("/channels")]
pub async fn list_channels(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<ChannelQuery>,
) -> Result<web::Json<Page<ChannelDocument>>, Problem> {
    let (filter, mut page) = query.into_inner().filter()?;
    page.visible = who.visible();
    let slice = state.read(move |conn| channels::list(conn, &filter, &page)).await?;
    let items = slice.items.into_iter().map(ChannelDocument::from).collect();
    Ok(web::Json(Page::new(&request, items, slice.next.as_deref())))
}

/// Adds a channel.
#[utoipa::path(tag = "notifications", request_body = ChannelDocument, responses(
    (status = 201, description = "Created", body = ChannelDocument, headers(
        ("Location" = String, description = "Where it is"), ("ETag" = String, description = "Its version"))),
    ServiceErrors,
))]
#[post("/channels")]
pub async fn create_channel(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    body: Json<ChannelDocument>,
) -> Result<HttpResponse, Problem> {
    let channel = body.0.into_channel(ChannelId::fresh(state.clock.now(), &*state.entropy), &who)?;
    let author = who.clone();
    let document = state
        .change(&who, move |tx| {
            let path = allow_new(&author, tx, &channel, "channel", channel.id.as_str())?;
            channels::insert(tx, &channel)?;
            let document = ChannelDocument::from(channel.clone());
            tx.did("create", ("channel", channel.id.as_str()), path, None, Some(&document));
            Ok(document)
        })
        .await?;
    Ok(created(&request, &document.id.clone().unwrap_or_default(), 1, &document))
}

/// Answers one channel.
#[utoipa::path(tag = "notifications", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Found", body = ChannelDocument), GetErrors,
))]
#[get("/channels/{id}")]
pub async fn get_channel(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ChannelId = path_id(&id)?;
    let channel = state
        .read(move |conn| {
            let channel = channels::get(conn, &id)?;
            allow_entity(&who, conn, &channel, "channel", id.as_str())?;
            Ok(channel)
        })
        .await?;
    Ok(found(&request, channel.version, &ChannelDocument::from(channel)))
}

/// Replaces a channel.
#[utoipa::path(tag = "notifications", request_body = ChannelDocument, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is edited", example = "\"1\""),
), responses((status = 200, description = "Replaced", body = ChannelDocument), ServiceErrors))]
#[put("/channels/{id}")]
pub async fn replace_channel(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<ChannelDocument>,
) -> Result<HttpResponse, Problem> {
    let id: ChannelId = path_id(&id)?;
    let mut channel = body.0.into_channel(id.clone(), &who)?;
    let author = who.clone();
    let channel = state
        .change(&who, move |tx| {
            let before = channels::get(tx, &id)?;
            allow_entity(&author, tx, &before, "channel", id.as_str())?;
            let path = allow_new(&author, tx, &channel, "channel", id.as_str())?;
            channel.version = expected(&if_match, tx, |_| Ok(before.version))?;
            channel.secret = channel.secret.take().or_else(|| before.secret.clone());
            channel.version = channels::update(tx, &channel)?;
            let (before, after) = (ChannelDocument::from(before), ChannelDocument::from(channel.clone()));
            tx.did("update", ("channel", id.as_str()), path, Some(&before), Some(&after));
            Ok(channel)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(channel.version)).json(ChannelDocument::from(channel)))
}

/// Deletes a channel with everything that waits for it.
#[utoipa::path(tag = "notifications", params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is deleted", example = "\"1\""),
), responses((status = 204, description = "Deleted"), DeleteErrors))]
#[delete("/channels/{id}")]
pub async fn delete_channel(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id: ChannelId = path_id(&id)?;
    let author = who.clone();
    state
        .change(&who, move |tx| {
            let before = channels::get(tx, &id)?;
            let path = allow_entity(&author, tx, &before, "channel", id.as_str())?;
            let version = expected(&if_match, tx, |_| Ok(before.version))?;
            channels::delete(tx, &id, version)?;
            tx.did("delete", ("channel", id.as_str()), path, Some(&ChannelDocument::from(before)), None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// How the author wants to be told.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"mail": "li@example.org", "byMail": true, "bySms": false}))]
pub struct MyNotifications {
    /// Mail address; nobody else sees it.
    mail: Option<String>,
    /// By mail.
    by_mail: bool,
    /// By text message to the person's telephone number.
    by_sms: bool,
}

/// Answers how the author wants to be told.
#[utoipa::path(tag = "me", responses((status = 200, description = "Wishes", body = MyNotifications), SelfErrors))]
#[get("/me/notifications")]
pub async fn get_my_notifications(state: web::Data<AppState>, who: Who) -> Result<web::Json<MyNotifications>, Problem> {
    let person = own_person(&who)?;
    let wish = state.read(move |conn| Ok(channels::wishes(conn, &[person])?.pop())).await?;
    Ok(web::Json(wish.map_or(MyNotifications { mail: None, by_mail: false, by_sms: false }, |wish| MyNotifications {
        mail: wish.mail,
        by_mail: wish.by_mail,
        by_sms: wish.by_sms,
    })))
}

/// Sets how the author wants to be told.
#[utoipa::path(tag = "me", request_body = MyNotifications, responses(
    (status = 200, description = "Set", body = MyNotifications), ServiceErrors,
))]
#[put("/me/notifications")]
pub async fn put_my_notifications(
    state: web::Data<AppState>,
    who: Who,
    body: Json<MyNotifications>,
) -> Result<web::Json<MyNotifications>, Problem> {
    let person = acting_person(&who)?;
    let wanted = body.0;
    let is_mail = |text: &str| text.parse::<lettre::Address>().is_ok();
    if wanted.mail.as_deref().is_some_and(|mail| !is_mail(mail)) || wanted.by_mail && wanted.mail.is_none() {
        return Err(Problem::new(Code::InvalidValue).at(
            "/mail",
            Text::new("不是邮箱地址", "it is no mail address"),
            Text::new("填写邮箱，或关闭邮件通知", "give a mail address, or turn mail off"),
        ));
    }
    let answer = wanted.clone();
    state
        .change(&who, move |tx| {
            let path = placement::of_person(tx, &person)?;
            let MyNotifications { mail, by_mail, by_sms } = wanted;
            channels::put_wish(tx, &NoticeWish { person: person.clone(), mail, by_mail, by_sms, version: 1 })?;
            tx.because("update", ("notification wishes", person.as_str()), path, None);
            Ok(())
        })
        .await?;
    Ok(web::Json(answer))
}
