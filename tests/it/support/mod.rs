//! A Discord on the loopback, and the real bot run against it.
//!
//! The client is serenity itself. The loopback refuses what Discord refuses, and fails the test on a body past a limit,
//! on a route that it does not know, on bad manners, on a question or interaction left without an answer, and on an
//! answer that nobody waited for.

pub(crate) mod bot;
pub(crate) mod database;
pub(crate) mod events;
pub(crate) mod faulty_store;
pub(crate) mod gateway;
pub(crate) mod http;
pub(crate) mod knowledge;
pub(crate) mod limits;
pub(crate) mod loopback;
pub(crate) mod multipart;
pub(crate) mod nobody;
pub(crate) mod over_http;
pub(crate) mod proxy;
pub(crate) mod rest;
pub(crate) mod sessions;
pub(crate) mod state;

pub(crate) use bot::{Process, TestBot};
pub(crate) use database::Database;
pub(crate) use faulty_store::{Fault, FaultyStore};
pub(crate) use knowledge::Knowledge;
pub(crate) use loopback::Loopback;
pub(crate) use state::PATIENCE;

use std::time::{Duration, Instant};

use briefing_bot::store::{ServerSettings, Snowflake, Store, Timestamp};

/// Gives a server these settings, whatever it had.
pub(crate) async fn put_settings(store: &dyn Store, server: Snowflake, settings: &ServerSettings, now: Timestamp) {
    let settings = settings.clone();
    let replace = Box::new(move |its: &mut ServerSettings| *its = settings);
    store.edit_settings(server, replace, now).await.unwrap();
}

/// Looks again and again until what is wanted is there; where it is not in time, the test fails with what was found
/// last.
#[track_caller]
pub(crate) fn until<T>(mut look: impl FnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match look() {
            Ok(found) => return found,
            Err(found) => assert!(Instant::now() < deadline, "not in time: {found}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits on this thread: the loopback waits as well, so its tests are not asynchronous themselves.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(work)
}

/// The buttons of a message that name a fact, each as its label and its custom id.
pub(crate) fn offers(message: &serde_json::Value) -> Vec<(String, String)> {
    let is_offer = |id: &str| id.starts_with("1:t:") || id.starts_with("1:r:");
    let mut offers = buttons(message);
    offers.retain(|(_, id)| is_offer(id));
    offers
}

/// The custom id of the button with this label.
#[track_caller]
pub(crate) fn button(message: &serde_json::Value, label: &str) -> String {
    let found = buttons(message).into_iter().find(|(own, _)| own == label);
    found.unwrap_or_else(|| panic!("no button “{label}” on {message}")).1
}

/// Every button of a message, each as its label and its custom id.
pub(crate) fn buttons(message: &serde_json::Value) -> Vec<(String, String)> {
    let rows = message["components"].as_array().cloned().unwrap_or_default();
    let buttons = rows
        .iter()
        .flat_map(|row| row["components"].as_array().cloned().unwrap_or_default());
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    buttons
        .map(|button| (text(&button["label"]), text(&button["custom_id"])))
        .collect()
}
