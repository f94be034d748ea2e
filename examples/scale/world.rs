//! An invented country: towns, what they build, and what is known of it, as a fact base of any size.
//!
//! Everything of a town follows from the seed and the town's number, so that a world of 100,000 facts is never held in
//! memory, and its questions can be made without it. A town has ten buildings with ten facts and one gap each; facts
//! are told apart as in life: many share their building's name, many their town, many what is asked. Questions are put
//! in other words than the phrasings, now and then with a slip of the finger.
//! Promise: equal seed, equal bytes. Deliberately absent: chance of its own, files.

use std::fmt::Write as _;

use crate::words::{ASPECTS, Aspect, BUILDINGS, COMPANIES, FIRST_NAMES, LAST_NAMES, TOWN_BEGINNINGS, TOWN_ENDS};

/// Facts of one town.
pub(crate) const FACTS_OF_TOWN: usize = BUILDINGS_OF_TOWN * FACTS_OF_BUILDING;
const BUILDINGS_OF_TOWN: usize = 10;
const FACTS_OF_BUILDING: usize = 10;
/// Paragraphs of the invented source.
const N_PARAGRAPHS: u32 = 40;
/// One question in so many has a slip of the finger; one in so many is typed without capitals and marks.
const SLIP_IN: u64 = 4;
const CARELESS_IN: u64 = 3;

/// A world of some towns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    seed: u64,
    n_towns: usize,
}

/// A town with what is built there.
#[derive(Debug)]
pub(crate) struct Town {
    name: String,
    buildings: Vec<Building>,
}

#[derive(Debug)]
struct Building {
    name: &'static str,
    /// What is known of it; the last is what the source leaves open.
    aspects: Vec<(&'static Aspect, String)>,
}

/// A question with what answers it.
#[derive(Debug)]
pub(crate) struct Question {
    /// As a member would put it.
    pub(crate) text: String,
    /// The id of the fact or gap.
    pub(crate) id: String,
    /// Whether it is a gap.
    pub(crate) is_gap: bool,
}

/// `SplitMix64`: small, and the same everywhere.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.throw() % bound.max(1) as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// So many different ones, in an order of chance.
    fn some<'a, T>(&mut self, from: &'a [T], wanted: usize) -> Vec<&'a T> {
        let mut all: Vec<&T> = from.iter().collect();
        for place in 0..wanted.min(all.len()) {
            let other = place + self.below(all.len() - place);
            all.swap(place, other);
        }
        all.truncate(wanted);
        all
    }
}

impl World {
    /// A world of at least so many facts, in whole towns; at most as many towns as there are names.
    #[must_use]
    pub(crate) fn new(seed: u64, n_facts: usize) -> Self {
        let n_names = TOWN_BEGINNINGS.len() * TOWN_ENDS.len();
        Self {
            seed,
            n_towns: n_facts.div_ceil(FACTS_OF_TOWN).min(n_names),
        }
    }

    /// Its files, one by one: the path within the knowledge folder, and the text.
    pub(crate) fn files(self) -> impl Iterator<Item = (String, String)> {
        let fixed = [
            ("towns/source.toml".to_owned(), source()),
            ("towns/glossary.toml".to_owned(), self.glossary()),
            ("towns/synonyms.toml".to_owned(), SYNONYMS.to_owned()),
        ];
        let facts = (0..self.n_towns).map(move |number| {
            let town = self.town(number);
            (format!("towns/facts/{}.toml", slug(&town.name)), town.facts())
        });
        fixed.into_iter().chain(facts)
    }

    /// So many questions, each about a fact or gap of chance.
    pub(crate) fn questions(self, wanted: usize) -> impl Iterator<Item = Question> {
        let mut dice = Dice(self.seed ^ 0x0071_7565_7374_696f);
        (0..wanted).map(move |_| {
            let number = dice.below(self.n_towns);
            self.town(number).question(&mut dice)
        })
    }

    fn town(self, number: usize) -> Town {
        let mut dice = Dice(
            self.seed
                .wrapping_add(number as u64)
                .wrapping_mul(0x2545_f491_4f6c_dd1d),
        );
        let buildings = dice.some(&BUILDINGS, BUILDINGS_OF_TOWN);
        let buildings = buildings.into_iter().copied().map(|name| Building {
            name,
            aspects: {
                let aspects = dice.some(&ASPECTS, FACTS_OF_BUILDING + 1);
                aspects
                    .into_iter()
                    .map(|aspect| (aspect, value(aspect, &mut dice)))
                    .collect()
            },
        });
        let buildings = buildings.collect();
        Town {
            name: town_name(number),
            buildings,
        }
    }

    fn glossary(self) -> String {
        let mut text = String::new();
        for number in 0..self.n_towns {
            let name = town_name(number);
            let id = slug(&name);
            let _ = write!(
                text,
                "[[entity]]\nid = \"{id}\"\nname = \"{name}\"\nkind = \"place\"\nparagraphs = [1]\n\n\
                 [[entity]]\nid = \"{id}-council\"\nname = \"the {name} council\"\nkind = \"body\"\nparagraphs = [1]\n\
                 aliases = [\"the council of {name}\"]\n\n"
            );
        }
        for company in COMPANIES {
            let id = slug(company);
            let _ = write!(
                text,
                "[[entity]]\nid = \"{id}\"\nname = \"{company}\"\nkind = \"body\"\nparagraphs = [2]\n\n"
            );
        }
        text
    }
}

