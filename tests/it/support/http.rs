//! Requests over HTTP, a connection each, by hand: tests say exactly what is sent.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::PATIENCE;

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    /// 0 where nobody listens.
    pub(crate) status: u16,
    /// All of it.
    pub(crate) text: String,
    /// What is after its head.
    pub(crate) body: String,
}

/// An address that was free a moment ago.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The status and the whole of a response to a GET; 0 where nobody listens.
pub(crate) fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let response = send(
        address,
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes(),
    );
    (response.status, response.text)
}

/// Posts JSON with more headers.
pub(crate) fn post(address: SocketAddr, path: &str, headers: &[(&str, String)], body: &str) -> Response {
    let length = body.len();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n"
    );
    for (name, value) in headers {
        write!(request, "{name}: {value}\r\n").unwrap();
    }
    write!(request, "\r\n{body}").unwrap();
    send(address, request.as_bytes())
}

/// Sends this, and reads until the other side closes.
pub(crate) fn send(address: SocketAddr, request: &[u8]) -> Response {
    let mut text = String::new();
    if let Ok(mut stream) = TcpStream::connect(address) {
        // The other side may answer and close before it has read all.
        let _ = stream.write_all(request);
        let _ = stream.read_to_string(&mut text);
    }
    let status = text.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned();
    Response { status, text, body }
}

/// Asks until the response is as wanted.
#[track_caller]
pub(crate) fn wait_for(address: SocketAddr, path: &str, what: &str, wanted: impl Fn(u16, &str) -> bool) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (status, text) = get(address, path);
        if wanted(status, &text) {
            return text;
        }
        assert!(Instant::now() < deadline, "not in time: {what}: {status} {text}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
