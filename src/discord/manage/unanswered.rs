//! `/admin unanswered`: questions that got no answer, kept with their askers' consent, in pages.
//!
//! A server's managers see, and delete, their own server's. The bot's admins see all, and where they come from only if
//! they ask.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serenity::http::{LightMethod, Route};
use serenity::model::id::GuildId;

use super::audit::Audit;
use super::{Management, refused};
use crate::answer::wording::managing as wording;
use crate::discord::bot::Bot;
use crate::discord::browse;
use crate::discord::custom_id::CustomId;
use crate::discord::interaction::{Response, Work};
use crate::discord::limits::{self, BUTTONS_PER_ROW};
use crate::discord::markup;
use crate::discord::payload::{Body, Button, Row, Visibility};
use crate::discord::permit::Caller;
use crate::discord::reply;
use crate::discord::rest::{Call, Rest};
use crate::store::{KeptQuestion, Listing, Numbered, Page, Records, Scope, Snowflake, StoreError, Unanswered};

/// Questions on a page.
const PER_PAGE: u32 = 8;
/// Characters of a question in the list.
const QUESTION_CHARS: usize = 200;
/// Asking for a server's name ends by then.
const NAME_WITHIN: Duration = Duration::from_secs(5);

/// A page, once the store has told it; or why there is none.
pub(super) enum Listed {
    Page(Work),
    Refused(Response),
}

impl Listed {
    pub(super) fn into_message(self) -> Response {
        match self {
            Self::Page(work) => Response::Later(Visibility::Private, work),
            Self::Refused(response) => response,
        }
    }

    pub(super) fn into_update(self) -> Response {
        match self {
            Self::Page(work) => Response::UpdateLater(work),
            Self::Refused(response) => response,
        }
    }
}

/// The first page of the questions that the caller may see.
pub(super) fn open(bot: &Bot, caller: Caller, audit: &Audit, are_named: bool) -> Listed {
    list(bot, caller, audit, (0, are_named), Audit::note)
}

/// Another page of them: whoever reads the log channel knows already that they are looked at.
pub(super) fn turn(bot: &Bot, caller: Caller, audit: &Audit, page: usize, are_named: bool) -> Listed {
    list(bot, caller, audit, (page, are_named), Audit::write)
}

fn list(bot: &Bot, caller: Caller, audit: &Audit, (page, are_named): (usize, bool), note: fn(&Audit, &str)) -> Listed {
    let scope = match scope(bot, caller) {
        Ok(scope) => scope,
        Err(sentence) => return Listed::Refused(refused(audit, super::UNANSWERED, sentence)),
    };
    note(audit, wording::deeds::UNANSWERED);
    let (records, rest) = (Arc::clone(&bot.records), Arc::clone(&bot.rest));
    let are_named = are_named && bot.admins.include(caller);
    Listed::Page(Box::pin(
        async move { body(&records, &rest, scope, page, are_named).await },
    ))
}

/// Deletes a question that the caller may see, and gives the page that it was on as it is then.
pub(super) fn delete(
    bot: &Bot,
    caller: Caller,
    audit: &Audit,
    number: i64,
    (page, are_named): (usize, bool),
) -> Listed {
    let scope = match scope(bot, caller) {
        Ok(scope) => scope,
        Err(sentence) => return Listed::Refused(refused(audit, super::UNANSWERED, sentence)),
    };
    let (records, rest, audit) = (Arc::clone(&bot.records), Arc::clone(&bot.rest), audit.clone());
    let are_named = are_named && bot.admins.include(caller);
    Listed::Page(Box::pin(async move {
        let deleted = records.ask(move |store| async move { store.delete_kept_question(number, scope).await });
        match deleted.await {
            Ok(true) => audit.note(wording::deeds::QUESTION_DELETED),
            // Another manager was faster, or it is another server's.
            Ok(false) => audit.note(wording::deeds::QUESTION_NOT_THERE),
            Err(error) => {
                audit.note(wording::deeds::QUESTION_NOT_DELETED);
                return silent(&error);
            }
        }
        body(&records, &rest, scope, page, are_named).await
    }))
}

/// Whose questions the caller may see; or why none.
fn scope(bot: &Bot, caller: Caller) -> Result<Scope, &'static str> {
    match caller.managed() {
        _ if bot.admins.include(caller) => Ok(Scope::All),
        Some(server) => Ok(Scope::Server(server.into())),
        None if caller.guild.is_none() => Err(wording::NO_SERVER),
        None => Err(wording::NOT_A_MANAGER),
    }
}

