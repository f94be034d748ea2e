//! Fact bases that were published: whole, numbered, and never changed.
//!
//! What is stored are the curator's files, so that every process reads and validates them as it would from a folder.
//! Promise: an earlier publication comes into force again only where this version of the program takes its files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::time::Timestamp;
use super::{Numbered, Store, StoreError};
use crate::fact::files::{Content, File, Files, Folder, MAX_TOTAL_BYTES};
use crate::fact::parse;
use crate::fact::problem::Problems;

/// How far back an earlier publication is looked for by its revision.
const MAX_LOOKED_BACK: u32 = 50;

/// The files of every briefing's folder: folder, name within it, text.
pub type PublishedFiles = BTreeMap<String, BTreeMap<String, String>>;

/// A fact base as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When.
    pub at: Timestamp,
    /// The revision of its facts.
    pub revision: String,
    /// The number of its facts.
    pub n_facts: u64,
    /// The files.
    pub files: PublishedFiles,
}

/// A text of JSON has two bytes for a quotation mark or the end of a line, and no TOML has much that takes more.
pub(super) const MAX_STORED_BYTES: u64 = 2 * MAX_TOTAL_BYTES;

impl Publication {
    /// Whether its files are no larger together than those of a folder may be.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where they are.
    pub(super) fn check_size(&self, max_bytes: u64) -> Result<(), StoreError> {
        let texts = self.files.values().flat_map(BTreeMap::values);
        let n_bytes: u64 = texts.map(|text| text.len() as u64).sum();
        if n_bytes > max_bytes {
            return Err(too_large(n_bytes, max_bytes));
        }
        Ok(())
    }
}

/// For a publication that is not taken, or not read.
pub(super) fn too_large(n_bytes: u64, max_bytes: u64) -> StoreError {
    StoreError::Refused(format!(
        "a publication's files have {n_bytes} bytes together; at most {max_bytes} are taken"
    ))
}

impl Numbered<Publication> {
    /// The files as a folder would give them; problems in them name the publication.
    #[must_use]
    pub fn to_files(&self) -> Files {
        let folders = self.entry.files.iter().map(|(briefing, files)| Folder {
            briefing: briefing.clone(),
            files: files
                .iter()
                .map(|(name, text)| File {
                    name: name.clone(),
                    content: Content::Bytes(text.as_bytes().to_vec()),
                })
                .collect(),
        });
        Files {
            root: format!("publication {}", self.number),
            folders: folders.collect(),
            stray: Vec::new(),
        }
    }
}

/// A publication without its files, as lists name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationHead {
    /// When.
    pub at: Timestamp,
    /// The revision of its facts.
    pub revision: String,
    /// The number of its facts.
    pub n_facts: u64,
}

/// What came of publishing an earlier publication again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RolledBack {
    /// It is in force, under this number.
    As(i64),
    /// Its files are in force already, under this number.
    InForce(i64),
    /// There is none.
    Unknown,
    /// By the rules of this version there is an error in it, so that no process could start on it; nothing was changed.
    Invalid(Problems),
}

/// Publishes an earlier publication again: it comes into force, and what was published since stays on record.
///
/// # Errors
/// The store's.
pub async fn roll_back(store: &dyn Store, number: i64, now: Timestamp) -> Result<RolledBack, StoreError> {
    let Some(earlier) = store.publication(Some(number)).await? else {
        return Ok(RolledBack::Unknown);
    };
    let latest = store.publications(1).await?.pop();
    // Files are large: they are compared only where the revision of their facts is the same.
    if let Some(latest) = latest.filter(|latest| latest.entry.revision == earlier.entry.revision)
        && let Some(in_force) = number_with(store, Some(latest.number), &earlier.entry.files).await?
    {
        return Ok(RolledBack::InForce(in_force));
    }
    let (earlier, problems) = validated(earlier).await?;
    if let Some(problems) = problems {
        return Ok(RolledBack::Invalid(problems));
    }
    let again = Publication {
        at: now,
        ..earlier.entry
    };
    store.publish(&again).await.map(RolledBack::As)
}

/// The number of this publication, or of the one in force, if its files are these; one that cannot be read has no files, so
/// that it can be replaced.
///
/// # Errors
/// The store's.
pub async fn number_with(
    store: &dyn Store,
    number: Option<i64>,
    files: &PublishedFiles,
) -> Result<Option<i64>, StoreError> {
    match store.publication(number).await {
        Ok(Some(known)) if known.entry.files == *files => Ok(Some(known.number)),
        Ok(_) | Err(StoreError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The number under which an earlier publication was published again at this time, if it was.
///
/// # Errors
/// The store's.
pub(super) async fn published_again(store: &dyn Store, number: i64, at: Timestamp) -> Result<Option<i64>, StoreError> {
    let latest = store.publications(MAX_LOOKED_BACK).await?;
    let Some(Numbered { number: again, entry }) = latest.first() else {
        return Ok(None);
    };
    let earlier = latest.iter().find(|head| head.number == number);
    let is_it =
        *again > number && entry.at == at && earlier.is_none_or(|earlier| earlier.entry.revision == entry.revision);
    Ok(is_it.then_some(*again))
}

/// A publication with what is wrong with it, if something is; read away from the connections' runtime.
async fn validated(
    publication: Numbered<Publication>,
) -> Result<(Numbered<Publication>, Option<Problems>), StoreError> {
    let reading = tokio::task::spawn_blocking(move || {
        let problems = parse::load(&publication.to_files()).err();
        (publication, problems)
    });
    reading
        .await
        .map_err(|panic| StoreError::Unavailable(format!("the publication could not be read: {panic}")))
}

/// The latest publication whose facts are of another revision than the ones in force.
///
/// # Errors
/// The store's.
pub async fn publication_before(store: &dyn Store) -> Result<Option<Numbered<Publication>>, StoreError> {
    let latest = store.publications(MAX_LOOKED_BACK).await?;
    let mut earlier = latest.iter();
    let in_force = earlier.next();
    let before = in_force.and_then(|in_force| earlier.find(|head| head.entry.revision != in_force.entry.revision));
    match before {
        Some(head) => store.publication(Some(head.number)).await,
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_too_large_together_are_refused() {
        let folder: BTreeMap<String, String> = ["x.toml", "y.toml"]
            .map(|name| (name.to_owned(), "#".repeat(100)))
            .into();
        let publication = Publication {
            at: Timestamp(0),
            revision: "0123abcd".to_owned(),
            n_facts: 0,
            files: ["a", "b"].map(|name| (name.to_owned(), folder.clone())).into(),
        };
        assert_eq!(publication.check_size(400), Ok(()));
        assert_eq!(publication.check_size(399), Err(too_large(400, 399)));
    }
}
