//! The rule catalogue.

use actix_web::{get, web};
use paiban_solver::problem::RuleCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::openapi::PlainErrors;

/// Adds the handler to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_rules);
}

/// One integer parameter of a rule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleParameter {
    /// Key in a profile, unit in the name.
    key: &'static str,
    /// Value when a profile does not set it.
    default: i64,
    /// Least allowed value.
    min: i64,
    /// Greatest allowed value.
    max: i64,
    /// One Chinese sentence.
    zh: &'static str,
    /// One English sentence.
    en: &'static str,
}

/// A rule of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "code": "H06", "name": "rest", "tier": 0, "on": true, "weight": 0,
    "parameters": [{"key": "min_rest_minutes", "default": 660, "min": 0, "max": 2880,
        "zh": "两日班次之间最少休息分钟数", "en": "least rest between duties of different days"}],
    "zh": "两日班次之间休息足够，禁止的班次衔接不出现。", "en": "Enough rest between duties; no forbidden succession."
}))]
pub struct Rule {
    /// Stable code.
    code: &'static str,
    /// Short English name.
    name: &'static str,
    /// 0 always holds; 1 to 3 are costs, lexicographic.
    tier: u8,
    /// On unless a profile says otherwise.
    on: bool,
    /// Cost of one unit of violation.
    weight: i64,
    /// Parameters.
    parameters: Vec<RuleParameter>,
    /// One Chinese sentence.
    zh: &'static str,
    /// One English sentence.
    en: &'static str,
}

/// Answers the catalogue of rules that a profile can set.
#[utoipa::path(tag = "rules", responses((status = 200, description = "Every rule", body = Vec<Rule>), PlainErrors))]
#[get("/rules")]
pub async fn list_rules() -> web::Json<Vec<Rule>> {
    web::Json(catalogue().collect())
}

/// Every rule, in the order of the codes.
pub(in crate::api) fn catalogue() -> impl Iterator<Item = Rule> {
    RuleCode::ALL.iter().map(|code| {
        let info = code.info();
        let parameters = info.parameters.iter().map(|parameter| RuleParameter {
            key: parameter.key,
            default: parameter.default,
            min: parameter.min,
            max: parameter.max,
            zh: parameter.zh,
            en: parameter.en,
        });
        Rule {
            code: code.as_str(),
            name: info.name,
            tier: info.tier.number(),
            on: info.on,
            weight: info.weight,
            parameters: parameters.collect(),
            zh: info.zh,
            en: info.en,
        }
    })
}
