//! What the loopback has been told, what it holds against the bot, and what it answers.

use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::sessions::{self, Sessions};

/// How long a test waits for anything: generous, since the machine may be busy with other work.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
/// How long Discord waits for the first response to an interaction.
const INTERACTION_WITHIN: Duration = Duration::from_secs(3);

/// The token that the loopback accepts.
pub(crate) const TOKEN: &str = "MTIzNDU2Nzg5.loopback.secret-part-of-the-token";

/// Something to send to every client of the gateway.
#[derive(Debug, Clone)]
pub(crate) enum Frame {
    /// An event by its name.
    Dispatch(&'static str, Value),
    /// The same with the number that it has in its session.
    Numbered(u64, &'static str, Value),
    /// A close with this code.
    Close(u16),
    /// A close without a code.
    CloseWithoutCode,
    /// A text as it is.
    Raw(String),
    /// Nothing passes any more, either way, and nobody is told.
    Hush,
}

/// A shard's number, and how many there are.
pub(crate) type Shard = (u64, u64);

/// A client that was let in.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) shard: Shard,
    /// The id of its session.
    pub(crate) session: String,
    pub(crate) sender: UnboundedSender<Frame>,
}

/// What the bot sent as a message to a channel.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    /// The message as Discord stores it, with its new id.
    pub(crate) message: Value,
    /// The message it replies to.
    pub(crate) replies_to: Option<u64>,
}

/// How an interaction was answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answered {
    /// The callback as it was sent.
    pub(crate) callback: Option<Value>,
    /// The body that replaced a deferral.
    pub(crate) edit: Option<Value>,
    /// Whether the message that it was about was deleted.
    pub(crate) is_deleted: bool,
}

/// An interaction that was sent to the bot.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) at: Instant,
    /// The message that a pressed button is on.
    pub(crate) on: Option<u64>,
    pub(crate) answered: Answered,
    /// Whether a test has looked at the answer.
    pub(crate) is_taken: bool,
}

/// An answer that a test scripted for requests to come.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// The end of the path.
    pub(crate) path: &'static str,
    /// Times it still applies.
    pub(crate) times: usize,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    /// Waited before it is given.
    pub(crate) delay: Duration,
    /// Whether the request is carried out all the same, as where an answer is lost.
    pub(crate) is_carried_out: bool,
    /// Whether nothing is wrong but the delay, and where it falls.
    pub(crate) only_slow: Option<Slow>,
    /// Whether the connection is closed instead of an answer.
    pub(crate) is_reset: bool,
}

/// Where the delay of a request falls that is answered as ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slow {
    /// Before it is carried out.
    ToAct,
    /// Between that and the answer.
    ToAnswer,
}

/// Hears at once what becomes of questions, which the loopback names by their ids.
pub(crate) trait Watcher: Debug + Send + Sync {
    /// It was written to a client.
    fn delivered(&self, question: u64);
    /// An answer to it met a scripted fault with this status.
    fn hindered(&self, question: u64, status: u16);
    /// A message was posted, in reply to it where it is a reply.
    fn posted(&self, question: Option<u64>, message: &Value);
    /// An interaction has this body now.
    fn responded(&self, question: u64, body: &Value);
}

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) requests: Vec<(String, String)>,
    pub(crate) failures: Vec<String>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) commands: Vec<Value>,
    pub(crate) n_overwrites: usize,
    /// The commands of the home server alone.
    pub(crate) home_commands: Vec<Value>,
    pub(crate) n_home_overwrites: usize,
    pub(crate) n_home_comparisons: usize,
    /// Servers, and the bot as a member of them, that can be asked for.
    pub(crate) guilds: HashMap<u64, Value>,
    /// Servers that the bot is in, beside the home server.
    pub(crate) other_servers: Vec<u64>,
    pub(crate) own_members: HashMap<u64, Value>,
    /// Other members of whichever server, by their ids.
    pub(crate) members: HashMap<u64, Value>,
    pub(crate) n_comparisons: usize,
    pub(crate) n_identifies: usize,
    /// When each client logged in.
    pub(crate) identified_at: Vec<Instant>,
    /// What the last client that logged in wants to hear of.
    pub(crate) intents: u64,
    pub(crate) n_resumes: usize,
    pub(crate) close_on_identify: Option<u16>,
    /// Connections to the gateway that were begun.
    pub(crate) n_connections: usize,
    /// Those after so many are neither taken nor turned away.
    pub(crate) most_connections: Option<usize>,
    /// Waited before a client that logs in or resumes is let in.
    pub(crate) let_in_after: Duration,
    /// What clients are told to beat at, where it is not what Discord says.
    pub(crate) heartbeat: Option<Duration>,
    /// Where the gateway is said to be, where it is not the loopback itself.
    pub(crate) gateway_url: Option<String>,
    /// Whether events leave in pairs of the wrong order.
    pub(crate) is_disordered: bool,
    pub(crate) watcher: Option<Arc<dyn Watcher>>,
    pub(crate) logins_left: u64,
    pub(crate) clients: Vec<Client>,
    pub(crate) sessions: Sessions,
    /// How many shards the bot is advised to have.
    pub(crate) n_advised_shards: u32,
    pub(crate) posted: VecDeque<Posted>,
    pub(crate) by_nonce: HashMap<String, Value>,
    /// Every message that is there, by its id.
    pub(crate) messages: HashMap<u64, Value>,
    /// Channels that can be looked at, by their ids.
    pub(crate) channels: HashMap<u64, Value>,
    pub(crate) questions: Vec<u64>,
    pub(crate) interactions: HashMap<u64, Sent>,
    pub(crate) last_close: Option<u16>,
    pub(crate) is_lenient: bool,
    next_id: u64,
}

