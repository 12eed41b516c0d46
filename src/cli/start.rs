//! `paiban start`: a demo network, its planned week on the terminal, and the server.
//!
//! Every step looks first whether it is done already, so that a second start, also after a kill, loses nothing.

use std::time::Duration;

use actix_web::web;
use anyhow::{Context as _, anyhow, bail};
use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::say::say;
use super::serve::{coded, open_database, serve, system_sources, welcome};
use super::{logging, summary};
use crate::api::Application;
use crate::api::application::Sources;
use crate::config::{Settings, SettingsArgs};
use crate::db::demo_loads::{self, DemoLoad};
use crate::db::schedules::{self, ScheduleFilter};
use crate::db::{Db, MAX_PAGE, Page, jobs, units};
use crate::demo::{Preset, generate};
use crate::domain::{Job, JobStatus, Schedule, ScheduleId, ScheduleStatus, UnitId};
use crate::planning::demo_load::load_demo;
use crate::planning::publish;
use crate::planning::request::{PlanRefusal, PlanRequest, request_plan, request_replan};

/// Options of `paiban start`.
#[derive(Debug, Args)]
pub(super) struct StartArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// Size of the demo network
    #[arg(long, value_enum, default_value_t = PresetArg::District)]
    preset: PresetArg,
    /// Seed of the demo network and of the plan
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Monday of the week to plan [default: next Monday]
    #[arg(long)]
    week: Option<NaiveDate>,
    /// Time limit of the plan in seconds [default: 10 for a street, 60 for a district, 180 for the city]
    #[arg(long)]
    time_limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PresetArg {
    Street,
    District,
    City,
}

impl PresetArg {
    const fn preset(self) -> Preset {
        match self {
            Self::Street => Preset::Street,
            Self::District => Preset::District,
            Self::City => Preset::City,
        }
    }

    const fn time_limit_seconds(self) -> u32 {
        match self {
            Self::Street => 10,
            Self::District => 60,
            Self::City => 180,
        }
    }
}

pub(super) fn run(args: StartArgs) -> anyhow::Result<()> {
    let settings = Settings::load(args.settings.clone())?;
    logging::start(settings.log_format, "warn");
    let db = open_database(&settings)?;
    let sources = system_sources();
    let demo = ensure_demo(&db, &args, &sources)?;
    actix_web::rt::System::new().block_on(async move {
        welcome(&db, &settings, &sources)?;
        let application = Application::build(&settings, db.clone(), sources.clone())?;
        let schedule = ensure_planned(&db, &args, &demo, &sources, &settings, &application).await?;
        let text = web::block(move || summary::of(&db, &schedule)).await??;
        say!("{text}");
        serve(application, &settings).await
    })
}

/// The demo data that the database holds, loaded now if it holds none.
fn ensure_demo(db: &Db, args: &StartArgs, sources: &Sources) -> anyhow::Result<DemoLoad> {
    let present = db.read(demo_loads::all).map_err(coded)?;
    let wanted = args.preset.preset().as_str();
    if let Some(load) = present.into_iter().next() {
        if load.preset != wanted || load.seed != args.seed {
            bail!(
                "error[other-demo]: the database holds the demo of preset {} and seed {}; start with those, or name \
                 another file with --database",
                load.preset,
                load.seed
            );
        }
        return Ok(load);
    }
    let week_start = args.week.unwrap_or_else(|| next_monday(sources));
    let bar = ProgressBar::new_spinner().with_message(format!("loading the demo {wanted}"));
    bar.enable_steady_tick(Duration::from_millis(100));
    let city = generate(args.preset.preset(), args.seed, week_start);
    load_demo(db, &city, &*sources.clock).map_err(coded)?;
    bar.finish_and_clear();
    say!(
        "loaded the demo {wanted}: {} units, {} stations, {} people",
        city.units.len(),
        city.stations.len(),
        city.people.len()
    );
    db.read(demo_loads::all).map_err(coded)?.into_iter().next().context("error[demo-load]: nothing was loaded")
}

fn next_monday(sources: &Sources) -> NaiveDate {
    let today = sources.clock.now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    let ahead = 7 - u64::from(today.weekday().num_days_from_monday());
    today.checked_add_days(Days::new(ahead)).unwrap_or(today)
}

