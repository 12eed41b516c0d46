//! `paiban openapi`: prints the OpenAPI document, as committed in docs/openapi.json.

use std::io::Write as _;

use crate::api::openapi::to_text;
use crate::api::router::document;

pub(super) fn run() -> anyhow::Result<()> {
    let text = to_text(&document()).map_err(|problem| anyhow::anyhow!("error[openapi]: {problem}"))?;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}
