//! Driving the binary: on a free port, with its output read to the end.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use futures_util::StreamExt as _;
use serde_json::Value;
use tempfile::TempDir;

/// The binary under test, untouched by the caller's settings.
pub fn paiban() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paiban"));
    clean(&mut command);
    command
}

fn clean(command: &mut Command) {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PAIBAN_")) {
        command.env_remove(name);
    }
}

/// URL of a SQLite file in the folder.
pub fn sqlite(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("paiban.db").display())
}

/// A server process that listens.
pub struct Server {
    child: Child,
    address: String,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    client: reqwest::Client,
}

/// What a stopped process left.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Fails on any warning or error in the log.
    #[track_caller]
    pub fn assert_quiet(&self) {
        let loud: Vec<&str> =
            self.stderr.lines().filter(|line| line.contains("WARN") || line.contains("ERROR")).collect();
        assert!(loud.is_empty(), "{loud:#?}");
    }
}

impl Server {
    /// Starts a subcommand that serves, on a free port, and waits until it says where it listens.
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = paiban();
        command.args(arguments);
        Self::spawn(command)
    }

    pub fn spawn(mut command: Command) -> Self {
        clean(&mut command);
        command.args(["--listen", "127.0.0.1:0"]).env("NO_COLOR", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut seen = String::new();
        let address = loop {
            let mut line = String::new();
            if lines.read_line(&mut line).unwrap() == 0 {
                panic!("it ended: {:?}\n{seen}\n{}", child.wait(), stderr.join().unwrap());
            }
            seen.push_str(&line);
            if let Some(address) = line.trim_end().strip_prefix("listening on ") {
                break address.to_owned();
            }
        };
        let stdout = std::thread::spawn(move || {
            lines.read_to_string(&mut seen).unwrap();
            seen
        });
        Self { child, address, stdout, stderr, client: reqwest::Client::new() }
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = self.client.get(format!("{}{path}", self.address)).send().await.unwrap();
        serde_json::from_str(&response.text().await.unwrap()).unwrap()
    }

    pub async fn status(&self, path: &str) -> u16 {
        self.client.get(format!("{}{path}", self.address)).send().await.unwrap().status().as_u16()
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let response = self.client.post(format!("{}{path}", self.address)).json(body).send().await.unwrap();
        (response.status().as_u16(), serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }

    /// Reads a schedule's event stream until it holds the text; a run that has ended holds every text.
    pub async fn event(&self, schedule: &str, text: &str) {
        let response = self.client.get(format!("{}{schedule}/events", self.address)).send().await.unwrap();
        if response.status() == 410 {
            return;
        }
        let mut seen = String::new();
        let mut stream = response.bytes_stream();
        while let Some(piece) = stream.next().await {
            seen.push_str(&String::from_utf8_lossy(&piece.unwrap()));
            if seen.contains(text) {
                return;
            }
        }
        panic!("the stream ended without {text:?}: {seen}");
    }

    /// Kills the process as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to stop and waits for its end.
    pub fn terminate(mut self) -> Ended {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let status = self.child.wait().unwrap();
        Ended { status, stdout: self.stdout.join().unwrap(), stderr: self.stderr.join().unwrap() }
    }
}
