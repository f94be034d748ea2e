//! The words that the fact base uses, how rare each is, and which entities and synonym groups they name.
//!
//! Built once a snapshot. The rarity is learned from the fact base itself: a word in few facts and gaps decides, a word
//! in most of them hardly counts.

use std::borrow::Cow;
use std::hash::Hasher;

use compact_str::CompactString;
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

use super::learnt::are_finite;
use super::phrases::Phrases;
use crate::fact::{Briefing, EntityKind, FactBase};
use crate::text::function_words::is_function_word;
use crate::text::normalise::normalise;
use crate::text::packed::Packed;
use crate::text::repair::{Lexicon, Rank};
use crate::text::stem::stem;
use crate::text::tokens::tokenise;
use crate::text::vectors::{self, DIMENSIONS};

/// A stem's number in the vocabulary.
pub type StemId = u32;
/// A word's number among those that the fact base uses.
pub type WordId = u32;
/// Stands for "none" where a number is stored.
pub const NONE: u32 = u32::MAX;

/// What a stem that is also a word of grammar ("told", "asked", "known") weighs beside others: it says little of the
/// matter. Words of grammar themselves count nowhere. Chosen on the fit set: 0.1, 0.2 and 0.4 are within half a point of
/// each other.
const WEIGHT_OF_GRAMMAR: f32 = 0.2;
/// A word that the fact base does not use weighs as much as its rarest.
const UNSEEN_WEIGHT: f32 = 1.0;

/// The words of a fact base.
#[derive(Debug, Default)]
pub struct Vocabulary {
    stems: Numbered,
    weights: Vec<f32>,
    /// For each stem, the meaning of the first word with it that has one, of length 1; all zeros where none has.
    vectors: Vec<Packed>,
    lexicon: Lexicon,
    /// The words themselves.
    words: Numbered,
    /// For each word, its stem.
    stem_of: Vec<StemId>,
    /// For each word, its row in the table of word vectors; `NONE` where it has none.
    rows: Vec<u32>,
    /// Aliases of entities; the value is a place in `owners`.
    aliases: Phrases<u32>,
    /// For each alias, the entities that own it: one a briefing at most.
    owners: Vec<Vec<u32>>,
    /// Expressions of synonym groups; the value is the group's number over all briefings.
    groups: Phrases<u32>,
    /// For each group, the numbers that its expressions are read as: another briefing may have been first with some.
    read_as: Vec<Vec<u32>>,
    /// For each group, the numbers that words of the opposite are read as.
    opposites: Vec<Vec<u32>>,
    /// For each group, its number by briefing and id.
    group_ids: FxHashMap<(usize, Box<str>), u32>,
    /// For each entity, its number by briefing and id.
    entity_ids: FxHashMap<(usize, Box<str>), u32>,
    /// What each entity is, by its number.
    entity_kinds: Vec<EntityKind>,
}

/// Words and their numbers, from 0 on; each word is kept once.
#[derive(Debug, Default)]
struct Numbered {
    words: Vec<CompactString>,
    numbers: HashTable<u32>,
}

impl Numbered {
    fn len(&self) -> usize {
        self.words.len()
    }

    fn number(&self, word: &str) -> Option<u32> {
        let is_it = |number: &u32| self.words[*number as usize] == word;
        self.numbers.find(hash(word), is_it).copied()
    }

    /// The word's number, the next one where it has none.
    fn number_or_next(&mut self, word: &str) -> u32 {
        if let Some(number) = self.number(word) {
            return number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.into());
        let words = &self.words;
        let hash_of = |number: &u32| hash(&words[*number as usize]);
        self.numbers.insert_unique(hash(word), number, hash_of);
        number
    }
}

fn hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
}

/// A word that the fact base uses.
#[derive(Debug, Clone, Copy)]
pub struct OwnWord<'a> {
    /// Its number.
    pub word_id: WordId,
    /// Its stem's number.
    pub stem_id: StemId,
    /// Its stem.
    pub stem: &'a CompactString,
    /// Its row in the table of word vectors, if it has one.
    pub row: Option<u32>,
}

