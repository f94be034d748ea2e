//! What keeps a running bot observable and mortal: its log, the signals it obeys.
//!
//! Deliberately absent: Discord, facts.

pub mod core_dump;
pub mod health;
pub mod logging;
pub mod metrics;
pub mod service;
pub mod signals;
