//! `paiban openapi`: prints the OpenAPI document, as committed in docs/openapi.json.

use crate::api::openapi::to_text;
use crate::api::router::document;

pub(super) fn run() -> anyhow::Result<()> {
    let text = to_text(&document()).map_err(|problem| anyhow::anyhow!("error[openapi]: {problem}"))?;
    super::say::text(format_args!("{text}"));
    Ok(())
}
