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
pub(crate) mod over_http;
pub(crate) mod proxy;
pub(crate) mod rest;
pub(crate) mod state;

pub(crate) use bot::{Process, TestBot};
pub(crate) use database::Database;
pub(crate) use faulty_store::{Fault, FaultyStore};
pub(crate) use knowledge::Knowledge;
pub(crate) use loopback::Loopback;
pub(crate) use state::PATIENCE;

/// Waits on this thread: the loopback waits as well, so its tests are not asynchronous themselves.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(work)
}
