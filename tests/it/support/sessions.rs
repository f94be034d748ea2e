//! Sessions of the gateway: what was sent in each, so that one that is resumed is sent what it missed.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use super::state::{Frame, Shard};

/// Events that a session keeps for a client that comes back.
const MAX_KEPT: usize = 20_000;

/// The sessions that can be resumed, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, Session>,
}

#[derive(Debug)]
struct Session {
    shard: Shard,
    /// The number of the last event.
    sequence: u64,
    sent: VecDeque<(u64, &'static str, Value)>,
    /// An event that is to come after the next one.
    held: Option<Frame>,
}

impl Session {
    /// Whether Discord sends this to the session's shard: a server's events go by its id, all else to the first.
    fn gets(&self, data: &Value) -> bool {
        let guild = data["guild_id"].as_str().and_then(|id| id.parse::<u64>().ok());
        let (number, total) = self.shard;
        (guild.unwrap_or_default() >> 22) % total == number
    }

    fn number(&mut self, name: &'static str, data: &Value) -> Frame {
        self.sequence += 1;
        self.sent.push_back((self.sequence, name, data.clone()));
        if self.sent.len() > MAX_KEPT {
            self.sent.pop_front();
        }
        Frame::Numbered(self.sequence, name, data.clone())
    }
}

impl Sessions {
    /// Begins one. Of its shard's others only those in use are kept.
    pub(crate) fn begin(&mut self, id: &str, shard: Shard, in_use: &[String]) {
        self.by_id
            .retain(|id, session| session.shard != shard || in_use.contains(id));
        let session = Session {
            shard,
            sequence: 0,
            sent: VecDeque::new(),
            held: None,
        };
        self.by_id.insert(id.to_owned(), session);
    }

    /// Whether there is one of this id, and for which shard.
    pub(crate) fn shard_of(&self, id: &str) -> Option<Shard> {
        self.by_id.get(id).map(|session| session.shard)
    }

    /// It cannot be resumed any more.
    pub(crate) fn end(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// Everything after this number, as it was sent before.
    pub(crate) fn since(&self, id: &str, sequence: u64) -> Vec<Frame> {
        let sent = self.by_id.get(id).into_iter().flat_map(|session| &session.sent);
        sent.filter(|(number, ..)| *number > sequence)
            .map(|(number, name, data)| Frame::Numbered(*number, name, data.clone()))
            .collect()
    }

    /// Numbers an event of one session alone.
    pub(crate) fn number(&mut self, id: &str, name: &'static str, data: &Value) -> Option<Frame> {
        Some(self.by_id.get_mut(id)?.number(name, data))
    }

    /// Numbers an event for each session that gets it; disordered, every second one leaves before the one before it.
    pub(crate) fn dispatch(&mut self, name: &'static str, data: &Value, is_disordered: bool) -> Vec<(String, Frame)> {
        let mut frames = Vec::new();
        for (id, session) in self.by_id.iter_mut().filter(|(_, session)| session.gets(data)) {
            let numbered = session.number(name, data);
            let held = session.held.take();
            if is_disordered && held.is_none() {
                session.held = Some(numbered);
                continue;
            }
            frames.push((id.clone(), numbered));
            frames.extend(held.map(|held| (id.clone(), held)));
        }
        frames
    }
}

/// Whether Discord ends the session with a connection that it closes so (`topics/opcodes-and-status-codes.mdx`).
pub(crate) fn ends_with(code: u16) -> bool {
    matches!(code, 4004 | 4006 | 4007 | 4009..=4014)
}

/// Whether Discord ends the session with a connection that the client closes so.
pub(crate) fn is_ended_by_client(code: u16) -> bool {
    matches!(code, 1000 | 1001)
}
