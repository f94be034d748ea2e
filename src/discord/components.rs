//! Presses of buttons.
//!
//! Everything that a press needs is in the custom id, so a button works after a restart and after a reload. Promise:
//! a message is changed by the one who had asked only; anybody else gets a reply of their own, in private.

use serenity::model::application::ComponentInteraction;

use super::asking::{self, Asker, Way, Why};
use super::bot::Bot;
use super::browse;
use super::custom_id::CustomId;
use super::interaction::Response;
use super::manage;
use super::payload::Visibility;
use super::reply;
use crate::answer::wording::discord as wording;

/// What a press does.
pub(crate) fn press(bot: &Bot, pressed: &ComponentInteraction) -> Response {
    let asker = Asker {
        user: pressed.user.id,
        channel: pressed.channel_id,
        way: Way::Button,
    };
    match CustomId::decode(&pressed.data.custom_id) {
        Some(CustomId::Tell {
            fact,
            stamp,
            asker: first,
        }) => {
            let body = asking::tell(bot, asker, &fact, Some(stamp), Why::Hidden);
            if first.get() == asker.user.get() {
                Response::Update(body)
            } else {
                Response::Message(body, Visibility::Private)
            }
        }
        Some(CustomId::Browse(view)) => browse::press(bot, pressed, &view),
        Some(CustomId::Manage(management)) => manage::press(bot, pressed, &management),
        None => Response::Message(reply::sentence(wording::BUTTON_UNREADABLE), Visibility::Private),
    }
}
