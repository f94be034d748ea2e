//! Misspelled word → the word that was meant, against a lexicon that is passed in.
//!
//! The distance is strsim's optimal string alignment (insertions, deletions, substitutions, swaps of neighbours),
//! eased where the slip is a common one (a neighbouring key, a doubled letter, `f` for `ph`) and stiffened where the
//! first letter differs, which people seldom get wrong (and then all else must be right). How much is allowed grows with the length: short words are not
//! repaired, since nearly everything is near to them (`pste` gave `site` elsewhere).
//! Most words are nowhere near, and that is found out a bit a letter (`Pattern`); only those that are near are left to
//! strsim. Promise: deterministic; a word of the lexicon is never repaired; bounded time for each word.
//! Deliberately absent: context; what a word is repaired to does not depend on its neighbours.

use super::lanes::Lanes;

/// Longer words are not repaired: the longest word of the shipped fact base has 15 letters, and the cost of the
/// distance grows with the square of the length.
const MAX_LETTERS: usize = 24;

/// How common a word is: decides between candidates at the same distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A word of the fact base's questions, answers or names.
    Own,
    /// A function word.
    Function,
    /// Another everyday word.
    Everyday,
}

/// Letters that a word may begin with.
const N_LETTERS: usize = 26;

/// Words that others are repaired to.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Words by their first letter and their number of letters: a shelf for each letter and length.
    shelves: Vec<Shelf>,
}

/// Words of one length that begin alike, in order. Tens of thousands of words are kept, so they are kept close together.
#[derive(Debug, Default)]
struct Shelf {
    /// The words, one right after the other.
    words: Box<str>,
    /// The letters that each has.
    letters: Box<[u32]>,
    ranks: Box<[Rank]>,
}

impl Shelf {
    /// Of each word the first rank counts.
    fn new(words: &mut [(usize, &str, Rank)]) -> Self {
        words.sort_by_key(|(_, word, _)| *word);
        let unique = || words.chunk_by(|(_, a, _), (_, b, _)| a == b).map(|same| same[0]);
        Self {
            words: unique().map(|(_, word, _)| word).collect(),
            letters: unique().map(|(_, word, _)| letter_set(word)).collect(),
            ranks: unique().map(|(.., rank)| rank).collect(),
        }
    }

    /// The word at this place, of which all have `length` letters.
    fn word(&self, place: usize, length: usize) -> &str {
        self.words.get(place * length..(place + 1) * length).unwrap_or_default()
    }

    /// The very word, with its rank.
    fn find(&self, word: &str) -> Option<(&str, Rank)> {
        let (mut from, mut to) = (0, self.ranks.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            let other = self.word(middle, word.len());
            match other.cmp(word) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return Some((other, self.ranks[middle])),
            }
        }
        None
    }
}

/// The word that a slip is best explained by so far.
type Best<'a> = Option<(f32, Rank, &'a str)>;

