//! Receivers on this machine that speak the real formats: HTTP as webhooks and robots do, and SMTP.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request or a mail that came.
#[derive(Debug, Clone, Default)]
pub struct Received {
    /// First line of a request; the receivers of a mail.
    pub head: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// A receiver; it lives as long as the test's process.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<(u16, String)>>,
}

impl Sink {
    /// Answers every request with the JSON of a robot that is content, until told otherwise.
    pub fn http() -> Self {
        Self::start(r#"{"errcode":0,"errmsg":"ok"}"#, serve_http)
    }

    pub fn smtp() -> Self {
        Self::start("", serve_smtp)
    }

    fn start(answer: &str, serve: fn(TcpStream, &Self)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            received: Arc::default(),
            answer: Arc::new(Mutex::new((200, answer.to_owned()))),
        };
        let own = sink.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &own);
            }
        });
        sink
    }

    pub fn answer(&self, status: u16, body: &str) {
        *self.answer.lock().unwrap() = (status, body.to_owned());
    }

    /// What has come since the last time.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }
}

fn serve_http(stream: TcpStream, sink: &Sink) {
    let mut reader = BufReader::new(stream);
    let mut one = Received::default();
    let _ = reader.read_line(&mut one.head);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.trim_end().split_once(": ") {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().unwrap();
            }
            one.headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    one.body = String::from_utf8(body).unwrap();
    sink.received.lock().unwrap().push(one);
    let (status, text) = sink.answer.lock().unwrap().clone();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", text.len());
    let _ = reader.get_mut().write_all(format!("{head}{text}").as_bytes());
}

fn serve_smtp(stream: TcpStream, sink: &Sink) {
    let mut reader = BufReader::new(stream);
    let mut one = Received::default();
    let _ = reader.get_mut().write_all(b"220 sink\r\n");
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let upper = line.to_ascii_uppercase();
        let reply = if upper.starts_with("EHLO") {
            "250-sink\r\n250 8BITMIME\r\n"
        } else if upper.starts_with("RCPT TO:") {
            one.head.push_str(line["RCPT TO:".len()..].trim());
            "250 ok\r\n"
        } else if upper.starts_with("DATA") {
            let _ = reader.get_mut().write_all(b"354 go on\r\n");
            loop {
                let mut text = String::new();
                let _ = reader.read_line(&mut text);
                if text == ".\r\n" || text.is_empty() {
                    break;
                }
                one.body.push_str(&text);
            }
            sink.received.lock().unwrap().push(std::mem::take(&mut one));
            "250 taken\r\n"
        } else if upper.starts_with("QUIT") {
            let _ = reader.get_mut().write_all(b"221 bye\r\n");
            return;
        } else {
            "250 ok\r\n"
        };
        let _ = reader.get_mut().write_all(reply.as_bytes());
    }
}
