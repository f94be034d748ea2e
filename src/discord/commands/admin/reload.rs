//! `/admin reload`: reads the facts again and puts them in place, or shows what is wrong with them.

use std::sync::Arc;

use serenity::model::id::UserId;

use crate::answer::wording::discord as wording;
use crate::discord::bot::Bot;
use crate::discord::interaction::Response;
use crate::discord::payload::{Body, Visibility};
use crate::discord::reply;
use crate::reload::{Reloaded, ReloadedBy};

pub(super) fn run(bot: &Bot, admin: UserId) -> Response {
    let reloader = Arc::clone(&bot.reloader);
    let work = async move { body(&reloader.reload(ReloadedBy::Admin(admin.get())).await) };
    Response::Later(Visibility::Private, Box::pin(work))
}

fn body(outcome: &Reloaded) -> Body {
    match outcome {
        Reloaded::Replaced {
            from,
            to,
            n_facts,
            changes,
        } => {
            let changes = wording::changes(changes.added.len(), changes.changed.len(), changes.removed.len());
            reply::sentence(&wording::reloaded(
                &from.to_string(),
                &to.to_string(),
                *n_facts,
                &changes,
            ))
        }
        Reloaded::Unchanged { revision, n_facts } => {
            reply::sentence(&wording::unchanged(&revision.to_string(), *n_facts))
        }
        Reloaded::Refused { revision, refusal } => {
            reply::listing(&wording::refused(&revision.to_string()), &refusal.to_string())
        }
    }
}