impl Lexicon {
    /// Takes in words, of which the first rank counts where one comes twice. Words with anything but ASCII letters are left
    /// out, since no slip of theirs is understood.
    #[must_use]
    pub fn new<'a>(words: impl Iterator<Item = (&'a str, Rank)>) -> Self {
        let plain = words.filter(|(word, _)| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase()));
        // In one list, and not one a shelf: what those would leave free would lie between the shelves for good.
        let mut placed: Vec<(usize, &str, Rank)> = plain
            .filter_map(|(word, rank)| Some((place_of_shelf(word)?, word, rank)))
            .collect();
        placed.sort_by_key(|(place, ..)| *place);
        let mut shelves: Vec<Shelf> = (0..N_LETTERS * (MAX_LETTERS + 1)).map(|_| Shelf::default()).collect();
        for on_shelf in placed.chunk_by_mut(|(a, ..), (b, ..)| a == b) {
            shelves[on_shelf[0].0] = Shelf::new(on_shelf);
        }
        Self { shelves }
    }

    /// The shelf where this word would stand.
    fn shelf(&self, word: &str) -> Option<&Shelf> {
        self.shelves.get(place_of_shelf(word)?)
    }

    /// The word that was most likely meant; `None` where nothing is near enough.
    #[must_use]
    pub fn nearest(&self, word: &str) -> Option<&str> {
        if word.len() < 3 || word.len() > MAX_LETTERS || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return None;
        }
        if self.shelf(word).is_some_and(|shelf| shelf.find(word).is_some()) {
            return None;
        }
        let allowed = allowed_distance(word.len());
        let mut best: Best<'_> = None;
        self.with_same_first(word, allowed, &mut best);
        self.with_other_first(word, allowed, &mut best);
        best.map(|(_, _, word)| word)
    }

    fn with_same_first<'a>(&'a self, word: &str, allowed: usize, best: &mut Best<'a>) {
        let letters = letter_set(word);
        let pattern = Pattern::new(word);
        let lanes = Lanes::default();
        let mut places = Vec::with_capacity(64);
        for length in word.len().saturating_sub(allowed)..=word.len() + allowed {
            let shelf = place_of(word.as_bytes()[0], length).and_then(|place| self.shelves.get(place));
            let Some(shelf) = shelf else { continue };
            // Each edit takes one letter away at most and brings one at most.
            places.clear();
            lanes.alike(letters, &shelf.letters, allowed as u32, &mut places);
            for place in &places {
                let place = *place as usize;
                let (other, rank) = (shelf.word(place, length), shelf.ranks[place]);
                let distance = pattern.distance(other);
                let is_too_dear = |(cost, ..): &(f32, Rank, &str)| least_cost(distance, rank) > *cost;
                if distance <= allowed && !best.as_ref().is_some_and(is_too_dear) {
                    consider(word, other, allowed, rank, best);
                }
            }
        }
    }

    /// A wrong first letter and another slip in one word are not believed, so what may have been meant can be listed:
    /// another letter in place of the first, one before it, none, or the first two swapped.
    fn with_other_first<'a>(&'a self, word: &str, allowed: usize, best: &mut Best<'a>) {
        let mut meant = String::with_capacity(word.len() + 1);
        let mut look_up = |meant: &str| {
            if let Some((meant, rank)) = self.shelf(meant).and_then(|shelf| shelf.find(meant)) {
                consider(word, meant, allowed.min(1), rank, best);
            }
        };
        for letter in 'a'..='z' {
            for rest in [&word[1..], word] {
                meant.clear();
                meant.push(letter);
                meant.push_str(rest);
                look_up(&meant);
            }
        }
        look_up(&word[1..]);
        meant.clear();
        meant.push_str(&word[1..2]);
        meant.push_str(&word[..1]);
        meant.push_str(&word[2..]);
        look_up(&meant);
    }
}

/// A word of at most 32 small letters, to be held against many others: for each letter the places where it stands, as bits.
///
/// The distance is strsim's optimal string alignment, worked out for a whole row of its table at once (Hyyrö, "A
/// bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003): ten steps a letter, and no table.
struct Pattern {
    places: [u32; N_LETTERS],
    length: usize,
}

impl Pattern {
    fn new(word: &str) -> Self {
        let mut places = [0; N_LETTERS];
        for (place, letter) in word.bytes().enumerate() {
            places[place_of_letter(letter)] |= 1 << place;
        }
        Self {
            places,
            length: word.len(),
        }
    }

    /// The distance to another word of small letters.
    fn distance(&self, other: &str) -> usize {
        let last = 1_u32 << (self.length - 1);
        // A bit for each row of the table: whether the number there is one more, or one less, than in the row above; and
        // whether it is no more than the one before it and above it.
        let (mut more_than_above, mut less_than_above, mut diagonal) = (u32::MAX, 0_u32, 0_u32);
        let mut same_before = 0_u32;
        let mut distance = self.length;
        for letter in other.bytes() {
            let same = self.places[place_of_letter(letter)];
            let swapped = ((!diagonal & same) << 1) & same_before;
            let carried = (same & more_than_above).wrapping_add(more_than_above) ^ more_than_above;
            diagonal = carried | same | less_than_above | swapped;
            let more_than_before = less_than_above | !(diagonal | more_than_above);
            let less_than_before = diagonal & more_than_above;
            distance += usize::from(more_than_before & last != 0);
            distance -= usize::from(less_than_before & last != 0);
            let more_than_before = more_than_before << 1 | 1;
            more_than_above = less_than_before << 1 | !(diagonal | more_than_before);
            less_than_above = more_than_before & diagonal;
            same_before = same;
        }
        distance
    }
}

