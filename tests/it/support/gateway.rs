//! The loopback's gateway: a web socket that says hello, lets in, beats, resumes and closes as Discord's does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::state::{Client, Frame, Inner, Shard, State, TOKEN};
use super::{events, sessions};

/// As Discord says it.
const HEARTBEAT: Duration = Duration::from_millis(41_250);

/// Serves one client until either side closes.
pub(crate) async fn serve(mut socket: WebSocket, state: Arc<State>, address: String) {
    let heartbeat = state.with(|inner| inner.heartbeat.unwrap_or(HEARTBEAT));
    let hello = json!({"op": 10, "t": null, "s": null, "d": {"heartbeat_interval": heartbeat.as_millis()}});
    if send(&mut socket, &hello).await.is_none() {
        return;
    }
    let (sender, mut frames) = unbounded_channel();
    let mut sender = Some(sender);
    let mut session = None;
    loop {
        let next = tokio::select! {
            received = socket.recv() => Next::Received(received.and_then(Result::ok)),
            frame = next_frame(&mut frames) => Next::ToSend(frame),
        };
        let going_on = match next {
            Next::Received(Some(Message::Text(text))) => {
                let payload: Value = serde_json::from_str(&text).unwrap_or_default();
                match react(&payload, &state, &address) {
                    Reaction::Acknowledge => {
                        send(&mut socket, &json!({"op": 11, "t": null, "s": null, "d": null})).await
                    }
                    Reaction::LetIn(entry) => {
                        session = Some(entry.session.clone());
                        if let Some(sender) = sender.take() {
                            let_in(Arc::clone(&state), entry, sender);
                        }
                        Some(())
                    }
                    Reaction::Invalidate => {
                        send(&mut socket, &json!({"op": 9, "t": null, "s": null, "d": false})).await
                    }
                    Reaction::Close(code) => forward(&mut socket, Frame::Close(code), &state).await,
                    Reaction::Nothing => Some(()),
                }
            }
            Next::Received(Some(Message::Close(frame))) => {
                let code = frame.as_ref().map_or(0, |frame| frame.code);
                state.with(|inner| {
                    inner.last_close = Some(code);
                    if let Some(session) = session.as_ref().filter(|_| sessions::is_ended_by_client(code)) {
                        inner.sessions.end(session);
                    }
                });
                None
            }
            Next::Received(Some(_)) => Some(()),
            Next::Received(None) => None,
            Next::ToSend(Frame::Hush) => return hush(socket, &state, session).await,
            Next::ToSend(frame) => forward(&mut socket, frame, &state).await,
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
    LetIn(Entry),
    /// There is no such session.
    Invalidate,
    Close(u16),
    Nothing,
}

/// A client that is to be let in.
struct Entry {
    shard: Shard,
    session: String,
    name: &'static str,
    data: Value,
    /// The number of the last event that it has.
    since: u64,
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
            inner.identified_at.push(Instant::now());
            let shard = shard_of(&payload["d"]["shard"]);
            inner.intents = payload["d"]["intents"].as_u64().unwrap_or_default();
            match inner.close_on_identify {
                Some(code) => Reaction::Close(code),
                None if !is_known => Reaction::Close(4004),
                None => {
                    let session = format!("session-{}", inner.n_identifies);
                    Reaction::LetIn(Entry {
                        shard,
                        name: "READY",
                        data: events::ready(&session, address, shard, &inner.other_servers),
                        session,
                        since: 0,
                    })
                }
            }
        }),
        Some(6) => state.with(|inner| {
            inner.n_resumes += 1;
            let session = payload["d"]["session_id"].as_str().unwrap_or_default();
            match inner.sessions.shard_of(session) {
                _ if !is_known => Reaction::Close(4004),
                None => Reaction::Invalidate,
                Some(shard) => Reaction::LetIn(Entry {
                    shard,
                    session: session.to_owned(),
                    name: "RESUMED",
                    data: json!({}),
                    since: payload["d"]["seq"].as_u64().unwrap_or_default(),
                }),
            }
        }),
        _ => Reaction::Nothing,
    }
}

fn shard_of(named: &Value) -> Shard {
    let number = |index: usize, otherwise| named[index].as_u64().unwrap_or(otherwise);
    (number(0, 0), number(1, 1).max(1))
}

/// Lets a client in, at once or later; heartbeats are answered meanwhile.
fn let_in(state: Arc<State>, entry: Entry, sender: UnboundedSender<Frame>) {
    let after = state.with(|inner| inner.let_in_after);
    if after.is_zero() {
        state.with(|inner| attach(inner, entry, sender));
        return;
    }
    tokio::spawn(async move {
        tokio::time::sleep(after).await;
        state.with(|inner| attach(inner, entry, sender));
    });
}

/// The client hears its session from now on: first that it is let in or what it missed, and nobody else does.
fn attach(inner: &mut Inner, entry: Entry, sender: UnboundedSender<Frame>) {
    let mut frames = Vec::new();
    if entry.name == "RESUMED" {
        frames = inner.sessions.since(&entry.session, entry.since);
    } else {
        let in_use: Vec<String> = inner.clients.iter().map(|client| client.session.clone()).collect();
        inner.sessions.begin(&entry.session, entry.shard, &in_use);
    }
    frames.extend(inner.sessions.number(&entry.session, entry.name, &entry.data));
    for frame in frames {
        // Its connection may have ended meanwhile.
        let _ = sender.send(frame);
    }
    inner.clients.retain(|client| client.session != entry.session);
    inner.clients.push(Client {
        shard: entry.shard,
        session: entry.session,
        sender,
    });
}

/// Reads on and says nothing, until the client goes.
async fn hush(mut socket: WebSocket, state: &State, session: Option<String>) {
    state.with(|inner| {
        if let Some(session) = session {
            inner.clients.retain(|client| client.session != session);
        }
    });
    while let Some(Ok(_)) = socket.recv().await {}
}

async fn forward(socket: &mut WebSocket, frame: Frame, state: &State) -> Option<()> {
    match frame {
        Frame::Dispatch(name, data) => send(socket, &json!({"op": 0, "t": name, "s": null, "d": data})).await,
        Frame::Numbered(number, name, data) => {
            send(socket, &json!({"op": 0, "t": name, "s": number, "d": data})).await?;
            state.with(|inner| inner.tell_delivered(&data));
            Some(())
        }
        Frame::Raw(text) => socket.send(Message::Text(text.into())).await.ok(),
        Frame::Close(code) => {
            let close = CloseFrame {
                code,
                reason: "".into(),
            };
            // Until the client has closed as well, or gone.
            socket.send(Message::Close(Some(close))).await.ok()
        }
        Frame::CloseWithoutCode => socket.send(Message::Close(None)).await.ok(),
        Frame::Hush => Some(()),
    }
}

async fn send(socket: &mut WebSocket, payload: &Value) -> Option<()> {
    socket.send(Message::Text(payload.to_string().into())).await.ok()
}