/// The state with a way to wait for it to change.
#[derive(Debug)]
pub(crate) struct State {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            inner: Mutex::new(Inner {
                logins_left: 1000,
                next_id: 1_000_000,
                n_advised_shards: 1,
                ..Inner::default()
            }),
            changed: Condvar::new(),
        }
    }

    /// Looks at the state, or changes it.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Inner) -> T) -> T {
        let result = look(&mut self.lock());
        self.changed.notify_all();
        result
    }

    /// Waits until `found` finds something.
    ///
    /// # Panics
    /// If it does not in time: with what was waited for, and what there was instead.
    #[track_caller]
    pub(crate) fn wait<T>(&self, what: &str, mut found: impl FnMut(&mut Inner) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut inner = self.lock();
        loop {
            if let Some(result) = found(&mut inner) {
                return result;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited in vain for {what}; requests: {:#?}; failures: {:#?}",
                inner.requests,
                inner.failures
            );
            inner = self.changed.wait_timeout(inner, left).unwrap().0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A test that failed while it looked has said so already.
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Inner {
    pub(crate) fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Goes on with ids of another time.
    pub(crate) fn set_next_id(&mut self, id: u64) {
        self.next_id = id;
    }

    /// The id that comes next.
    pub(crate) fn next_id(&self) -> u64 {
        self.next_id + 1
    }

    pub(crate) fn fail(&mut self, what: impl Into<String>) {
        self.failures.push(what.into());
    }

    /// Sends an event to the sessions of its shard, whether a client is there or comes back for it; anything else to the
    /// clients that are there.
    pub(crate) fn send(&mut self, frame: &Frame) {
        let Frame::Dispatch(name, data) = frame else {
            if let Frame::Close(code) = frame
                && sessions::ends_with(*code)
            {
                self.end_sessions();
            }
            self.clients.retain(|client| client.sender.send(frame.clone()).is_ok());
            if matches!(frame, Frame::Close(_) | Frame::CloseWithoutCode | Frame::Hush) {
                // They hear nothing more. Forgotten later, one of them could be a client that has come back meanwhile.
                self.clients.clear();
            }
            return;
        };
        for (session, numbered) in self.sessions.dispatch(name, data, self.is_disordered) {
            self.clients
                .retain(|client| client.session != session || client.sender.send(numbered.clone()).is_ok());
        }
    }

    /// Ends the sessions of the clients that are there, which hear nothing more.
    pub(crate) fn end_sessions(&mut self) {
        for client in &self.clients {
            self.sessions.end(&client.session);
        }
    }

    /// The interaction with this token, if it may still be answered for the first time.
    pub(crate) fn first_answer(&mut self, id: u64) -> Result<&mut Sent, (u16, u64, &'static str)> {
        match self.interactions.get_mut(&id) {
            None => Err((404, 10062, "Unknown interaction")),
            Some(sent) if sent.answered.callback.is_some() => {
                Err((400, 40060, "Interaction has already been acknowledged."))
            }
            Some(sent) if sent.at.elapsed() > INTERACTION_WITHIN => Err((404, 10062, "Unknown interaction")),
            Some(sent) => Ok(sent),
        }
    }

    /// Tells the watcher that a question was written to a client.
    pub(crate) fn tell_delivered(&self, event: &Value) {
        if let Some(watcher) = &self.watcher
            && let Some(id) = event["id"].as_str().and_then(|id| id.parse().ok())
        {
            watcher.delivered(id);
        }
    }

    /// Tells the watcher that the answer to a question met a fault.
    pub(crate) fn tell_hindered(&self, path: &str, body: &[u8], status: u16) {
        let Some(watcher) = &self.watcher else { return };
        let of_path = || {
            path.strip_prefix("/api/v10/interactions/")?
                .split('/')
                .next()?
                .parse()
                .ok()
        };
        let of_body = || {
            let body: Value = serde_json::from_slice(body).ok()?;
            body["message_reference"]["message_id"].as_str()?.parse().ok()
        };
        if let Some(id) = of_path().or_else(of_body) {
            watcher.hindered(id, status);
        }
    }

    /// Takes the fault that a test scripted for this path, if there is one.
    pub(crate) fn take_fault(&mut self, path: &str) -> Option<Fault> {
        let fault = self
            .faults
            .iter_mut()
            .find(|fault| fault.times > 0 && path.ends_with(fault.path))?;
        fault.times -= 1;
        Some(fault.clone())
    }

    /// Everything that a finished test must not leave behind.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let mut leftovers = self.failures.clone();
        for question in &self.questions {
            leftovers.push(format!("question {question} was left without an answer"));
        }
        for (id, sent) in &self.interactions {
            let is_deferred = sent
                .answered
                .callback
                .as_ref()
                .is_some_and(|callback| callback["type"] == 5 || callback["type"] == 6);
            let is_done = sent.answered.edit.is_some() || sent.answered.is_deleted;
            if sent.answered.callback.is_none() || is_deferred && !is_done {
                leftovers.push(format!("interaction {id} was left without an answer"));
            }
        }
        for posted in &self.posted {
            leftovers.push(format!("nobody waited for the message {}", posted.message));
        }
        leftovers
    }
}
