//! The bot in Discord: the life of its connection, what comes in, what goes out.
//!
//! The only part that names serenity. It runs on a runtime and a thread of its own, since some faults of the gateway
//! freeze the runtime that serenity lives on; whoever starts it watches its [`Pulse`] from outside. One road for every
//! way of asking: an event is read (`message`, `commands`, `components`), asked of the engine (`asking`), made
//! a body (`reply`) and sent (`rest`). Promise: nobody is ever pinged, nothing exceeds Discord's limits, one
//! question's fault ends that question only. Deliberately absent: facts, matching, sentences, the environment.

mod admission;
mod afterwards;
mod answered;
mod ask_channels;
mod asking;
mod bot;
mod browse;
mod budget;
mod checks;
mod commands;
mod components;
mod counts;
mod custom_id;
mod error;
mod events;
mod glimpse;
mod guard;
mod heartbeats;
mod hints;
mod instances;
mod interaction;
mod lately;
mod life;
mod limits;
mod log_channel;
mod look_back;
mod manage;
mod markup;
mod memory;
mod message;
mod once;
mod over_http;
mod overheard;
mod own_roles;
mod payload;
mod permit;
mod popular;
mod preflight;
mod pulse;
mod questioning;
mod questions;
mod rates;
mod refusals;
mod registration;
mod reply;
mod rest;
mod revival;
mod room;
mod sending;
mod shut;
mod snowflakes;
mod spins;
mod threads;
mod turns;

pub(crate) use counts::Counts;
pub use error::DiscordError;
pub use life::{Running, Services, start};
pub use overheard::{Overheard, overhear};
pub use pulse::Pulse;
pub use reply::rendered;