async fn body(records: &Records, rest: &Rest, scope: Scope, page: usize, are_named: bool) -> Body {
    match read(records, scope, page).await {
        Ok((listing, page)) => {
            let names = if are_named {
                Some(names(rest, &listing).await)
            } else {
                None
            };
            shown(&listing, page, names.as_ref())
        }
        Err(error) => silent(&error),
    }
}

fn silent(error: &StoreError) -> Body {
    tracing::warn!(%error, "the kept questions could not be had");
    reply::sentence(wording::STORE_SILENT)
}

type Questions = Listing<Numbered<KeptQuestion>>;

/// The wanted page, or the last where questions have gone since.
async fn read(records: &Records, scope: Scope, wanted: usize) -> Result<(Questions, browse::Page), StoreError> {
    let ask = |page: usize| {
        let limit = PER_PAGE;
        let offset = u32::try_from(page).unwrap_or(u32::MAX).saturating_mul(PER_PAGE);
        records.ask(move |store| async move { store.kept_questions(scope, Page { offset, limit }).await })
    };
    let listing = ask(wanted).await?;
    let n_total = usize::try_from(listing.n_total).unwrap_or(usize::MAX);
    let page = browse::Page::of(n_total, PER_PAGE as usize, wanted);
    if listing.rows.is_empty() && n_total > 0 {
        return Ok((ask(page.from() / PER_PAGE as usize).await?, page));
    }
    Ok((listing, page))
}

#[derive(Deserialize)]
struct Server {
    name: String,
}

/// What the servers of a page are called; those that do not say are named by their ids.
async fn names(rest: &Rest, listing: &Questions) -> BTreeMap<Snowflake, String> {
    let mut names = BTreeMap::new();
    for server in listing.rows.iter().filter_map(|row| row.entry.server) {
        if names.contains_key(&server) {
            continue;
        }
        let call = Call {
            method: LightMethod::Get,
            route: Route::Guild {
                guild_id: GuildId::new(server.get()),
            },
            query: None,
            patience: NAME_WITHIN,
        };
        let name = match rest.get::<Server>(call).await {
            Ok(found) => found.name,
            Err(error) => {
                tracing::info!(%error, "a server's name could not be had");
                wording::server_with_id(server.get())
            }
        };
        names.insert(server, name);
    }
    names
}

fn shown(listing: &Questions, page: browse::Page, names: Option<&BTreeMap<Snowflake, String>>) -> Body {
    if listing.rows.is_empty() {
        return reply::sentence(wording::NONE_UNANSWERED);
    }
    let mut lines = vec![markup::plain(&wording::unanswered(&page.in_words()))];
    for (number, row) in (page.from() + 1..).zip(&listing.rows) {
        let kept = &row.entry;
        let server = names.map(|names| match kept.server {
            Some(server) => names.get(&server).cloned().unwrap_or_default(),
            None => wording::DIRECT_MESSAGE.to_owned(),
        });
        let nearest = kept
            .nearest
            .as_ref()
            .map(|fact| format!("{}/{}", fact.briefing, fact.fact));
        let told = wording::kept(
            kept.n_asked,
            kept.last_asked_at.day().as_str(),
            kept.outcome == Unanswered::Suggested,
            nearest.as_deref(),
            server.as_deref(),
        );
        let words = limits::cut(&kept.words, QUESTION_CHARS);
        lines.push(format!(
            "{number}. {}\n-# {}",
            markup::plain(&words),
            markup::plain(&told)
        ));
    }
    let are_named = names.is_some();
    let turning = page.turning(|page| CustomId::Manage(Management::Unanswered { page, are_named }));
    let mut body = reply::fit(&lines.join("\n"));
    let deleting: Vec<Button> = (page.from() + 1..)
        .zip(&listing.rows)
        .map(|(place, row)| {
            let management = Management::DeleteQuestion {
                number: row.number,
                page: page.number(),
                are_named,
            };
            Button::danger(wording::delete_question(place), CustomId::Manage(management).encode())
        })
        .collect();
    let rows = deleting
        .chunks(BUTTONS_PER_ROW)
        .map(<[Button]>::to_vec)
        .chain([turning]);
    body.components = rows.filter(|row| !row.is_empty()).map(Row::new).collect();
    body
}
