//! Looking around: what there is to know, without a question.
//!
//! Everything here is shown to the one who asked only, since lists would flood a channel. Promise: a page says which
//! part of the whole it is; a page past the end is the last one; what a reload removed is said to be gone. Deliberately
//! absent: what the commands are called (`commands`), and every sentence (`answer::wording`).

mod facts;
mod help;
mod privacy;
mod source;
mod timeline;
mod view;
mod who;

use serenity::model::application::{ComponentInteraction, ComponentInteractionDataKind};
use serenity::model::channel::MessageFlags;
use serenity::model::id::{ChannelId, GuildId, UserId};

pub(crate) use facts::{topic_choices, topic_named};
pub(crate) use help::help;
pub(crate) use source::source;
pub(crate) use view::{Key, View};
pub(crate) use who::{entity_named, name_choices};

use super::asking::{self, Asker, Way, Why};
use super::bot::Bot;
use super::custom_id::{CustomId, FactKey};
use super::interaction::{Response, Work};
use super::limits;
use super::markup;
use super::payload::{Body, Button, Row, Visibility};
use super::reply;
use crate::answer::age;
use crate::answer::wording::{self as core_wording, browsing as wording, discord};
use crate::fact::{Briefing, Correction, Fact, FactBase};
use crate::store::ServerSettings;

/// Facts on a page: with a line or two each they fit a telephone's screen.
const FACTS_PER_PAGE: usize = 8;
/// Characters of a fact in a list; in full it is one press away.
const LISTED_FACT_CHARS: usize = 220;

/// Who looks around, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) guild: Option<GuildId>,
}

/// What a page is: known at once, or once something was waited for.
pub(crate) enum Shown {
    /// At once.
    Now(Body),
    /// Later.
    Later(Work),
}

impl Shown {
    /// As the response to a command.
    pub(crate) fn into_message(self) -> Response {
        match self {
            Self::Now(body) => Response::Message(body, Visibility::Private),
            Self::Later(work) => Response::Later(Visibility::Private, work),
        }
    }

    fn into_update(self) -> Response {
        match self {
            Self::Now(body) => Response::Update(body),
            Self::Later(work) => Response::UpdateLater(work),
        }
    }
}

/// A page of something to browse.
pub(crate) fn show(bot: &Bot, reader: Reader, view: &View) -> Shown {
    let snapshot = bot.snapshot();
    let settings = bot.settings_of(reader.guild);
    let briefings = shown(snapshot.base(), &settings);
    let gone = || reply::sentence(wording::GONE);
    let is_own = matches!(view, View::Privacy { .. } | View::DeleteVotes | View::Forget);
    if let Some(sentence) = not_loaded(snapshot.base(), &settings).filter(|_| !is_own) {
        return Shown::Now(reply::sentence(sentence));
    }
    Shown::Now(match view {
        View::Topics { page } => facts::topics(&briefings, *page, None),
        View::Topic { topic, page } => facts::topic(&briefings, topic, *page).unwrap_or_else(gone),
        View::Who { entity, page } => who::who(&briefings, entity, *page).unwrap_or_else(gone),
        View::Timeline { page } => return timeline::timeline(&briefings, *page),
        View::Privacy { page } => return privacy::privacy(bot, reader.user, *page),
        View::DeleteVotes => return privacy::delete_votes(bot, reader.user),
        View::Forget => privacy::forget(bot, reader),
        View::ChooseFact | View::ChooseTopic | View::ChooseEntity => gone(),
    })
}

/// A press of a button, or a choice, while browsing.
pub(crate) fn press(bot: &Bot, pressed: &ComponentInteraction, view: &View) -> Response {
    let reader = Reader {
        user: pressed.user.id,
        channel: pressed.channel_id,
        guild: pressed.guild_id,
    };
    let chosen = match &pressed.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().map(String::as_str),
        _ => None,
    };
    let view = match (view, chosen) {
        (View::ChooseFact, chosen) => return read_in_full(bot, pressed, chosen),
        (View::ChooseTopic, Some(chosen)) => Key::decode(chosen).map(|topic| View::Topic { topic, page: 0 }),
        (View::ChooseEntity, Some(chosen)) => Key::decode(chosen).map(|entity| View::Who { entity, page: 0 }),
        (view, _) => Some(view.clone()),
    };
    let Some(view) = view else {
        return Response::Message(reply::sentence(wording::GONE), Visibility::Private);
    };
    let page = show(bot, reader, &view);
    let is_private = pressed
        .message
        .flags
        .is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
    // Somebody else's message is not turned over; nor does a list go where its reader has done something once.
    let stays = matches!(view, View::DeleteVotes | View::Forget);
    if is_private && !stays {
        page.into_update()
    } else {
        page.into_message()
    }
}

