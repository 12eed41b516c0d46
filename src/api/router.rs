//! The one router function, used by the server and by every test.

use actix_web::body::BoxBody;
use actix_web::dev::{ResourceDef, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::ALLOW;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, HttpResponse, web};
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::access::guard::guard;
use super::boundary::boundary;
use super::extract::{BODY_LIMIT_BYTES, path_error, query_error};
use super::health;
use super::metrics::{self, Metrics};
use super::openapi::{Served, get_openapi, head, to_text};
use super::state::AppState;
use crate::web as web_app;

/// Everything under one address: operations, API, reference page, and problem documents for all else.
pub fn app(
    state: web::Data<AppState>,
    metrics: web::Data<Metrics>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let (app, document) = App::new().into_utoipa_app().openapi(head()).configure(routes).split_for_parts();
    let served = web::Data::new(Served(to_text(&document).unwrap_or_default()));
    let known = web::Data::new(KnownPaths::of(&document));
    app.app_data(state)
        .app_data(known)
        .app_data(metrics)
        .app_data(served)
        .app_data(web::PayloadConfig::new(BODY_LIMIT_BYTES))
        .app_data(web::QueryConfig::default().error_handler(query_error))
        .app_data(web::PathConfig::default().error_handler(path_error))
        .service(get_openapi)
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json").use_base_layout()))
        .default_service(web::to(no_resource))
        .wrap(from_fn(guard))
        .wrap(from_fn(boundary))
}

/// The OpenAPI document of the routes.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    App::new().into_utoipa_app().openapi(head()).configure(routes).split_for_parts().1
}

fn routes(config: &mut ServiceConfig) {
    config.service(health::get_health).service(health::get_ready).service(metrics::get_metrics);
    config.service(utoipa_actix_web::scope("/api/v1").configure(api_v1).default_service(web::to(no_resource)));
}

fn api_v1(config: &mut ServiceConfig) {
    use super::resources as r;
    config
        .configure(r::units::configure)
        .configure(r::stations::configure)
        .configure(r::skills::configure)
        .configure(r::contracts::configure)
        .configure(r::people::configure)
        .configure(r::secondments::configure)
        .configure(r::lendings::configure)
        .configure(r::availability::configure)
        .configure(r::calendars::configure)
        .configure(r::shift_types::configure)
        .configure(r::demand_templates::configure)
        .configure(r::posts::configure)
        .configure(r::rules::configure)
        .configure(r::profiles::configure)
        .configure(super::access::configure)
        .configure(super::schedules::configure)
        .configure(super::cases::configure)
        .configure(super::receptions::configure)
        .configure(super::sharing::configure)
        .configure(super::service::configure)
        .configure(super::channels::configure)
        .configure(super::deliveries::configure)
        .configure(super::reports::configure)
        .configure(super::changes::configure)
        .configure(super::exchange::configure)
        .configure(super::demo_data::configure);
}

/// Paths of the document with their methods, to tell an unknown path from an unknown method.
#[derive(Debug)]
pub struct KnownPaths(Vec<(ResourceDef, String)>);

impl KnownPaths {
    /// Whether there is a route for the method and the path.
    #[must_use]
    pub fn has(&self, method: &str, path: &str) -> bool {
        self.0.iter().any(|(known, methods)| known.is_match(path) && methods.split(", ").any(|known| known == method))
    }

    fn of(document: &utoipa::openapi::OpenApi) -> Self {
        let known = document.paths.paths.iter().map(|(path, item)| {
            let methods = [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            let allowed: Vec<&str> =
                methods.into_iter().filter(|(_, operation)| operation.is_some()).map(|(name, _)| name).collect();
            (ResourceDef::new(path.as_str()), allowed.join(", "))
        });
        Self(known.collect())
    }
}

/// Answers with the web app where a browser asks for a page, 405 where the path is known with other methods, and 404
/// elsewhere.
async fn no_resource(request: HttpRequest, known: web::Data<KnownPaths>) -> HttpResponse {
    if let Some(page) = web_app::answer(&request) {
        return page;
    }
    let allowed = known.0.iter().find(|(path, _)| path.is_match(request.path())).map(|(_, methods)| methods.as_str());
    match allowed {
        Some(methods) => HttpResponse::MethodNotAllowed().insert_header((ALLOW, methods)).finish(),
        None => HttpResponse::NotFound().finish(),
    }
}
