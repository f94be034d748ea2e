//! The faults: what each is called, how it begins, how long it lasts, how it ends.
//!
//! Deliberately absent: what must hold afterwards (`drive`), and faults after which the bot must end (`endings`).

use std::time::Duration;

use crate::stage::Stage;
use crate::support::state::{Fault as Scripted, Frame, Slow};

/// What a fault is a fault of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Gateway,
    Rest,
    Store,
    Facts,
    Clock,
}

/// A fault that the bot must live through.
pub(crate) struct Fault {
    pub(crate) part: Part,
    pub(crate) name: &'static str,
    pub(crate) begin: fn(&mut Stage),
    pub(crate) lasts: Duration,
    pub(crate) end: fn(&mut Stage),
    /// Logins that it costs.
    pub(crate) n_logins: usize,
}

/// A heartbeat that a drill can wait for.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(2);
/// An answer of Discord's comes so late.
const SLOW: Duration = Duration::from_secs(10);
/// Requests that meet a fault that counts against the bot: 5,000 refusals in ten minutes would rightly silence it.
const N_REFUSED: usize = 20;
const LET_IN_AFTER: Duration = Duration::from_secs(2);
const LIMITED: &str = r#"{"message": "You are being rate limited.", "retry_after": 0.3, "global": false}"#;
const LIMITED_ALL: &str = r#"{"message": "You are being rate limited.", "retry_after": 0.3, "global": true}"#;
const GARBAGE: &str = "<html><body>bad gateway</body></html>";

fn nothing(_: &mut Stage) {}

const fn fault(part: Part, name: &'static str, begin: fn(&mut Stage), millis: u64, end: fn(&mut Stage)) -> Fault {
    Fault {
        part,
        name,
        begin,
        lasts: Duration::from_millis(millis),
        end,
        n_logins: 0,
    }
}

const fn login(n: usize, fault: Fault) -> Fault {
    Fault { n_logins: n, ..fault }
}

/// All of them.
pub(crate) fn all() -> Vec<Fault> {
    let mut faults = gateway();
    faults.extend(rest());
    faults.extend(store());
    faults.extend(facts());
    faults.extend(clock());
    faults
}