/// The chosen fact, beside the list that it was chosen from.
fn read_in_full(bot: &Bot, pressed: &ComponentInteraction, chosen: Option<&str>) -> Response {
    let asker = Asker {
        user: pressed.user.id,
        channel: pressed.channel_id,
        server: pressed.guild_id,
        way: Way::Button,
        event: pressed.id.into(),
        visibility: Visibility::Private,
    };
    let body = match chosen.and_then(FactKey::decode) {
        Some(fact) => asking::tell(bot, &bot.snapshot(), asker, &fact, (None, Why::Hidden))
            .map_or_else(|| reply::sentence(discord::FACT_GONE), |told| told.body),
        None => reply::sentence(wording::GONE),
    };
    Response::Message(body, Visibility::Private)
}

/// The briefings that are answered from here: those that the server chose and that are loaded, or all where it chose none.
pub(crate) fn shown<'b>(base: &'b FactBase, settings: &ServerSettings) -> Vec<&'b Briefing> {
    let all = base.briefings.iter();
    all.filter(|briefing| is_chosen(&briefing.id, settings)).collect()
}

/// Whether a briefing is one of those.
pub(crate) fn is_chosen(briefing: &str, settings: &ServerSettings) -> bool {
    settings.briefings.is_empty() || settings.briefings.iter().any(|chosen| chosen == briefing)
}

/// What is said instead of anything else where none of the briefings that the server chose is loaded any more: managers
/// who chose some did not want the bot to tell of other news.
pub(crate) fn not_loaded(base: &FactBase, settings: &ServerSettings) -> Option<&'static str> {
    let is_lost = !settings.briefings.is_empty() && shown(base, settings).is_empty();
    is_lost.then_some(wording::NOT_LOADED)
}

/// Ids of the same, as a question is told of them: none, which means all, where the server chose none. Where none of its
/// choice is loaded, nothing is to be asked ([`not_loaded`]).
pub(crate) fn chosen(base: &FactBase, settings: &ServerSettings) -> Vec<String> {
    let is_loaded = |id: &&String| base.briefing(id).is_some();
    settings.briefings.iter().filter(is_loaded).cloned().collect()
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    number: usize,
    n_pages: usize,
    n_listed: usize,
    n_all: usize,
}

impl Page {
    /// The wanted page of so many entries, or the last where there are fewer.
    pub(crate) fn of(n_all: usize, per_page: usize, wanted: usize) -> Self {
        let n_pages = n_all.div_ceil(per_page).max(1);
        Self {
            number: wanted.min(n_pages - 1),
            n_pages,
            n_listed: per_page,
            n_all,
        }
    }

    /// Its number, counted from 0.
    pub(crate) fn number(self) -> usize {
        self.number
    }

    /// Entries before it.
    pub(crate) fn from(self) -> usize {
        self.number * self.n_listed
    }

    /// Entries up to its end.
    pub(crate) fn to(self) -> usize {
        (self.from() + self.n_listed).min(self.n_all)
    }

    /// Which part of the whole it is, in words.
    pub(crate) fn in_words(self) -> String {
        wording::part_of(self.from() + 1, self.to(), self.n_all)
    }

    /// Buttons to the pages before and after.
    pub(crate) fn turning(self, to: impl Fn(usize) -> CustomId) -> Vec<Button> {
        let back = self.number.checked_sub(1).map(|page| (wording::BACK, page));
        let next = (self.number + 1 < self.n_pages).then_some((wording::NEXT, self.number + 1));
        let buttons = back.into_iter().chain(next);
        buttons
            .map(|(label, page)| Button::secondary(label.to_owned(), to(page).encode()))
            .collect()
    }
}

/// A row of these, where there are any.
fn row(buttons: Vec<Button>) -> Option<Row> {
    (!buttons.is_empty()).then(|| Row::new(buttons))
}

fn button(label: &str, view: View) -> Button {
    Button::secondary(label.to_owned(), CustomId::Browse(view).encode())
}

/// A title in bold; what it says is plain.
fn title(text: &str) -> String {
    format!("**{}**", markup::plain(text))
}

/// What stands behind a page's facts, which are cut and without their sources: as of when, whose they are, how old.
fn small_print(briefing: &Briefing) -> Vec<String> {
    let as_of = briefing.source.as_of.as_ref().map(core_wording::as_of_line);
    let whose: Vec<String> = as_of.into_iter().chain([wording::WHOSE.to_owned()]).collect();
    let lines = [whose.join(" ")]
        .into_iter()
        .chain(age::line_of(briefing, asking::today()));
    lines.map(|line| format!("-# {}", markup::plain(&line))).collect()
}

/// A fact as lists show it: cut, and marked where it no longer stands.
fn listed(fact: &Fact) -> String {
    let answer = limits::cut(&fact.answer, LISTED_FACT_CHARS);
    let mark = match &fact.correction {
        None => "",
        Some(Correction::Retracted(_)) => wording::WITHDRAWN,
        Some(Correction::SupersededBy(_)) => wording::REPLACED,
    };
    let text = markup::plain(&answer);
    if mark.is_empty() {
        text
    } else {
        format!("{mark} {text}")
    }
}

#[cfg(test)]
mod tests;
