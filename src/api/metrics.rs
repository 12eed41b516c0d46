//! Prometheus metrics of one server.

use actix_web::{HttpResponse, get, web};
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

use super::access::guard::allow;
use super::openapi::PlainErrors;
use super::problem::Problem;
use crate::domain::Who;

/// The metrics of one application; each test server has its own.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    running: IntGauge,
    finished: IntCounterVec,
}

impl Metrics {
    /// Registers all metrics.
    ///
    /// # Errors
    /// When two metrics have the same name.
    pub fn new() -> Result<Self, prometheus::Error> {
        let requests = IntCounterVec::new(
            Opts::new("paiban_http_requests_total", "Answered HTTP requests."),
            &["method", "route", "status"],
        )?;
        let durations = HistogramVec::new(
            HistogramOpts::new("paiban_http_request_duration_seconds", "Time from request to answer headers.")
                .buckets(vec![0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0]),
            &["method", "route"],
        )?;
        let running = IntGauge::new("paiban_runs_running", "Planning runs being solved.")?;
        let finished = IntCounterVec::new(
            Opts::new("paiban_runs_finished_total", "Planning runs that ended, by how they ended."),
            &["state"],
        )?;
        let registry = Registry::new();
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        registry.register(Box::new(running.clone()))?;
        registry.register(Box::new(finished.clone()))?;
        Ok(Self { registry, requests, durations, running, finished })
    }

    /// Counts one answered request; `route` is the pattern, so that ids do not become labels.
    pub fn observe_request(&self, method: &str, route: &str, status: u16, seconds: f64) {
        self.requests.with_label_values(&[method, route, status.to_string().as_str()]).inc();
        self.durations.with_label_values(&[method, route]).observe(seconds);
    }

    /// Sets how many runs are being solved.
    pub fn set_running(&self, running: usize) {
        self.running.set(i64::try_from(running).unwrap_or(i64::MAX));
    }

    /// Counts a run that ended in the given state.
    pub fn count_finished(&self, state: &str) {
        self.finished.with_label_values(&[state]).inc();
    }

    fn text(&self) -> Result<String, prometheus::Error> {
        let mut buffer = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut buffer)?;
        Ok(String::from_utf8_lossy(&buffer).into_owned())
    }
}

/// Answers the server's metrics in Prometheus text format.
#[utoipa::path(tag = "operations", summary = "Metrics in Prometheus text format", responses(
    (status = 200, description = "Metrics", body = String, content_type = "text/plain",
        example = json!("paiban_runs_running 0\n")),
    PlainErrors,
))]
#[get("/metrics")]
pub async fn get_metrics(metrics: web::Data<Metrics>, who: Who) -> Result<HttpResponse, Problem> {
    allow(&who, None, "metrics", "")?;
    let text = metrics.text().map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}