/// The place of a small letter in the alphabet; other bytes, which no word here has, share the last one.
fn place_of_letter(letter: u8) -> usize {
    usize::from(letter.wrapping_sub(b'a')).min(N_LETTERS - 1)
}

/// The place of the shelf of the words of this length that begin like this one.
fn place_of_shelf(word: &str) -> Option<usize> {
    place_of(*word.as_bytes().first()?, word.len())
}

fn place_of(first: u8, length: usize) -> Option<usize> {
    let is_kept = first.is_ascii_lowercase() && length <= MAX_LETTERS;
    is_kept.then(|| usize::from(first - b'a') * (MAX_LETTERS + 1) + length)
}

fn consider<'a>(written: &str, meant: &'a str, allowed: usize, rank: Rank, best: &mut Best<'a>) {
    let Some(cost) = cost(written, meant, allowed, rank) else {
        return;
    };
    let found = (cost, rank, meant);
    if best.is_none_or(|best| found < best) {
        *best = Some(found);
    }
}

/// Edits that are allowed in a word of this many letters: the share stays near one in four, as in the field's
/// spell-checkers.
fn allowed_distance(n_letters: usize) -> usize {
    match n_letters {
        0..=5 => 1,
        6..=11 => 2,
        _ => 3,
    }
}

/// What the repair costs; `None` where it is not believable.
fn cost(written: &str, meant: &str, allowed: usize, rank: Rank) -> Option<f32> {
    let distance = strsim::osa_distance(written, meant);
    if distance == 0 || distance > allowed {
        return None;
    }
    let same_letters = sorted_letters(written) == sorted_letters(meant);
    let same_first = written.as_bytes()[0] == meant.as_bytes()[0];
    match written.len() {
        // `teh`, `wre`: only words that everybody writes all the time, with the first letter right.
        3 if !(rank == Rank::Function && same_first && (same_letters || meant.len() == 4)) => return None,
        4 | 5 if !same_first && !same_letters && rank != Rank::Own => return None,
        // Two edits in a word of six or seven letters are believed only of words that are asked about here.
        6 | 7 if distance == 2 && !(same_first && (rank == Rank::Own || same_letters)) => return None,
        _ => {}
    }
    let mut cost = least_cost(distance, rank);
    if !same_first {
        cost += 0.5;
    }
    if same_letters || without_doubles(written) == without_doubles(meant) || lacks_a_vowel(written, meant) {
        // Nothing but what the fingers or haste do.
    } else if neighbouring_keys(written, meant) {
        cost += COST_OF_KEYS;
    } else {
        cost += EASE;
    }
    Some(cost)
}

/// How much less a common slip costs than another. This and the next are set by hand; the tests below hold what they decide.
const EASE: f32 = 0.4;
/// What a neighbouring key costs more than the commonest slips, a letter left out or swapped: `launchrs` lacks an `e`, though
/// `r` lies beside that of `launches`.
const COST_OF_KEYS: f32 = 0.1;

/// What a repair costs at least: that of the commonest slip.
fn least_cost(distance: usize, rank: Rank) -> f32 {
    // An everyday word must be clearly nearer than a word of the facts to be taken instead of it.
    let of_rank = match rank {
        Rank::Own => 0.0,
        Rank::Function => 0.2,
        Rank::Everyday => 0.35,
    };
    distance as f32 - EASE + of_rank
}

fn letter_set(word: &str) -> u32 {
    word.bytes()
        .filter(u8::is_ascii_lowercase)
        .fold(0, |set, letter| set | 1 << (letter - b'a'))
}

fn sorted_letters(word: &str) -> Vec<u8> {
    let mut letters = word.as_bytes().to_vec();
    letters.sort_unstable();
    letters
}

