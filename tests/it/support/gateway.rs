//! The loopback's gateway: a web socket that says hello, lets in, beats, resumes and closes as Discord's does.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::events;
use super::state::{Client, Frame, Shard, State, TOKEN};

/// As Discord says it.
const HEARTBEAT_MS: u64 = 41_250;

/// Serves one client until either side closes.
pub(crate) async fn serve(mut socket: WebSocket, state: Arc<State>, address: String) {
    let hello = json!({"op": 10, "t": null, "s": null, "d": {"heartbeat_interval": HEARTBEAT_MS}});
    if send(&mut socket, &hello).await.is_none() {
        return;
    }
    let (sender, mut frames) = unbounded_channel();
    let mut sequence = 0;
    let mut sender = Some(sender);
    loop {
        let next = tokio::select! {
            received = socket.recv() => Next::Received(received.and_then(Result::ok)),
            frame = next_frame(&mut frames) => Next::ToSend(frame),
        };
        let going_on = match next {
            Next::Received(Some(Message::Text(text))) => {
                let payload: Value = serde_json::from_str(&text).unwrap_or_default();
                let reaction = react(&payload, &state, &address);
                if let Reaction::LetIn { shard, .. } = reaction
                    && let Some(sender) = sender.take()
                {
                    state.with(|inner| inner.clients.push(Client { shard, sender }));
                }
                carry_out(&mut socket, reaction, &mut sequence).await
            }
            Next::Received(Some(Message::Close(frame))) => {
                state.with(|inner| inner.last_close = Some(frame.as_ref().map_or(0, |frame| frame.code)));
                None
            }
            Next::Received(Some(_)) => Some(()),
            Next::Received(None) => None,
            Next::ToSend(frame) => forward(&mut socket, frame, &mut sequence).await,
        };
        if going_on.is_none() {
            return;
        }
    }
}

enum Next {
    Received(Option<Message>),
    ToSend(Frame),
}

enum Reaction {
    Acknowledge,
    LetIn {
        shard: Shard,
        name: &'static str,
        data: Value,
    },
    Close(u16),
    Nothing,
}

async fn next_frame(frames: &mut UnboundedReceiver<Frame>) -> Frame {
    match frames.recv().await {
        Some(frame) => frame,
        // The sender is kept by the state, or was not handed over yet.
        None => std::future::pending().await,
    }
}

fn react(payload: &Value, state: &State, address: &str) -> Reaction {
    let given = payload["d"]["token"].as_str().unwrap_or_default();
    let is_known = given.strip_prefix("Bot ").unwrap_or(given) == TOKEN;
    match payload["op"].as_u64() {
        Some(1) => Reaction::Acknowledge,
        Some(2) => state.with(|inner| {
            inner.n_identifies += 1;
            let shard = shard_of(&payload["d"]["shard"]);
            inner.intents = payload["d"]["intents"].as_u64().unwrap_or_default();
            match inner.close_on_identify {
                Some(code) => Reaction::Close(code),
                None if !is_known => Reaction::Close(4004),
                None => {
                    let session = format!("session-{}", inner.n_identifies);
                    inner.sessions.insert(session.clone(), shard);
                    Reaction::LetIn {
                        shard,
                        name: "READY",
                        data: events::ready(&session, address, shard),
                    }
                }
            }
        }),
        Some(6) => state.with(|inner| {
            inner.n_resumes += 1;
            let session = payload["d"]["session_id"].as_str().unwrap_or_default();
            match inner.sessions.get(session) {
                Some(shard) if is_known => Reaction::LetIn {
                    shard: *shard,
                    name: "RESUMED",
                    data: json!({}),
                },
                _ => Reaction::Close(4004),
            }
        }),
        _ => Reaction::Nothing,
    }
}

fn shard_of(named: &Value) -> Shard {
    let number = |index: usize, otherwise| named[index].as_u64().unwrap_or(otherwise);
    (number(0, 0), number(1, 1).max(1))
}

async fn carry_out(socket: &mut WebSocket, reaction: Reaction, sequence: &mut u64) -> Option<()> {
    match reaction {
        Reaction::Acknowledge => send(socket, &json!({"op": 11, "t": null, "s": null, "d": null})).await,
        Reaction::LetIn { name, data, .. } => forward(socket, Frame::Dispatch(name, data), sequence).await,
        Reaction::Close(code) => forward(socket, Frame::Close(code), sequence).await,
        Reaction::Nothing => Some(()),
    }
}

async fn forward(socket: &mut WebSocket, frame: Frame, sequence: &mut u64) -> Option<()> {
    match frame {
        Frame::Dispatch(name, data) => {
            *sequence += 1;
            send(socket, &json!({"op": 0, "t": name, "s": *sequence, "d": data})).await
        }
        Frame::Close(code) => {
            let close = CloseFrame {
                code,
                reason: "".into(),
            };
            // Until the client has closed as well, or gone.
            socket.send(Message::Close(Some(close))).await.ok()
        }
    }
}

async fn send(socket: &mut WebSocket, payload: &Value) -> Option<()> {
    socket.send(Message::Text(payload.to_string().into())).await.ok()
}
