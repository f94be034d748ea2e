//! `/admin reload`: what would change, for the admin's eyes; and then, once confirmed, the change.

use std::sync::Arc;

use super::Management;
use super::audit::Audit;
use crate::answer::wording::{discord as other_wording, managing as wording};
use crate::discord::bot::Bot;
use crate::discord::custom_id::CustomId;
use crate::discord::interaction::Response;
use crate::discord::payload::{Body, Button, Row, Visibility};
use crate::discord::reply;
use crate::fact::Revision;
use crate::reload::{Preview, Refusal, Reloaded, ReloadedBy};

/// The name of a preview that is too long for a message.
const PREVIEW_FILE: &str = "preview.txt";
/// The name of a list of problems that is.
const PROBLEMS_FILE: &str = "problems.txt";

/// Shows what a reload would change.
pub(super) fn preview(bot: &Bot, audit: Audit) -> Response {
    let reloader = Arc::clone(&bot.reloader);
    Response::Later(
        Visibility::Private,
        Box::pin(async move {
            audit.note_everywhere(wording::deeds::PREVIEWED);
            match reloader.preview(ReloadedBy::Admin(audit.member())).await {
                Ok(preview) => shown(&preview),
                Err(refusal) => {
                    let revision = reloader.engine().snapshot().base().revision;
                    audit.note_everywhere(&wording::deeds::reload_refused(&revision.to_string()));
                    refused(revision, &refusal)
                }
            }
        }),
    )
}

/// Loads the facts that the preview showed.
pub(super) fn confirm(bot: &Bot, audit: Audit, revision: Revision) -> Response {
    let reloader = Arc::clone(&bot.reloader);
    Response::UpdateLater(Box::pin(async move {
        match reloader.reload_to(revision, ReloadedBy::Admin(audit.member())).await {
            Ok(reloaded) => told(&audit, &reloaded),
            Err(preview) => {
                audit.note_everywhere(wording::deeds::RELOAD_OUTDATED);
                let mut body = shown(&preview);
                body.content = format!("{}\n{}", reply::sentence(wording::EDITED_SINCE).content, body.content);
                reply::fitted(body)
            }
        }
    }))
}

/// What came of a reload.
pub(super) fn told(audit: &Audit, reloaded: &Reloaded) -> Body {
    match reloaded {
        Reloaded::Replaced {
            from,
            to,
            n_facts,
            changes,
        } => {
            let (from, to) = (from.to_string(), to.to_string());
            audit.note_everywhere(&wording::deeds::reloaded(&from, &to, *n_facts));
            let changes = other_wording::changes(changes.added.len(), changes.changed.len(), changes.removed.len());
            reply::sentence(&other_wording::reloaded(&from, &to, *n_facts, &changes))
        }
        Reloaded::Unchanged { revision, n_facts } => {
            audit.note_everywhere(&wording::deeds::not_reloaded(&revision.to_string()));
            reply::sentence(&other_wording::unchanged(&revision.to_string(), *n_facts))
        }
        Reloaded::Refused { revision, refusal } => {
            audit.note_everywhere(&wording::deeds::reload_refused(&revision.to_string()));
            refused(*revision, refusal)
        }
    }
}

fn shown(preview: &Preview) -> Body {
    if preview.is_empty() {
        return reply::sentence(&other_wording::unchanged(&preview.from.to_string(), preview.n_facts));
    }
    let mut body = reply::document(&sentence_of(preview), &text_of(preview), PREVIEW_FILE);
    let revision = preview.to;
    body.components = vec![choice(wording::CONFIRM_RELOAD, Management::Reload { revision })];
    body
}

/// The buttons under a preview.
pub(super) fn choice(confirm: &str, management: Management) -> Row {
    Row::new(vec![
        Button::danger(confirm.to_owned(), CustomId::Manage(management).encode()),
        Button::secondary(
            wording::CANCEL.to_owned(),
            CustomId::Manage(Management::Cancel).encode(),
        ),
    ])
}

/// The preview in one sentence.
pub(super) fn sentence_of(preview: &Preview) -> String {
    wording::preview(
        &preview.from.to_string(),
        &preview.to.to_string(),
        preview.n_facts,
        preview.n_asked,
        preview.answers.len(),
    )
}

/// The preview in full.
pub(super) fn text_of(preview: &Preview) -> String {
    let mut paragraphs = vec![preview.changes.summary()];
    let unread = preview.unread.iter();
    paragraphs.extend(unread.map(|unread| wording::labelled_unread(&unread.file, &unread.reason)));
    paragraphs.extend(preview.changes.paragraphs());
    paragraphs.extend(preview.answers.iter().map(ToString::to_string));
    paragraphs.join("\n\n")
}

/// Every problem with file and line.
pub(super) fn refused(revision: Revision, refusal: &Refusal) -> Body {
    let sentence = other_wording::refused(&revision.to_string());
    reply::document(&sentence, &refusal.to_string(), PROBLEMS_FILE)
}