fn without_doubles(word: &str) -> Vec<u8> {
    let mut letters = word.as_bytes().to_vec();
    letters.dedup();
    letters
}

/// Whether one vowel is missing and nothing else is wrong, as in `missle` and `launchrs`.
fn lacks_a_vowel(written: &str, meant: &str) -> bool {
    let n_alike = written.bytes().zip(meant.bytes()).take_while(|(a, b)| a == b).count();
    meant
        .as_bytes()
        .get(n_alike)
        .is_some_and(|letter| b"aeiou".contains(letter))
        && written.as_bytes().get(n_alike..) == meant.as_bytes().get(n_alike + 1..)
}

/// Whether the words differ in one letter only, and the two letters are neighbours on a QWERTY keyboard.
fn neighbouring_keys(written: &str, meant: &str) -> bool {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    if written.len() != meant.len() {
        return false;
    }
    let mut different = written.bytes().zip(meant.bytes()).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (different.next(), different.next()) else {
        return false;
    };
    let place = |letter: u8| {
        ROWS.iter()
            .enumerate()
            .find_map(|(row, keys)| keys.iter().position(|key| *key == letter).map(|column| (row, column)))
    };
    match (place(a), place(b)) {
        (Some((row_a, column_a)), Some((row_b, column_b))) => {
            row_a.abs_diff(row_b) <= 1 && column_a.abs_diff(column_b) <= 1
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lexicon() -> Lexicon {
        let own = [
            "harbour",
            "tunnel",
            "bridge",
            "room",
            "site",
            "paste",
            "when",
            "concrete",
            "resolutions",
            "launches",
            "launchers",
        ];
        let function = ["the", "were", "about", "which"];
        // As it comes with the table of everyday words; the first rank counts.
        let everyday = ["bridge", "rope", "the"];
        let own = own.into_iter().map(|word| (word, Rank::Own));
        let function = function.into_iter().map(|word| (word, Rank::Function));
        let everyday = everyday.into_iter().map(|word| (word, Rank::Everyday));
        Lexicon::new(own.chain(function).chain(everyday))
    }

    #[test]
    fn a_shelf_finds_its_words_and_the_first_rank_of_each() {
        let mut words = [
            (0, "tar", Rank::Own),
            (0, "tap", Rank::Everyday),
            (0, "tar", Rank::Everyday),
            (0, "tip", Rank::Function),
        ];
        let shelf = Shelf::new(&mut words);
        assert_eq!(shelf.find("tar"), Some(("tar", Rank::Own)));
        assert_eq!(shelf.find("tap"), Some(("tap", Rank::Everyday)));
        assert_eq!(shelf.find("tip"), Some(("tip", Rank::Function)));
        for absent in ["tam", "tas", "tzz", "taa"] {
            assert_eq!(shelf.find(absent), None, "{absent}");
        }
    }

    #[track_caller]
    fn check(written: &str, meant: Option<&str>) {
        assert_eq!(lexicon().nearest(written), meant, "{written}");
    }

    #[test]
    fn slips_of_the_finger_are_repaired() {
        check("habrour", Some("harbour"));
        check("tunel", Some("tunnel"));
        check("brigde", Some("bridge"));
        check("teh", Some("the"));
        check("wre", Some("were"));
        check("abuot", Some("about"));
        check("resoltuions", Some("resolutions"));
        check("pste", Some("paste"));
        check("launchrs", Some("launchers"));
        check("launchws", Some("launches"));
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_strsim(word in "[a-d]{1,24}", other in "[a-d]{0,27}") {
            prop_assert_eq!(Pattern::new(&word).distance(&other), strsim::osa_distance(&word, &other));
        }
    }

    #[test]
    fn a_word_of_the_lexicon_is_never_repaired() {
        for known in ["launches", "launchers", "the"] {
            assert!(lexicon().shelf(known).is_some_and(|shelf| shelf.find(known).is_some()));
            check(known, None);
        }
    }

    #[test]
    fn what_is_near_nothing_is_left_alone() {
        check("zzzz", None);
        check("abc", None);
        check("xylophone", None);
        check("", None);
        check(&"a".repeat(4000), None);
    }
}
