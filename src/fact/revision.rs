//! The content hash of a fact base: which facts answered.
//!
//! Promise: it changes when what the facts say changes, and only then. Comments, spacing, the order
//! of files, facts, aliases or later phrasings, and the hashes of the article's paragraphs do not touch it; what such an
//! order decides (which of two equals is offered first, the last digits of what is learnt) is not told by it.
//! The canonical form is the `Debug` text of a sorted copy: it is never read back, so no format is promised for it.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Briefing, Claim, Texts};

/// The first 8 hex digits of the SHA-256 over a fact base's canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision(u32);

impl Revision {
    /// The revision of these briefings; their order must already be canonical (by id).
    #[must_use]
    pub fn of(briefings: &[Briefing]) -> Self {
        let mut hasher = Sha256::new();
        for briefing in briefings {
            // Hashing cannot fail.
            let _ = write!(Hashed(&mut hasher), "{:?}", canonical(briefing));
        }
        let hash = hasher.finalize();
        Self(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]))
    }

    /// Reads the 8 hex digits that `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // A sign would be taken for a part of the number.
        let is_hex = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u32::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// Takes text in piece by piece: that of a large briefing is some hundred megabytes.
struct Hashed<'a>(&'a mut Sha256);

impl std::fmt::Write for Hashed<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

fn canonical(briefing: &Briefing) -> Briefing {
    let mut briefing = Briefing {
        facts: briefing.facts.clone(),
        gaps: briefing.gaps.clone(),
        ..frame(briefing)
    };
    briefing.facts.sort_by(|a, b| a.id.cmp(&b.id));
    briefing.gaps.sort_by(|a, b| a.id.cmp(&b.id));
    for fact in &mut briefing.facts {
        sort_after_first(&mut fact.phrasings);
        fact.gives.sort();
        fact.counts.sort();
        fact.entities.sort();
        fact.claim = fact.claim.as_ref().map(sorted);
    }
    for gap in &mut briefing.gaps {
        sort_after_first(&mut gap.phrasings);
        gap.asks.sort();
        gap.counts.sort();
        gap.entities.sort();
    }
    briefing
}

/// All of a briefing but its facts and gaps, without what does not touch the revision.
pub(crate) fn frame(briefing: &Briefing) -> Briefing {
    let mut briefing = Briefing {
        id: briefing.id.clone(),
        source: briefing.source.clone(),
        topics: briefing.topics.clone(),
        facts: Vec::new(),
        gaps: Vec::new(),
        entities: briefing.entities.clone(),
        synonyms: briefing.synonyms.clone(),
    };
    briefing.source.paragraphs.clear();
    briefing.source.agencies.sort();
    briefing.topics.sort_by(|a, b| a.id.cmp(&b.id));
    briefing.entities.sort_by(|a, b| a.id.cmp(&b.id));
    briefing.synonyms.sort_by(|a, b| a.id.cmp(&b.id));
    for entity in &mut briefing.entities {
        entity.aliases.sort();
        entity.paragraphs.sort();
    }
    for group in &mut briefing.synonyms {
        group.words.sort();
    }
    briefing
}

/// A claim whatever the order of its lists.
pub(crate) fn sorted(claim: &Claim) -> Claim {
    let mut claim = claim.clone();
    claim.agent.sort();
    claim.target.sort();
    claim.origin.sort();
    claim
}

/// The first phrasing is the one that buttons show, so its place counts; the places of the others do not.
fn sort_after_first(phrasings: &mut Texts) {
    let mut texts: Vec<&str> = phrasings.iter().collect();
    if let Some((_, rest)) = texts.split_first_mut() {
        rest.sort_unstable();
    }
    *phrasings = texts.into_iter().collect();
}
