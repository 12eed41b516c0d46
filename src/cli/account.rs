//! `paiban account reset NAME`: lets somebody in again whom nobody who is signed in can help.

use clap::{Args, Subcommand};

use super::say::say;
use super::serve::{coded, open_unmigrated, system_sources};
use crate::accounts::reset;
use crate::config::{Settings, SettingsArgs};

/// Options of `paiban account`.
#[derive(Debug, Args)]
pub(super) struct AccountArgs {
    #[command(subcommand)]
    command: AccountCommand,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Give an account a new one-time password, take its lock off, enable it, and end its sessions
    Reset {
        /// Name of the account
        name: String,
        #[command(flatten)]
        settings: SettingsArgs,
    },
}

pub(super) fn run(args: AccountArgs) -> anyhow::Result<()> {
    let AccountCommand::Reset { name, settings } = args.command;
    let settings = Settings::load(settings)?;
    let db = open_unmigrated(&settings)?;
    db.require_migrated().map_err(coded)?;
    let password = reset(&db, &name, system_sources().clock.now()).map_err(coded)?;
    say!("sign in as {name} with the one-time password {password}");
    say!("it is shown this once, and has to be changed at the next sign-in");
    Ok(())
}
