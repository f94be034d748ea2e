//! `publish`: puts the facts of a folder into the store, for every process that takes its facts from there.
//!
//! Promise: only a fact base without an error is published, and whole; an earlier one again, too.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::store::{existing, open};
use super::{Outcome, PublishArguments};
use crate::config::{StoreConfig, StorePlace};
use crate::exit::{Exit, Failure};
use crate::fact::files::{Content, Files};
use crate::knowledge_dir;
use crate::store::{Numbered, Publication, PublishedFiles, RolledBack, Store, Timestamp, number_with};

/// Publications that are listed: what anybody would still go back to.
const MAX_LISTED: u32 = 50;

/// Publishes the folder's facts, or an earlier publication again; or lists what was published.
///
/// # Errors
/// If the fact base is invalid, there is no such publication, or the store does not obey.
pub fn run(arguments: &PublishArguments, knowledge: &Path) -> Outcome {
    let config = StoreConfig::from_environment().map_err(|error| Failure::configuration(error.to_string()))?;
    let place = Place::of(&config.place)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = if arguments.list || arguments.rollback.is_some() {
            existing(&config.place)?
        } else {
            open(&config.place)
        };
        let done = match arguments.rollback {
            _ if arguments.list => list(&*store).await,
            Some(number) => roll_back(&*store, number, &place).await,
            None => publish(&*store, knowledge, &place).await,
        };
        store.close().await;
        done
    })
}

/// The store as whoever publishes reads of it, since a bot with another one would hear of nothing.
struct Place {
    name: String,
    /// Whether it was there before.
    is_new: bool,
}

impl Place {
    /// The address of a database is not said, since it may hold a password.
    fn of(place: &StorePlace) -> std::io::Result<Self> {
        Ok(match place {
            StorePlace::Sqlite(path) => Self {
                name: format!("`{}`", std::path::absolute(path)?.display()),
                is_new: !path.exists(),
            },
            StorePlace::Postgres(_) => Self {
                name: "the database that `DATABASE_URL` names".to_owned(),
                is_new: false,
            },
        })
    }

    /// What was done, and in which store.
    fn say(&self, done: &str) -> std::io::Result<()> {
        let mut output = std::io::stdout();
        writeln!(output, "{done}, in {}", self.name)?;
        if self.is_new {
            writeln!(
                output,
                "hint: this store was made just now; only a bot with the same `DATABASE_URL` takes its facts from it"
            )?;
        }
        Ok(())
    }
}

/// The latest first, which is the one in force.
async fn list(store: &dyn Store) -> Outcome {
    let mut output = std::io::stdout();
    let publications = store.publications(MAX_LISTED).await?;
    for (place, Numbered { number, entry }) in publications.iter().enumerate() {
        let (day, revision, n_facts) = (entry.at.day(), &entry.revision, entry.n_facts);
        let mark = if place == 0 { " (in force)" } else { "" };
        writeln!(output, "{number} {day} revision {revision}, {n_facts} facts{mark}")?;
    }
    if publications.is_empty() {
        writeln!(output, "nothing is published yet")?;
    }
    Ok(Exit::Done)
}

async fn publish(store: &dyn Store, knowledge: &Path, place: &Place) -> Outcome {
    let base = super::load(knowledge)?;
    let files = knowledge_dir::read(knowledge).map_err(|error| Failure::not_held(error.to_string()))?;
    let publication = Publication {
        at: Timestamp::now(),
        revision: base.revision.to_string(),
        n_facts: base.n_facts() as u64,
        files: published(&files)?,
    };
    // Saved while it was read: what is published must be what was validated.
    if super::load(knowledge)?.revision != base.revision {
        return Err(
            Failure::not_held("the facts were edited just now, so nothing was published\nhint: try again").into(),
        );
    }
    put(store, &publication, place).await
}

async fn roll_back(store: &dyn Store, number: i64, place: &Place) -> Outcome {
    let told = match crate::store::roll_back(store, number, Timestamp::now()).await? {
        RolledBack::Unknown => return Err(Failure::not_held(format!("there is no publication {number}")).into()),
        RolledBack::InForce(latest) => format!("unchanged: publication {latest}"),
        RolledBack::Invalid(problems) => return Err(super::invalid(&format!("publication {number}"), &problems).into()),
        RolledBack::As(again) => format!("published publication {number} again, as publication {again}"),
    };
    place.say(&told)?;
    Ok(Exit::Done)
}

async fn put(store: &dyn Store, publication: &Publication, place: &Place) -> Outcome {
    let revision = &publication.revision;
    if let Some(latest) = number_with(store, None, &publication.files).await? {
        place.say(&format!("unchanged: publication {latest}, revision {revision}"))?;
        return Ok(Exit::Done);
    }
    let number = store.publish(publication).await?;
    let n_facts = publication.n_facts;
    place.say(&format!(
        "published {n_facts} facts as publication {number}, revision {revision}"
    ))?;
    Ok(Exit::Done)
}

fn published(files: &Files) -> anyhow::Result<PublishedFiles> {
    let mut folders = BTreeMap::new();
    for folder in &files.folders {
        let mut texts = BTreeMap::new();
        for file in &folder.files {
            let text = match &file.content {
                Content::Bytes(bytes) => String::from_utf8(bytes.clone()).map_err(|error| error.to_string()),
                Content::Refused(refusal) => Err(refusal.to_string()),
            };
            let text = text.map_err(|reason| Failure::not_held(format!("{}: {reason}", file.name)))?;
            texts.insert(file.name.clone(), text);
        }
        folders.insert(folder.briefing.clone(), texts);
    }
    Ok(folders)
}
