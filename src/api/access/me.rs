//! What everybody may see and do about themselves.

use actix_web::{HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::guard::OwnSession;
use super::trail::Tell as _;
use crate::accounts::password;
use crate::api::extract::Json;
use crate::api::lang::Text;
use crate::api::openapi::{PasswordErrors, SelfErrors, SignedInErrors};
use crate::api::problem::{Code, Problem};
use crate::api::resources::EntityDocument as _;
use crate::api::resources::people::PersonDocument;
use crate::api::schedules::assignments::{MyAssignment, MyQuery, duties_of};
use crate::api::state::AppState;
use crate::db::{accounts, people, sessions};
use crate::domain::{Account, Location, Who};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_me).service(change_my_password).service(list_own_assignments);
}

/// What the database knows of the author, unmasked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"name": "lin", "person": null, "phone": null, "home": null}))]
pub struct Me {
    /// Name of the account.
    name: String,
    /// The person whose account it is, as others see them.
    person: Option<PersonDocument>,
    /// The person's telephone number, unmasked.
    phone: Option<String>,
    /// Where the person lives, `[latitude, longitude]`, not rounded.
    home: Option<[f64; 2]>,
}

/// Answers what the database knows of the author, unmasked.
#[utoipa::path(tag = "me", responses((status = 200, description = "The author", body = Me), SignedInErrors))]
#[get("/me")]
pub async fn get_me(state: web::Data<AppState>, who: Who) -> Result<web::Json<Me>, Problem> {
    let person = match who.person.clone() {
        Some(id) => Some(state.read(move |conn| people::get(conn, &id)).await?),
        None => None,
    };
    let phone = person.as_ref().and_then(|person| person.phone.clone());
    let home = person.as_ref().and_then(|person| person.home);
    let home = home.map(|Location { latitude, longitude }| [latitude, longitude]);
    Ok(web::Json(Me { name: who.actor, person: person.map(PersonDocument::from_entity), phone, home }))
}

/// Answers the author's own duties in published rosters, by date and time.
#[utoipa::path(tag = "me", params(MyQuery), responses(
    (status = 200, description = "Duties", body = Vec<MyAssignment>), SelfErrors,
))]
#[get("/me/assignments")]
pub async fn list_own_assignments(
    state: web::Data<AppState>,
    who: Who,
    query: web::Query<MyQuery>,
) -> Result<web::Json<Vec<MyAssignment>>, Problem> {
    let Some(person) = who.person else {
        return Err(Problem::new(Code::NotFound)
            .detail("此账号没有对应的人员", "the account is nobody's: an administrator can bind it to a person"));
    };
    duties_of(&state, person, query.into_inner(), |_, _| Ok(())).await
}

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"current": "ABCD-EFGH-JKLM-NPQR", "new": "a long sentence is best"}))]
pub struct PasswordChange {
    /// The password until now.
    current: String,
    /// The new one: 10 characters or more, without the account's name.
    new: String,
}

/// Changes the author's password and ends the account's other sessions.
#[utoipa::path(tag = "me", request_body = PasswordChange, responses(
    (status = 204, description = "Changed"), PasswordErrors,
))]
#[post("/me/password")]
pub async fn change_my_password(
    state: web::Data<AppState>,
    who: Who,
    session: OwnSession,
    body: Json<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let Some(session) = session.0 else {
        return Err(Problem::new(Code::Forbidden).detail("须登录后修改", "sign in with the password to change it"));
    };
    let id = session.account.clone();
    let account = state.read(move |conn| accounts::get(conn, &id)).await?;
    let PasswordChange { current, new } = body.0;
    if !password::is_acceptable(&new, &account.name) {
        return Err(Problem::new(Code::InvalidValue).at(
            "/new",
            Text::new("密码太短或包含用户名", "the password is too short or holds the account's name"),
            Text::new("至少 10 个字符，例如一句话", "use 10 characters or more, a sentence for example"),
        ));
    }
    let stored = account.password_hash.clone();
    let hashed =
        web::block(
            move || {
                if password::is_right(&current, &stored) { password::hash(&new).map(Some) } else { Ok(None) }
            },
        );
    let hashed = hashed.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let Some(password_hash) = hashed else { return Err(Problem::new(Code::WrongCredentials)) };
    state
        .change(&who, move |tx| {
            let changed = Account { password_hash, must_change_password: false, ..account };
            accounts::update(tx, &changed)?;
            sessions::delete_others(tx, &changed.id, Some(&session.id))?;
            tx.because("changePassword", ("account", changed.id.as_str()), None, None);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
