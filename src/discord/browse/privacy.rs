//! `/privacy`: what is stored, the member's own votes, and how to have done with both.

use std::sync::Arc;

use serenity::model::id::UserId;

use super::{Page, Reader, Shown, View, button};
use crate::answer::wording::browsing as wording;
use crate::discord::bot::Bot;
use crate::discord::custom_id::CustomId;
use crate::discord::markup;
use crate::discord::payload::{Body, Button, Row};
use crate::discord::reply;
use crate::store::{Rating, StoreError, Vote};

/// Votes on a page.
const VOTES_PER_PAGE: usize = 10;

/// What is stored, and a page of the member's votes.
pub(super) fn privacy(bot: &Bot, member: UserId, page: usize) -> Shown {
    let records = Arc::clone(&bot.records);
    let stored = wording::privacy(bot.retention_days, bot.log_questions.is_on());
    let hash = records.hash(member.get());
    Shown::Later(Box::pin(async move {
        let votes = records
            .ask(move |store| async move { store.votes_of(&hash).await })
            .await;
        page_of(&stored, votes, page)
    }))
}

/// Deletes the member's votes.
pub(super) fn delete_votes(bot: &Bot, member: UserId) -> Shown {
    let records = Arc::clone(&bot.records);
    let hash = records.hash(member.get());
    Shown::Later(Box::pin(async move {
        match records.delete_votes_of(hash).await {
            Ok(n) => reply::sentence(&wording::votes_deleted(n)),
            Err(error) => silent(&error),
        }
    }))
}

/// Forgets what the member said in this channel.
pub(super) fn forget(bot: &Bot, reader: Reader) -> Body {
    bot.forget(reader.channel, reader.user);
    // A process without a session hears no mentions: those are remembered by one that it cannot tell.
    let hears_mentions = bot.pulse.sessions() > 0;
    reply::sentence(if hears_mentions {
        wording::FORGOTTEN
    } else {
        wording::FORGOTTEN_HERE
    })
}

fn page_of(stored: &[String], votes: Result<Vec<Vote>, StoreError>, page: usize) -> Body {
    let mut lines: Vec<String> = stored.iter().map(|line| item(line)).collect();
    let mut buttons: Vec<Button> = Vec::new();
    lines.push(String::new());
    match votes {
        Ok(votes) => {
            let page = Page::of(votes.len(), VOTES_PER_PAGE, page);
            lines.push(wording::your_votes(votes.len()));
            lines.extend(votes[page.from()..page.to()].iter().map(vote));
            buttons.extend(page.turning(|page| CustomId::Browse(View::Privacy { page })));
            if !votes.is_empty() {
                let id = CustomId::Browse(View::DeleteVotes).encode();
                buttons.push(Button::danger(wording::DELETE_VOTES.to_owned(), id));
            }
        }
        Err(error) => {
            tracing::warn!(%error, "a member's votes could not be read");
            lines.push(markup::plain(wording::STORE_SILENT));
        }
    }
    buttons.push(button(wording::FORGET, View::Forget));
    let mut body = reply::fit(&lines.join("\n"));
    body.components = vec![Row::new(buttons)];
    body
}

fn item(line: &str) -> String {
    match line.strip_prefix("- ") {
        Some(item) => format!("- {}", markup::plain(item)),
        None => markup::plain(line),
    }
}

fn vote(vote: &Vote) -> String {
    let fact = format!("{}/{}", vote.fact.briefing, vote.fact.fact);
    let is_helpful = vote.rating == Rating::Helpful;
    let line = wording::vote(&fact, is_helpful, vote.at.day().as_str());
    format!("- {}", markup::plain(&line))
}

fn silent(error: &StoreError) -> Body {
    tracing::warn!(%error, "a member's votes could not be deleted");
    reply::sentence(wording::STORE_SILENT)
}