impl Town {
    /// The file of its facts.
    fn facts(&self) -> String {
        let town = slug(&self.name);
        let mut text = format!("topic = \"{town}\"\ntitle = \"{}\"\n\n", self.name);
        for building in &self.buildings {
            for (place, (aspect, value)) in building.aspects.iter().enumerate() {
                let id = self.id(building, aspect);
                let fill = |template: &str| self.fill(template, building, value);
                let is_gap = place == FACTS_OF_BUILDING;
                let (block, kinds) = if is_gap { ("gap", "asks") } else { ("fact", "gives") };
                let answer = if is_gap {
                    format!(
                        "The source does not say {} of {}.",
                        aspect.open,
                        fill("the {building} in {town}")
                    )
                } else {
                    fill(aspect.answer)
                };
                let _ = writeln!(text, "[[{block}]]\nid = \"{id}\"\nanswer = \"{answer}\"");
                if !is_gap {
                    let _ = writeln!(text, "standing = \"claimed\"\nspeaker = \"{town}-council\"");
                }
                let _ = writeln!(text, "{kinds} = [\"{}\"]", aspect.kind);
                if !aspect.counts.is_empty() {
                    let _ = writeln!(text, "counts = [\"{}\"]", aspect.counts);
                }
                let _ = writeln!(text, "entities = [\"{town}\"]\nphrasings = [");
                for phrasing in aspect.phrasings {
                    let _ = writeln!(text, "    \"{}\",", fill(phrasing));
                }
                let paragraph = 1 + (place as u32 * 7) % N_PARAGRAPHS;
                let _ = writeln!(text, "]\n[[{block}.citation]]\nparagraph = {paragraph}\n");
            }
        }
        text
    }

    fn id(&self, building: &Building, aspect: &Aspect) -> String {
        format!("{}-{}-{}", slug(&self.name), slug(building.name), aspect.id)
    }

    fn fill(&self, template: &str, building: &Building, value: &str) -> String {
        template
            .replace("{town}", &self.name)
            .replace("{building}", building.name)
            .replace("{value}", value)
    }

    fn question(&self, dice: &mut Dice) -> Question {
        let building = &self.buildings[dice.below(self.buildings.len())];
        let place = dice.below(building.aspects.len());
        let (aspect, value) = &building.aspects[place];
        let mut text = self.fill(dice.pick(&aspect.asked), building, value);
        if dice.throw().is_multiple_of(CARELESS_IN) {
            text = text.to_lowercase().replace(['?', '.', ','], "");
        }
        if dice.throw().is_multiple_of(SLIP_IN) {
            text = with_slip(&text, dice);
        }
        Question {
            text,
            id: self.id(building, aspect),
            is_gap: place == FACTS_OF_BUILDING,
        }
    }
}

/// Two neighbouring letters within a longer word change places.
fn with_slip(text: &str, dice: &mut Dice) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len())
        .filter(|place| words[*place].len() >= 6 && words[*place].bytes().all(|byte| byte.is_ascii_alphabetic()))
        .collect();
    if !long.is_empty() {
        let word = &mut words[dice.pick(&long)];
        let mut letters: Vec<char> = word.chars().collect();
        let place = 1 + dice.below(letters.len() - 2);
        letters.swap(place, place + 1);
        *word = letters.into_iter().collect();
    }
    words.join(" ")
}

fn value(aspect: &Aspect, dice: &mut Dice) -> String {
    match aspect.value {
        "company" => dice.pick(&COMPANIES).to_owned(),
        "person" => format!("{} {}", dice.pick(&FIRST_NAMES), dice.pick(&LAST_NAMES)),
        "number" => (2 + dice.below(900)).to_string(),
        "day" => {
            const MONTHS: [&str; 12] = [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ];
            format!("{} {}", dice.pick(&MONTHS), 1 + dice.below(28))
        }
        listed => {
            let all: Vec<&str> = listed.split('|').collect();
            dice.pick(&all).to_owned()
        }
    }
}

/// Beginnings and ends are combined so that neighbours in number share neither.
fn town_name(number: usize) -> String {
    let (n_beginnings, n_ends) = (TOWN_BEGINNINGS.len(), TOWN_ENDS.len());
    let round = number / n_beginnings;
    let beginning = number % n_beginnings;
    format!(
        "{}{}",
        TOWN_BEGINNINGS[beginning],
        TOWN_ENDS[(beginning + round) % n_ends]
    )
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn source() -> String {
    let mut text =
        "format = 1\ntitle = \"What the towns build\"\nagencies = [\"Country Wire\"]\n\n[paragraphs]\n".to_owned();
    for paragraph in 1..=N_PARAGRAPHS {
        let _ = writeln!(text, "{paragraph} = \"{:016x}\"", u64::from(paragraph) * 0x1357_9bdf);
    }
    text
}

const SYNONYMS: &str = r#"[[group]]
id = "build"
words = ["build", "construct", "erect"]

[[group]]
id = "price"
words = ["cost", "price", "bill"]

[[group]]
id = "open"
words = ["open", "inaugurate"]
opposite = "close"

[[group]]
id = "close"
words = ["close", "shut"]
"#;
