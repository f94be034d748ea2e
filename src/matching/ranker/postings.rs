//! The values that a word has in the phrasings of a class, in four bytes where one phrasing has it, as is so for most.
//!
//! Promise: a value comes back as it was put in; adding reads nothing else where one phrasing has the word. Deliberately
//! absent: which word and which class, which the index knows.

use serde::{Deserialize, Serialize};

use crate::text::lanes::Lanes;

/// The most phrasings of a class that are compared; a curator's class has some dozens.
pub const MAX_PHRASINGS: usize = 1_024;

/// What a value of 1, the largest there is, is stored as: cosines are exact to within 0.0003.
const ONE: f32 = 65_535.0;

/// From this share of a class's phrasings on (one in so many), a word's values are kept as a row.
const ROW_FROM: usize = 4;

/// A phrasing, by place within its class, and a word's value in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Posting {
    place: u16,
    value: u16,
}

/// Stands beside a posting's place where no other of its word and class follows.
const LAST: u16 = 1 << 15;
const _: () = assert!(MAX_PHRASINGS <= LAST as usize);

impl Posting {
    /// The value, 0 to 1, of a word in a phrasing.
    #[must_use]
    pub fn new(place: u16, value: f32) -> Self {
        Self {
            place,
            value: (value * ONE).round() as u16,
        }
    }

    /// The phrasing's place within its class.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.place & !LAST)
    }

    fn is_last(self) -> bool {
        self.place & LAST != 0
    }
}

/// Where the values of one word in one class are.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Values(u32);

/// In a [`Values`], beside a place in the rows.
const ROW: u32 = 1 << 31;
/// In a [`Values`], beside a place in the postings.
const SEVERAL: u32 = 1 << 30;
const _: () = assert!((MAX_PHRASINGS as u32) << u16::BITS <= SEVERAL);

/// What a [`Values`] says.
enum Found {
    /// The only posting.
    One(Posting),
    /// Postings from there on, up to the last.
    Several(usize),
    /// A row of the class's length from there on.
    Row(usize),
}

impl Values {
    fn one(posting: Posting) -> Self {
        Self(u32::from(posting.place) << u16::BITS | u32::from(posting.value))
    }

    fn found(self) -> Found {
        if self.0 & ROW != 0 {
            Found::Row((self.0 & !ROW) as usize)
        } else if self.0 & SEVERAL != 0 {
            Found::Several((self.0 & !SEVERAL) as usize)
        } else {
            Found::One(Posting {
                place: (self.0 >> u16::BITS) as u16,
                value: self.0 as u16,
            })
        }
    }
}

/// The values of words of which several phrasings of a class have one.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Postings {
    /// Class by class, so that what one question reads of a class lies together.
    several: Vec<Posting>,
    /// The values of a word in all phrasings of a class, where many have it: adding a row is faster than looking each up.
    rows: Vec<u16>,
}

impl Postings {
    /// Takes in the postings of a word in a class of so many phrasings, in the order of their places.
    pub fn add(&mut self, of_word: &[Posting], n_phrasings: usize) -> Values {
        match of_word {
            [only] => Values::one(*only),
            [before @ .., last] if of_word.len() * ROW_FROM < n_phrasings => {
                let start = self.several.len() as u32;
                self.several.extend(before);
                self.several.push(Posting {
                    place: last.place | LAST,
                    ..*last
                });
                Values(SEVERAL | start)
            }
            _ => {
                let start = self.rows.len();
                self.rows.resize(start + n_phrasings, 0);
                for posting in of_word {
                    self.rows[start + posting.place()] = posting.value;
                }
                Values(ROW | start as u32)
            }
        }
    }

    /// Adds `factor` times the values of a word in the phrasings of one class to their sums.
    pub fn add_to(&self, values: Values, factor: f32, sums: &mut [f32]) {
        let factor = factor / ONE;
        let mut add = |posting: Posting| sums[posting.place()] += factor * f32::from(posting.value);
        match values.found() {
            Found::One(posting) => add(posting),
            Found::Several(start) => {
                for posting in &self.several[start..] {
                    add(*posting);
                    if posting.is_last() {
                        break;
                    }
                }
            }
            Found::Row(start) => Lanes::default().add_scaled(sums, &self.rows[start..start + sums.len()], factor),
        }
    }

    /// Whether the values are of a class of so many phrasings.
    #[must_use]
    pub fn is_sound(&self, values: Values, n_phrasings: usize) -> bool {
        match values.found() {
            Found::One(posting) => posting.place() < n_phrasings,
            Found::Several(start) => {
                let from = self.several.get(start..).unwrap_or_default();
                let last = from.iter().position(|posting| posting.is_last());
                last.is_some_and(|last| from[..=last].iter().all(|posting| posting.place() < n_phrasings))
            }
            Found::Row(start) => self.rows.len().checked_sub(start) >= Some(n_phrasings),
        }
    }

    /// Gives back what was reserved for more.
    pub fn shrink_to_fit(&mut self) {
        self.several.shrink_to_fit();
        self.rows.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N_PHRASINGS: usize = 40;

    /// What the places' values come back as.
    fn kept(of_word: &[(u16, f32)]) -> (Postings, Values, Vec<f32>) {
        let of_word: Vec<Posting> = of_word
            .iter()
            .map(|(place, value)| Posting::new(*place, *value))
            .collect();
        let mut postings = Postings::default();
        // So that no place is the first.
        postings.add(&[Posting::new(0, 0.5), Posting::new(1, 0.5)], N_PHRASINGS);
        postings.add(&[Posting::new(0, 0.5), Posting::new(1, 0.5)], 2);
        let values = postings.add(&of_word, N_PHRASINGS);
        let mut sums = vec![0.0; N_PHRASINGS];
        postings.add_to(values, 1.0, &mut sums);
        (postings, values, sums)
    }

    #[test]
    fn values_come_back_however_many_there_are() {
        for n in [1, 2, 9, 10, 40] {
            let of_word: Vec<(u16, f32)> = (0..n).map(|place| (place, 1.0 / f32::from(place + 1))).collect();
            let (postings, values, sums) = kept(&of_word);
            assert!(postings.is_sound(values, N_PHRASINGS));
            for (place, sum) in (0..).zip(sums) {
                let expected = of_word.get(place).map_or(0.0, |(_, value)| *value);
                assert!((sum - expected).abs() < 1e-4, "{n}, {place}: {sum}");
            }
        }
    }

    #[test]
    fn places_that_are_none_are_not_sound() {
        let (postings, values, _) = kept(&[(3, 1.0)]);
        assert!(!postings.is_sound(values, 3));
        let (mut postings, values, _) = kept(&[(3, 1.0), (5, 1.0)]);
        assert!(!postings.is_sound(values, 5));
        assert!(!postings.is_sound(Values(values.0 + 2), N_PHRASINGS));
        postings.several[3].place &= !LAST;
        assert!(!postings.is_sound(values, N_PHRASINGS));
        let row: Vec<(u16, f32)> = (0..40).map(|place| (place, 1.0)).collect();
        let (postings, values, _) = kept(&row);
        assert!(!postings.is_sound(values, N_PHRASINGS + 1));
        assert!(!postings.is_sound(Values(values.0 + 1), N_PHRASINGS));
    }
}
