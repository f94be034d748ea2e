//! Reads a request with files, as Discord does: the JSON of `payload_json`, with what came beside it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The JSON, and under `files` each file's place, name, length and content.
pub(crate) fn read(body: &[u8], boundary: &str) -> Value {
    let (mut payload, mut files) = (Value::Null, Vec::new());
    for part in split(body, format!("--{boundary}").as_bytes()) {
        let Some(at) = find(part, b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&part[..at]);
        let content = &part[at + 4..part.len().saturating_sub(2).max(at + 4)];
        let name = quoted(&head, "name").unwrap_or_default();
        if name == "payload_json" {
            payload = serde_json::from_slice(content).unwrap_or_default();
        } else if let Some(id) = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')) {
            files.push(json!({
                "id": id.parse::<u64>().ok(), "filename": quoted(&head, "filename"), "bytes": content.len(),
                "base64": STANDARD.encode(content),
            }));
        }
    }
    // In a callback the message is one step deeper.
    let is_callback = payload["data"].is_object();
    let message = if is_callback {
        &mut payload["data"]
    } else {
        &mut payload
    };
    message["files"] = Value::from(files);
    payload
}

fn quoted(head: &str, key: &str) -> Option<String> {
    let start = head.find(&format!(" {key}=\""))? + key.len() + 3;
    let rest = &head[start..];
    Some(rest[..rest.find('"')?].to_owned())
}

fn split<'b>(mut body: &'b [u8], by: &[u8]) -> Vec<&'b [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = find(body, by) {
        parts.push(&body[..at]);
        body = &body[at + by.len()..];
    }
    parts
}

fn find(body: &[u8], what: &[u8]) -> Option<usize> {
    body.windows(what.len()).position(|window| window == what)
}