/// What was learnt of the texts: the words by number, and the weights and meanings of their stems. The rest stands in the fact base.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Words<'a> {
    #[serde(borrow)]
    forms: Vec<&'a str>,
    weights: Vec<f32>,
    #[serde(with = "super::learnt::vectors")]
    vectors: Cow<'a, [Packed]>,
}

impl Vocabulary {
    /// Learns the words; `texts` gives for each class (fact or gap) all its words.
    #[must_use]
    pub fn new(base: &FactBase, texts: &[Vec<&str>]) -> Self {
        let mut vocabulary = Self::of_glossaries(base);
        vocabulary.add_classes(texts);
        vocabulary.find_rows();
        vocabulary.give_meaning();
        vocabulary.fill_lexicon();
        vocabulary
    }

    /// What was learnt of the texts.
    pub(super) fn learnt(&self) -> Words<'_> {
        Words {
            forms: self.words().iter().map(CompactString::as_str).collect(),
            weights: self.weights.clone(),
            vectors: Cow::Borrowed(&self.vectors),
        }
    }

    /// The vocabulary that [`Vocabulary::new`] gave; `None` where the words are not those of this fact base.
    pub(super) fn recall(base: &FactBase, learnt: Words<'_>) -> Option<Self> {
        let mut vocabulary = Self::of_glossaries(base);
        for word in &learnt.forms {
            vocabulary.own_word(word);
        }
        let is_same = vocabulary.words().iter().eq(learnt.forms.iter().copied());
        let n_stems = vocabulary.stems.len();
        let is_whole = learnt.weights.len() == n_stems && learnt.vectors.len() == n_stems;
        if !is_same || !is_whole || !are_finite(&learnt.weights) {
            return None;
        }
        vocabulary.weights = learnt.weights;
        vocabulary.vectors = learnt.vectors.into_owned();
        vocabulary.find_rows();
        vocabulary.fill_lexicon();
        Some(vocabulary)
    }

    /// The words that the glossaries and synonym groups use.
    fn of_glossaries(base: &FactBase) -> Self {
        let mut vocabulary = Self::default();
        for (index, briefing) in base.briefings.iter().enumerate() {
            vocabulary.add_entities(index, briefing);
            vocabulary.add_groups(index, briefing);
        }
        vocabulary
    }

    /// The fact base's own words first, which everyday words do not displace.
    fn fill_lexicon(&mut self) {
        let rank = |word: &str, otherwise: Rank| {
            if is_function_word(word) {
                Rank::Function
            } else {
                otherwise
            }
        };
        let own = self.words().iter();
        let own = own.map(|word| (word.as_str(), rank(word, Rank::Own)));
        let everyday = vectors::table().words().filter(|word| !word.contains(' '));
        let everyday = everyday.map(|word| (word, rank(word, Rank::Everyday)));
        self.lexicon = Lexicon::new(own.chain(everyday));
    }

    fn add_entities(&mut self, index: usize, briefing: &Briefing) {
        let mut places: FxHashMap<Vec<StemId>, u32> = FxHashMap::default();
        for entity in &briefing.entities {
            let number = self.entity_ids.len() as u32;
            self.entity_ids.insert((index, entity.id.as_str().into()), number);
            self.entity_kinds.push(entity.kind);
            for alias in std::iter::once(&entity.name).chain(&entity.aliases) {
                let stems = self.own_stems(alias);
                let existing = self
                    .aliases
                    .longest_at(&stems)
                    .filter(|(length, _)| *length == stems.len());
                if let Some((_, place)) = existing {
                    // Within a briefing an alias has one owner; `check` sees to it. Two forms may still share stems.
                    if !places.contains_key(&stems) {
                        self.owners[place as usize].push(number);
                    }
                } else {
                    self.aliases.insert(&stems, self.owners.len() as u32);
                    self.owners.push(vec![number]);
                }
                places.insert(stems, number);
            }
        }
    }

    fn add_groups(&mut self, index: usize, briefing: &Briefing) {
        for group in &briefing.synonyms {
            let number = self.group_ids.len() as u32;
            self.group_ids.insert((index, group.id.as_str().into()), number);
            let mut read_as = vec![number];
            for expression in &group.words {
                let stems = self.own_stems(expression);
                self.groups.insert(&stems, number);
                let whole = self.groups.longest_at(&stems);
                read_as.extend(whole.filter(|(length, _)| *length == stems.len()).map(|(_, read)| read));
            }
            read_as.sort_unstable();
            read_as.dedup();
            self.read_as.push(read_as);
            self.opposites.push(Vec::new());
        }
        for group in &briefing.synonyms {
            let opposite = group.opposite.as_ref().and_then(|id| self.group(index, id));
            if let (Some(one), Some(other)) = (self.group(index, &group.id), opposite) {
                // "fire is the opposite of intercept" says it for both.
                self.oppose(one, other);
                self.oppose(other, one);
            }
        }
    }

    fn oppose(&mut self, one: u32, other: u32) {
        for read in &self.read_as[one as usize] {
            self.opposites[*read as usize].extend_from_slice(&self.read_as[other as usize]);
        }
    }

    fn add_classes(&mut self, texts: &[Vec<&str>]) {
        let mut n_classes_with: Vec<u32> = Vec::new();
        let mut last_seen: Vec<u32> = Vec::new();
        for (class, texts) in (0_u32..).zip(texts) {
            for text in texts {
                for token in tokenise(&normalise(text)) {
                    let id = self.own_word(&token.text) as usize;
                    if n_classes_with.len() <= id {
                        n_classes_with.resize(id + 1, 0);
                        last_seen.resize(id + 1, NONE);
                    }
                    if last_seen[id] != class {
                        last_seen[id] = class;
                        n_classes_with[id] += 1;
                    }
                }
            }
        }
        self.weigh(&n_classes_with, texts.len());
    }

    /// Looks every word up once, so that questions need not.
    fn find_rows(&mut self) {
        let table = vectors::table();
        self.rows = self
            .words()
            .iter()
            .map(|word| table.row(word).unwrap_or(NONE))
            .collect();
    }

    fn give_meaning(&mut self) {
        self.vectors = vec![Packed::default(); self.stems.len()];
        let mut words: Vec<(&CompactString, StemId)> =
            self.words.words.iter().zip(self.stem_of.iter().copied()).collect();
        words.sort_unstable();
        for (word, id) in words {
            let Some(row) = vectors::table().row(word) else {
                continue;
            };
            if self.vectors[id as usize] == Packed::default() {
                let mut vector = [0.0; DIMENSIONS];
                vectors::table().add(row, 1.0, &mut vector);
                vectors::to_unit_length(&mut vector);
                self.vectors[id as usize] = Packed::new(&vector);
            }
        }
    }

    /// What each stem means, of length 1; all zeros where that is not known.
    #[must_use]
    pub fn vectors(&self) -> &[Packed] {
        &self.vectors
    }

    /// The inverse document frequency, over classes, scaled so that the rarest weighs 1.
    fn weigh(&mut self, n_classes_with: &[u32], n_classes: usize) {
        let idf = |n: f32| ((n_classes as f32 + 1.0) / (n + 0.5)).ln().max(0.05);
        let rarest = idf(1.0);
        self.weights = vec![1.0; self.stems.len()];
        for (id, word) in self.stems.words.iter().enumerate() {
            let n = n_classes_with.get(id).copied().unwrap_or(1);
            let factor = if is_function_word(word) { WEIGHT_OF_GRAMMAR } else { 1.0 };
            self.weights[id] = factor * (idf(n.max(1) as f32) / rarest).clamp(0.05, 1.0);
        }
    }

    fn own_stems(&mut self, expression: &str) -> Vec<StemId> {
        let tokens = tokenise(&normalise(expression));
        tokens.iter().map(|token| self.own_word(&token.text)).collect()
    }

    fn own_word(&mut self, word: &str) -> StemId {
        let number = self.words.number_or_next(word) as usize;
        if let Some(id) = self.stem_of.get(number) {
            return *id;
        }
        let id = self.stems.number_or_next(&stem(word));
        self.stem_of.push(id);
        id
    }

    /// A word that the fact base uses in this very form.
    #[must_use]
    pub fn word(&self, word: &str) -> Option<OwnWord<'_>> {
        let word_id = self.words.number(word)?;
        let stem_id = self.stem_of[word_id as usize];
        let row = self.rows.get(word_id as usize).copied().filter(|row| *row != NONE);
        Some(OwnWord {
            word_id,
            stem_id,
            stem: &self.stems.words[stem_id as usize],
            row,
        })
    }

    /// The words that the fact base uses, by number.
    #[must_use]
    pub fn words(&self) -> &[CompactString] {
        &self.words.words
    }

    /// The stem's number, if the fact base uses it.
    #[must_use]
    pub fn stem_id(&self, stem: &str) -> Option<StemId> {
        self.stems.number(stem)
    }

    /// The number of stems.
    #[must_use]
    pub fn n_stems(&self) -> usize {
        self.weights.len()
    }

    /// Whether these are numbers of stems.
    pub(super) fn has_stems(&self, ids: &[StemId]) -> bool {
        ids.iter().all(|id| (*id as usize) < self.weights.len())
    }

    /// Whether these are numbers of groups.
    pub(super) fn has_groups(&self, numbers: &[u32]) -> bool {
        numbers.iter().all(|number| (*number as usize) < self.opposites.len())
    }

    /// Whether these are numbers of entities.
    pub(super) fn has_entities(&self, numbers: &[u32]) -> bool {
        numbers.iter().all(|number| (*number as usize) < self.entity_ids.len())
    }

    /// How much a word with this stem counts, 0 to 1.
    #[must_use]
    pub fn weight(&self, id: Option<StemId>) -> f32 {
        id.map_or(UNSEEN_WEIGHT, |id| self.weights[id as usize])
    }

    /// The word that was meant by a misspelled one.
    #[must_use]
    pub fn repair(&self, word: &str) -> Option<&str> {
        self.lexicon.nearest(word)
    }

    /// The aliases in a row of stems (`NONE` for those that the fact base does not use): where each begins, its length,
    /// and the entities that own it.
    pub fn aliases_in<'a>(&'a self, stems: &'a [StemId]) -> impl Iterator<Item = (usize, usize, &'a [u32])> {
        let found = self.aliases.all_in(stems);
        found.map(|(start, length, place)| (start, length, self.owners[place as usize].as_slice()))
    }

    /// The synonyms in a row of stems: where each begins, its length, and its group.
    pub fn groups_in<'a>(&'a self, stems: &'a [StemId]) -> impl Iterator<Item = (usize, usize, u32)> {
        self.groups.all_in(stems)
    }

    /// The groups that mean the opposite.
    #[must_use]
    pub fn opposites(&self, group: u32) -> &[u32] {
        self.opposites.get(group as usize).map_or(&[], Vec::as_slice)
    }

    /// The numbers that the expressions of a group are read as: its own, and those of other briefings' groups that have
    /// one of its expressions too.
    #[must_use]
    pub fn readings(&self, group: u32) -> &[u32] {
        self.read_as.get(group as usize).map_or(&[], Vec::as_slice)
    }

    /// The number of a briefing's group.
    #[must_use]
    pub fn group(&self, briefing: usize, id: &str) -> Option<u32> {
        self.group_ids.get(&(briefing, Box::from(id))).copied()
    }

    /// What an entity is, by its number.
    #[must_use]
    pub fn entity_kind(&self, number: u32) -> Option<EntityKind> {
        self.entity_kinds.get(number as usize).copied()
    }

    /// The number of a briefing's entity.
    #[must_use]
    pub fn entity(&self, briefing: usize, id: &str) -> Option<u32> {
        self.entity_ids.get(&(briefing, Box::from(id))).copied()
    }
}