/// The schedule of the demo's week, planned and published.
async fn ensure_planned(
    db: &Db,
    args: &StartArgs,
    demo: &DemoLoad,
    sources: &Sources,
    settings: &Settings,
    application: &Application,
) -> anyhow::Result<ScheduleId> {
    let root = root_unit(db)?;
    let week_start = args.week.unwrap_or(demo.week_start).week(Weekday::Mon).first_day();
    let (schedule, job) = match existing(db, &root, week_start)? {
        Some(schedule) if schedule.status != ScheduleStatus::Draft => {
            publish(db, &schedule, sources)?;
            return Ok(schedule.id);
        }
        Some(schedule) => {
            let job = db.read(|conn| jobs::latest(conn, &schedule.id)).map_err(coded)?;
            match job.filter(|job| matches!(job.status, JobStatus::Queued | JobStatus::Running)) {
                Some(job) => (schedule, job),
                None => ask(db, |tx| {
                    request_replan(tx, &schedule.id, settings.queue_limit, sources.clock.now(), &*sources.entropy)
                })?,
            }
        }
        None => {
            let request = PlanRequest {
                unit: root,
                week_start,
                time_limit_seconds: args.time_limit.unwrap_or(args.preset.time_limit_seconds()),
                threads: u16::try_from(std::thread::available_parallelism()?.get()).unwrap_or(1),
                seed: i64::try_from(args.seed).unwrap_or(i64::MAX),
                profile: None,
                accept_draft_calendar: false,
            };
            ask(db, |tx| request_plan(tx, &request, settings.queue_limit, sources.clock.now(), &*sources.entropy))?
        }
    };
    application.planner().queue.wake();
    follow(db, application, job).await?;
    let planned = db.read(|conn| schedules::get(conn, &schedule.id)).map_err(coded)?;
    publish(db, &planned, sources)?;
    Ok(schedule.id)
}

fn root_unit(db: &Db) -> anyhow::Result<UnitId> {
    let all = db.read(units::all).map_err(coded)?;
    let root = all.into_iter().find(|unit| unit.parent.is_none());
    root.map(|unit| unit.id).context("error[no-units]: the database holds no units")
}

/// The latest schedule of the unit and week that is not superseded.
fn existing(db: &Db, unit: &UnitId, week_start: NaiveDate) -> anyhow::Result<Option<Schedule>> {
    let filter = ScheduleFilter { unit: Some(unit.clone()), week_start: Some(week_start), ..ScheduleFilter::default() };
    let slice = db.read(|conn| schedules::list(conn, &filter, &Page::first(MAX_PAGE))).map_err(coded)?;
    Ok(slice.items.into_iter().rfind(|schedule| schedule.status != ScheduleStatus::Superseded))
}

type Asked = Result<(Schedule, Job), PlanRefusal>;

fn ask(db: &Db, work: impl FnOnce(&mut crate::db::Tx<'_>) -> Asked) -> anyhow::Result<(Schedule, Job)> {
    let asked = db.write(|tx| match work(tx) {
        Err(PlanRefusal::Database(error)) => Err(error),
        other => Ok(other),
    });
    match asked.map_err(coded)? {
        Ok(asked) => Ok(asked),
        Err(PlanRefusal::NoCalendar(years)) => {
            bail!("error[no-calendar]: {years:?} has no published statutory calendar; choose another --week")
        }
        Err(refusal) => bail!("error[plan-refused]: {refusal:?}"),
    }
}

fn publish(db: &Db, schedule: &Schedule, sources: &Sources) -> anyhow::Result<()> {
    if schedule.status == ScheduleStatus::Planned {
        let now = sources.clock.now();
        db.write(|tx| publish::publish(tx, &schedule.id, schedule.version, now)).map_err(coded)?;
    }
    Ok(())
}

/// How often the bar and the stored state are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Shows a progress bar until the run has ended.
async fn follow(db: &Db, application: &Application, job: Job) -> anyhow::Result<()> {
    let bar = ProgressBar::new(1);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_bar} {pos}/{len} parts  {elapsed}  {msg}") {
        bar.set_style(style);
    }
    let planner = application.planner();
    let mut bell = planner.board.subscribe();
    loop {
        // Either a change or the time to look: both end in the same look.
        let _changed = tokio::time::timeout(LOOK, bell.changed()).await;
        if let Some(progress) = planner.board.get(&job.id) {
            bar.set_length(u64::from(progress.parts.max(1)));
            bar.set_position(u64::from(progress.parts_done));
            bar.set_message(progress.phase);
        }
        let (reader, id) = (db.clone(), job.id.clone());
        let stored = web::block(move || reader.read(|conn| jobs::get(conn, &id))).await?.map_err(coded)?;
        match stored.status {
            JobStatus::Queued | JobStatus::Running => {}
            JobStatus::Done | JobStatus::Stopped => {
                bar.finish_and_clear();
                return Ok(());
            }
            JobStatus::Failed => {
                bar.abandon();
                let (code, detail) = (stored.error_code.unwrap_or_default(), stored.error_detail.unwrap_or_default());
                return Err(anyhow!("error[{code}]: {detail}"));
            }
        }
    }
}
