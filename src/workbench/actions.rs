//! What is done about a group of unanswered questions.
//!
//! Promise: a change of the facts is shown first, then, by another press, written; where it would not be the same change any
//! more, it is shown anew. What is dismissed is seen in its group, and written at once.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use maud::{Markup, html};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::pages::framed;
use super::state::{Kept, Shared};
use crate::curate::groups::{self, Group, Grouped, fingerprint};
use crate::diff;
use crate::engine::Snapshot;
use crate::knowledge_edit::dismissed;
use crate::knowledge_edit::plan::{self, Plan, PlanError};

/// Changed answers that are shown.
const MAX_CHANGED: usize = 20;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Pressed {
    group: String,
    action: String,
    #[serde(default)]
    fact: String,
    #[serde(default)]
    phrasing: String,
    /// The mark of the change that was shown; empty at the first press.
    #[serde(default)]
    shown: String,
}

/// The fingerprints of what was dismissed, or why they cannot be read.
pub(super) fn read_dismissed(shared: &Shared) -> Result<HashSet<String>, String> {
    let knowledge = &shared.options.knowledge;
    dismissed::read(knowledge).map_err(|error| format!("cannot read {}: {error}", dismissed::path(knowledge).display()))
}

/// The groups as they are now: every question is asked, so what came of it is kept until the facts or what was dismissed
/// change.
pub(super) fn group(shared: &Shared, snapshot: &Snapshot, dismissed: HashSet<String>) -> Arc<Grouped> {
    let revision = snapshot.base().revision;
    let mut kept = shared.grouped();
    if let Some(kept) = kept.as_ref()
        && (kept.revision, &kept.dismissed) == (revision, &dismissed)
    {
        return Arc::clone(&kept.groups);
    }
    let groups = groups::group(&shared.options.questions, snapshot, |fingerprint| {
        dismissed.contains(fingerprint)
    });
    let groups = Arc::new(groups);
    *kept = Some(Kept {
        revision,
        dismissed,
        groups: Arc::clone(&groups),
    });
    groups
}

/// Shows a change, or writes it.
pub(super) async fn act(State(shared): State<Arc<Shared>>, Form(action): Form<Pressed>) -> Response {
    let done = tokio::task::spawn_blocking({
        let shared = Arc::clone(&shared);
        move || done(&shared, &action)
    });
    match done.await {
        Ok(Ok(Some(body))) => framed(&shared.view(), "/unanswered", &body),
        Ok(Ok(None)) => Redirect::to("/unanswered").into_response(),
        Ok(Err(message)) => framed(
            &shared.view(),
            "/unanswered",
            &html! { pre.wrong { (message) } p { a href="/unanswered" { "back" } } },
        ),
        Err(_) => framed(
            &shared.view(),
            "/unanswered",
            &html! { p.wrong { "This broke off; nothing was written." } },
        ),
    }
}

/// The change to be looked at; `None` once it was written.
fn done(shared: &Shared, action: &Pressed) -> Result<Option<Markup>, String> {
    let view = shared.view();
    let snapshot = view.snapshot.as_ref().ok_or("there are no valid facts yet")?;
    let knowledge = &shared.options.knowledge;
    let grouped = group(shared, snapshot, read_dismissed(shared)?);
    let group = grouped.named(&action.group).ok_or("there is no such group any more")?;
    let message = |error: PlanError| error.to_string();
    let phrasing = if action.phrasing.trim().is_empty() {
        group.leader()
    } else {
        action.phrasing.trim()
    };
    let plan = match action.action.as_str() {
        "accept" => plan::accept(knowledge, phrasing, &action.fact).map_err(message)?,
        "gap" => {
            let phrasings: Vec<String> = group.questions.iter().map(|(question, _)| question.clone()).collect();
            plan::gap(knowledge, group, &phrasings).map_err(message)?
        }
        "dismiss" => {
            let fingerprints = group.questions.iter().map(|(question, _)| fingerprint(question));
            dismissed::add(knowledge, fingerprints).map_err(|error| error.to_string())?;
            return Ok(None);
        }
        other => return Err(format!("no such action: {other}")),
    };
    if action.shown == mark(&plan) {
        plan.carry_out().map_err(message)?;
        return Ok(None);
    }
    Ok(Some(to_be_confirmed(action, group, phrasing, snapshot, &plan)))
}

/// The same for changes that are shown the same.
fn mark(plan: &Plan) -> String {
    HEXLOWER.encode(&Sha256::digest(plan.shown()))
}

fn to_be_confirmed(action: &Pressed, group: &Group, phrasing: &str, snapshot: &Snapshot, plan: &Plan) -> Markup {
    let questions = diff::own_questions(snapshot.base(), plan.snapshot.base());
    let n_asked = questions.len();
    let changed = diff::answers(snapshot, &plan.snapshot, questions);
    html! {
        p { "What would be written:" }
        pre { (plan.shown()) }
        p { (changed.len()) " of the " (n_asked) " example questions get another answer." }
        @if !changed.is_empty() { pre { @for change in changed.iter().take(MAX_CHANGED) { (change) "\n" } } }
        form method="post" action="/unanswered" {
            input type="hidden" name="group" value=(group.id);
            input type="hidden" name="action" value=(action.action);
            input type="hidden" name="fact" value=(action.fact);
            input type="hidden" name="shown" value=(mark(plan));
            @if action.action == "accept" { input type="text" name="phrasing" value=(phrasing) aria-label="Phrasing"; }
            button { "Write it" }
            a href="/unanswered" { "back" }
        }
    }
}
