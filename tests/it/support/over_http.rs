//! Discord as it asks over HTTP: signed requests, and what the bot may know of its application.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

use super::events::APPLICATION;
use super::http::{self, Response};

/// Any will do: a test's key is nobody's secret.
const SEED: [u8; 32] = [42; 32];

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&SEED).unwrap()
}

/// For `DISCORD_PUBLIC_KEY`.
pub(crate) fn public_key() -> String {
    hex(pair().public_key().as_ref())
}

/// The bot's application, as far as it looks.
pub(crate) fn application() -> Value {
    json!({"id": APPLICATION.to_string(), "verify_key": public_key(), "name": "loopback"})
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "Discord looks at its own clock")]
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// The headers of a request of this time with this body.
pub(crate) fn headers(time: &str, body: &str) -> [(&'static str, String); 2] {
    let signature = pair().sign(format!("{time}{body}").as_bytes());
    [
        ("X-Signature-Ed25519", hex(signature.as_ref())),
        ("X-Signature-Timestamp", time.to_owned()),
    ]
}

/// Sends a body as Discord does.
pub(crate) fn ask(address: SocketAddr, body: &str) -> Response {
    http::post(address, "/interactions", &headers(&now().to_string(), body), body)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
