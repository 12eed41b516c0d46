//! `paiban audit verify`: walks along the audit trail and says whether it is whole.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::say::say;
use super::serve::{coded, open_unmigrated};
use crate::config::{Settings, SettingsArgs};
use crate::db::audit;

/// Options of `paiban audit`.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Check every entry against the one before it: exit code 0 only when the whole chain holds
    Verify {
        #[command(flatten)]
        settings: SettingsArgs,
        /// A head that was noted earlier, as NUMBER:HASH: the chain must still hold that entry
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Option<String>,
    },
}

pub(super) fn run(args: AuditArgs) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify { settings, head } = args.command;
    let settings = Settings::load(settings)?;
    let db = open_unmigrated(&settings)?;
    db.require_migrated().map_err(coded)?;
    let found = db.read(audit::verify).map_err(coded)?;
    say!("entries: {}", found.entries);
    say!("erased: {}", found.erased);
    say!("head: {}:{}", found.entries, found.head);
    if let Some((seq, cause)) = found.fault {
        eprintln!(
            "error[audit-broken]: entry {seq}: {cause}; restore a backup and find out who can write to the database"
        );
        return Ok(ExitCode::FAILURE);
    }
    if let Some(head) = head {
        let Some((seq, hash)) = head.split_once(':').and_then(|(seq, hash)| Some((seq.parse::<i64>().ok()?, hash)))
        else {
            bail!("error[bad-head]: {head:?} is not NUMBER:HASH, as an earlier run printed it");
        };
        let stored = db.read(|conn| audit::hash_of(conn, seq)).map_err(coded)?;
        if stored.as_deref() != Some(hash) {
            eprintln!("error[audit-cut]: entry {seq} is gone or another one than when the head was noted");
            return Ok(ExitCode::FAILURE);
        }
    }
    say!("the chain holds");
    Ok(ExitCode::SUCCESS)
}
