//! `paiban migrate`: brings the database's schema up to date and says what was done.

use clap::Args;

use super::say::say;
use super::serve::open_unmigrated;
use crate::config::{Settings, SettingsArgs};

/// Options of `paiban migrate`.
#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    settings: SettingsArgs,
}

pub(super) fn run(args: MigrateArgs) -> anyhow::Result<()> {
    let settings = Settings::load(args.settings)?;
    let db = open_unmigrated(&settings)?;
    let applied = db.migrate().map_err(super::serve::coded)?;
    if applied.is_empty() {
        say!("{}: nothing to do", settings.database_url);
    }
    for name in applied {
        say!("{}: applied {name}", settings.database_url);
    }
    Ok(())
}