fn gateway() -> Vec<Fault> {
    use Part::Gateway as G;
    vec![
        fault(G, "cut in the middle of a frame", |stage| stage.cut(), 0, nothing),
        fault(G, "closed with 1001", |stage| stage.close(1001), 0, nothing),
        fault(G, "closed with 4000", |stage| stage.close(4000), 0, nothing),
        fault(G, "closed with 4001", |stage| stage.close(4001), 0, nothing),
        fault(G, "closed with 4002", |stage| stage.close(4002), 0, nothing),
        login(1, fault(G, "closed with 4003", |stage| stage.close(4003), 0, nothing)),
        fault(G, "closed with 4005", |stage| stage.close(4005), 0, nothing),
        login(1, fault(G, "closed with 4007", |stage| stage.close(4007), 0, nothing)),
        fault(G, "closed with 4008", |stage| stage.close(4008), 0, nothing),
        login(1, fault(G, "closed with 4009", |stage| stage.close(4009), 0, nothing)),
        login(
            1,
            fault(
                G,
                "closed without a code",
                |stage| stage.close_without_code(),
                0,
                nothing,
            ),
        ),
        fault(
            G,
            "told to reconnect (op 7)",
            |stage| stage.raw(r#"{"op":7,"t":null,"s":null,"d":null}"#),
            0,
            nothing,
        ),
        fault(
            G,
            "session put in doubt (op 9, true)",
            |stage| stage.raw(r#"{"op":9,"t":null,"s":null,"d":true}"#),
            0,
            nothing,
        ),
        login(
            1,
            fault(G, "session ended (op 9, false)", |stage| stage.invalidate(), 0, nothing),
        ),
        login(
            2,
            fault(
                G,
                "heartbeats unanswered",
                |stage| stage.hush(),
                2 * HEARTBEAT.as_millis() as u64,
                nothing,
            ),
        ),
        login(
            1,
            fault(
                G,
                "READY delayed by 2 s",
                |stage| {
                    stage.discord.state().with(|inner| inner.let_in_after = LET_IN_AFTER);
                    stage.invalidate();
                },
                LET_IN_AFTER.as_millis() as u64,
                |stage| stage.discord.state().with(|inner| inner.let_in_after = Duration::ZERO),
            ),
        ),
        fault(
            G,
            "every event twice",
            |stage| stage.flow.switches().send_twice(true),
            1000,
            |stage| {
                stage.flow.switches().send_twice(false);
            },
        ),
        fault(
            G,
            "events out of order",
            |stage| stage.discord.state().with(|inner| inner.is_disordered = true),
            1000,
            |stage| stage.discord.state().with(|inner| inner.is_disordered = false),
        ),
        fault(
            G,
            "malformed and unknown events",
            |stage| stage.send_nonsense(),
            500,
            |stage| stage.send_nonsense(),
        ),
    ]
}

fn rest() -> Vec<Fault> {
    use Part::Rest as R;
    let end: fn(&mut Stage) = |stage| stage.discord.state().with(|inner| inner.faults.clear());
    vec![
        fault(
            R,
            "429 on a route",
            |stage| stage.script(N_REFUSED, |path| limited(path, LIMITED, "user")),
            1000,
            end,
        ),
        fault(
            R,
            "429 for all",
            |stage| stage.script(N_REFUSED, |path| limited(path, LIMITED_ALL, "global")),
            1000,
            end,
        ),
        fault(
            R,
            "429 that says nothing",
            |stage| stage.script(N_REFUSED, |path| Scripted::new(path, 0, 429, "")),
            1000,
            end,
        ),
        fault(
            R,
            "500",
            |stage| {
                stage.script(usize::MAX, |path| {
                    Scripted::new(path, 0, 500, r#"{"code": 0, "message": "500"}"#)
                })
            },
            1000,
            end,
        ),
        fault(
            R,
            "502 in HTML",
            |stage| stage.script(usize::MAX, |path| Scripted::new(path, 0, 502, GARBAGE)),
            1000,
            end,
        ),
        fault(
            R,
            "taken, and then 502",
            |stage| {
                stage.script(usize::MAX, |path| Scripted {
                    is_carried_out: true,
                    ..Scripted::new(path, 0, 502, GARBAGE)
                })
            },
            1000,
            end,
        ),
        fault(
            R,
            "taken after 10 s",
            |stage| stage.script(usize::MAX, |path| slow(path, false)),
            1000,
            end,
        ),
        fault(
            R,
            "taken, and said after 10 s",
            |stage| stage.script(usize::MAX, |path| slow(path, true)),
            1000,
            end,
        ),
        fault(
            R,
            "reset before the request is taken",
            |stage| {
                stage.script(usize::MAX, |path| Scripted {
                    is_reset: true,
                    ..Scripted::new(path, 0, 500, "")
                })
            },
            1000,
            end,
        ),
        fault(
            R,
            "reset after the request was taken",
            |stage| {
                stage.script(usize::MAX, |path| Scripted {
                    is_reset: true,
                    is_carried_out: true,
                    ..Scripted::new(path, 0, 500, "")
                });
            },
            1000,
            end,
        ),
        fault(
            R,
            "taken, and answered with a body that is not JSON",
            |stage| {
                stage.script(usize::MAX, |path| Scripted {
                    is_carried_out: true,
                    ..Scripted::new(path, 0, 200, GARBAGE)
                })
            },
            1000,
            end,
        ),
        fault(
            R,
            "unknown interaction",
            |stage| stage.script_on("/callback", 404, r#"{"code": 10062, "message": "Unknown interaction"}"#),
            500,
            end,
        ),
        fault(
            R,
            "unknown message",
            |stage| stage.script_on("/messages", 404, r#"{"code": 10008, "message": "Unknown Message"}"#),
            500,
            end,
        ),
        fault(
            R,
            "missing permissions",
            |stage| stage.script_on("/messages", 403, r#"{"code": 50013, "message": "Missing Permissions"}"#),
            500,
            end,
        ),
    ]
}

fn limited(path: &'static str, body: &str, scope: &str) -> Scripted {
    let mut limited = Scripted::new(path, 0, 429, body);
    limited.headers = vec![
        ("retry-after", "1".to_owned()),
        ("x-ratelimit-scope", scope.to_owned()),
        ("x-ratelimit-global", (scope == "global").to_string()),
    ];
    limited
}

fn slow(path: &'static str, is_taken_first: bool) -> Scripted {
    let mut slow = Scripted::new(path, 0, 200, "");
    slow.delay = SLOW;
    slow.only_slow = Some(if is_taken_first { Slow::ToAnswer } else { Slow::ToAct });
    slow
}

fn store() -> Vec<Fault> {
    use Part::Store as S;
    vec![
        fault(
            S,
            "locked by another",
            |stage| stage.store.lock(),
            3000,
            |stage| stage.store.unlock(),
        ),
        fault(
            S,
            "gone, and back",
            |stage| stage.store.remove(),
            2000,
            |stage| stage.store.put_back(),
        ),
        fault(
            S,
            "read-only",
            |stage| stage.store.permit(false),
            2000,
            |stage| stage.store.permit(true),
        ),
    ]
}

fn facts() -> Vec<Fault> {
    use Part::Facts as F;
    vec![
        fault(F, "replaced", |stage| stage.facts.replace(), 0, nothing),
        fault(
            F,
            "half written",
            |stage| stage.half_written = stage.facts.half_write(),
            1500,
            |stage| stage.facts.write(&stage.half_written),
        ),
        fault(
            F,
            "the briefing deleted, and back",
            |stage| stage.facts.remove(),
            1500,
            |stage| stage.facts.put_back(),
        ),
        fault(
            F,
            "the folder deleted, and back",
            |stage| stage.facts.remove_all(),
            1500,
            |stage| stage.facts.put_all_back(),
        ),
        fault(
            F,
            "swapped by a link",
            |stage| stage.facts.swap(&stage.program),
            0,
            nothing,
        ),
        fault(
            F,
            "a file of 2 GB",
            |stage| stage.facts.fill(true),
            1500,
            |stage| stage.facts.fill(false),
        ),
        fault(
            F,
            "unreadable",
            |stage| stage.facts.permit(false),
            1500,
            |stage| stage.facts.permit(true),
        ),
    ]
}

fn clock() -> Vec<Fault> {
    use Part::Clock as C;
    vec![
        fault(
            C,
            "an hour forward, and back",
            |stage| stage.program.set_clock(3600),
            1000,
            |stage| stage.program.set_clock(0),
        ),
        fault(
            C,
            "an hour back, and forward",
            |stage| stage.program.set_clock(-3600),
            1000,
            |stage| stage.program.set_clock(0),
        ),
    ]
}

/// What no client can read, and what none knows.
pub(crate) fn nonsense() -> Vec<Frame> {
    use serde_json::json;
    let raw = |text: &str| Frame::Raw(text.to_owned());
    vec![
        raw("{"),
        raw(""),
        raw("\u{0}\u{1}"),
        raw("[1, 2, 3]"),
        raw(r#"{"op": 99, "t": null, "s": null, "d": {}}"#),
        raw(r#"{"op": 0, "t": "MESSAGE_CREATE", "s": null, "d": {}}"#),
        raw(r#"{"op": -1}"#),
        Frame::Dispatch("MESSAGE_CREATE", json!({"id": "no id", "type": 99})),
        Frame::Dispatch("INTERACTION_CREATE", json!({"id": 7, "type": 99, "data": []})),
        Frame::Dispatch("INTERACTION_CREATE", json!(null)),
        Frame::Dispatch("NO_SUCH_EVENT", json!({"id": "1"})),
    ]
}
