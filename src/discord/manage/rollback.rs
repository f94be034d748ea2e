//! `/admin rollback`: back to facts that were published before, shown first as a reload is.

use std::sync::Arc;
use std::time::Duration;

use super::audit::Audit;
use super::{Management, private, reload};
use crate::answer::wording::managing as wording;
use crate::config::KnowledgeSource;
use crate::discord::bot::Bot;
use crate::discord::interaction::Response;
use crate::discord::payload::{Body, Visibility};
use crate::discord::reply;
use crate::reload::{Refusal, ReloadedBy, Reloader, base_of};
use crate::store::{Numbered, Publication, Records, RolledBack, StoreError, Timestamp, publication_before};

/// The name of a preview that is too long for a message.
const PREVIEW_FILE: &str = "preview.txt";
/// Whole publications are read, validated and written, by then: as long as their load may take in every process.
const ROLLED_BACK_WITHIN: Duration = Duration::from_secs(30);

/// Shows what going back would change; without a number, to the publication before.
pub(super) fn preview(bot: &Bot, audit: Audit, number: Option<i64>) -> Response {
    if bot.knowledge_source == KnowledgeSource::Directory {
        return private(reply::sentence(wording::NOTHING_PUBLISHED));
    }
    let (records, reloader) = (Arc::clone(&bot.records), Arc::clone(&bot.reloader));
    Response::Later(
        Visibility::Private,
        Box::pin(async move {
            audit.note_everywhere(wording::deeds::ROLLBACK_PREVIEWED);
            match earlier(&records, number).await {
                Ok(Some(publication)) => compared(&reloader, &publication).await,
                Ok(None) => match number {
                    Some(number) => reply::sentence(&wording::no_publication(number)),
                    None => reply::sentence(wording::NO_EARLIER),
                },
                Err(error) => silent(&error),
            }
        }),
    )
}

async fn earlier(records: &Records, number: Option<i64>) -> Result<Option<Numbered<Publication>>, StoreError> {
    records
        .ask_within(ROLLED_BACK_WITHIN, move |store| async move {
            match number {
                Some(_) => store.publication(number).await,
                None => publication_before(&*store).await,
            }
        })
        .await
}

async fn compared(reloader: &Reloader, publication: &Numbered<Publication>) -> Body {
    let preview = match base_of(publication) {
        Ok(base) => reloader.preview_of(base).await,
        Err(refusal) => Err(refusal),
    };
    match preview {
        Ok(preview) if preview.is_empty() => reply::sentence(wording::ALREADY_IN_FORCE),
        Ok(preview) => {
            let day = publication.entry.at.day();
            let sentence = reload::sentence_of(&preview);
            let sentence = wording::rollback_preview(publication.number, day.as_str(), &sentence);
            let mut body = reply::document(&sentence, &reload::text_of(&preview), PREVIEW_FILE);
            let number = publication.number;
            body.components = vec![reload::choice(
                wording::CONFIRM_ROLLBACK,
                Management::Rollback { number },
            )];
            body
        }
        Err(refusal) => reload::refused(reloader.engine().snapshot().base().revision, &refusal),
    }
}

/// Goes back: the earlier publication is published again, and loaded.
pub(super) fn confirm(bot: &Bot, audit: Audit, number: i64) -> Response {
    if bot.knowledge_source == KnowledgeSource::Directory {
        return private(reply::sentence(wording::NOTHING_PUBLISHED));
    }
    let (records, reloader) = (Arc::clone(&bot.records), Arc::clone(&bot.reloader));
    Response::UpdateLater(Box::pin(async move {
        let rolled_back = records.roll_back(number, Timestamp::now(), ROLLED_BACK_WITHIN);
        match rolled_back.await {
            Ok(RolledBack::Unknown) => {
                audit.note_everywhere(&wording::deeds::not_rolled_back(number));
                reply::sentence(&wording::no_publication(number))
            }
            Ok(RolledBack::InForce(_)) => {
                audit.note_everywhere(&wording::deeds::not_rolled_back(number));
                reply::sentence(wording::ALREADY_IN_FORCE)
            }
            // The button may be from before an upgrade, whose rules are others.
            Ok(RolledBack::Invalid(problems)) => {
                audit.note_everywhere(&wording::deeds::rollback_refused(number));
                reload::refused(reloader.engine().snapshot().base().revision, &Refusal::from(&problems))
            }
            Ok(RolledBack::As(again)) => {
                audit.note_everywhere(&wording::deeds::rolled_back(number));
                let reloaded = reloader.reload(ReloadedBy::Admin(audit.member())).await;
                let mut body = reload::told(&audit, &reloaded);
                let before = reply::sentence(&wording::rolled_back(number, again)).content;
                body.content = format!("{before}\n{}", body.content);
                reply::fitted(body)
            }
            Err(error) => {
                audit.note_everywhere(&wording::deeds::rollback_failed(number));
                silent(&error)
            }
        }
    }))
}

fn silent(error: &StoreError) -> Body {
    tracing::warn!(%error, "the publications could not be had");
    reply::sentence(wording::STORE_SILENT)
}
