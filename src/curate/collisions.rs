//! Example questions that are taken for another fact's: each is left out of the base in turn and asked again.
//!
//! The matcher's model is trained on all phrasings together, so a question can only be asked anew of a model that was
//! trained without it. One training for each question would take hours; instead every fact's and gap's phrasings are
//! dealt out into [`N_FOLDS`] parts, and each part is asked of a base that lacks it. A question so loses up to a twentieth
//! of its fellows too, and of its rivals, so that the shares are only near to those of leaving out one at a time.
//! Deliberately absent: the decision. A question that finds its own fact here may still be declined when it is asked, for
//! a name that the briefing does not have, or too little confidence.
//! Promise: deterministic; the folds do not depend on each other, so that they may be asked side by side.

use std::collections::BTreeMap;

use super::{about, remark};
use crate::diff::Name;
use crate::fact::marks::{Part, Remark};
use crate::fact::problem::Advice;
use crate::fact::{Briefing, FactBase, Texts};
use crate::matching::class::Origin;
use crate::matching::{Context, Match, Matcher};
use crate::text::normalise::normalise;

/// Parts that phrasings are dealt out into: as many as a curator waits for, a minute for twenty thousand phrasings, since
/// what is asked is how a question fares when it alone is taken out.
pub const N_FOLDS: usize = 20;
/// Fewer disputed questions than this are an accident, not a collision.
const MIN_DISPUTED: usize = 3;

/// A phrasing asked of a base that lacks it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    /// The fact or gap that it belongs to.
    pub owner: Name,
    /// The question.
    pub phrasing: String,
    /// The best of the others, where there is one.
    pub rival: Option<Name>,
    /// The owner's confidence less the rival's, -1 to 1; negative where the rival wins. Of a gap's question it is the
    /// confidence that some gap is meant.
    pub margin: f32,
    /// Whether its own fact is the likeliest of all facts, whatever a gap says.
    pub is_first_of_facts: bool,
}

impl HeldOut {
    /// Whether it gets what it should: its own fact, or, a gap's question, no fact.
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.margin > 0.0
    }
}

/// Two that take each other's questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Collision {
    /// The two, by name.
    pub pair: (Name, Name),
    /// How many questions of either have the other as their rival.
    pub n_disputed: usize,
    /// How many of them go to the wrong one.
    pub n_lost: usize,
    /// The mean margin of these questions; negative.
    pub margin: f32,
    /// The question that is lost by most, and whose it is.
    pub worst: HeldOut,
}

/// Asks the phrasings of one fold, 0 to [`N_FOLDS`] less one, of a base without them. The only phrasing of a fact or gap
/// is never left out.
#[must_use]
pub fn ask_fold(base: &FactBase, fold: usize) -> Vec<HeldOut> {
    let mut held_out: Vec<(Name, String)> = Vec::new();
    let mut briefings = base.briefings.clone();
    for briefing in &mut briefings {
        let id = briefing.id.clone();
        let name = |entry: &str, is_gap| Name {
            briefing: id.clone(),
            id: entry.to_owned(),
            is_gap,
        };
        for fact in &mut briefing.facts {
            let name = name(&fact.id, false);
            held_out.extend(
                take(&mut fact.phrasings, fold)
                    .into_iter()
                    .map(|text| (name.clone(), text)),
            );
        }
        for gap in &mut briefing.gaps {
            let name = name(&gap.id, true);
            held_out.extend(
                take(&mut gap.phrasings, fold)
                    .into_iter()
                    .map(|text| (name.clone(), text)),
            );
        }
    }
    if held_out.is_empty() {
        return Vec::new();
    }
    let without = FactBase::new(briefings);
    let matcher = Matcher::new(&without);
    held_out
        .into_iter()
        .map(|(owner, phrasing)| ask(&without, &matcher, owner, phrasing))
        .collect()
}

/// Takes the phrasings of a fold away.
fn take(phrasings: &mut Texts, fold: usize) -> Vec<String> {
    if phrasings.len() < 2 {
        return Vec::new();
    }
    let (out, kept): (Vec<_>, Vec<_>) = phrasings
        .iter()
        .enumerate()
        .partition(|(place, _)| place % N_FOLDS == fold);
    let out = out.into_iter().map(|(_, text)| text.to_owned()).collect();
    *phrasings = kept.into_iter().map(|(_, text)| text).collect();
    out
}

/// Asks one question, and weighs facts against gaps as [`crate::answer::decide`] does, without its thresholds: by the fitted confidence, which tells a fact from a
/// gap, while the ranker tells which gap it is. A gap's question is so lost to a fact only, never to another gap.
fn ask(base: &FactBase, matcher: &Matcher, owner: Name, phrasing: String) -> HeldOut {
    let question = matcher.analyse(&normalise(&phrasing));
    let matches = matcher.find(&question, &Context::default());
    let sort = |found: &&Match| matcher.class(found.class).is_gap();
    let name_of = |found: &Match| name(base, matcher.class(found.class).origin);
    let gap = matches.iter().find(sort).map(|best| {
        let likest = matcher.likest_gap(&matches);
        (likest.and_then(name_of), best.confidence)
    });
    let facts = || {
        matches
            .iter()
            .filter(|found| !sort(found))
            .map(|found| (name_of(found), found.confidence))
    };
    let (own, rival) = if owner.is_gap {
        (gap.map_or(0.0, |(_, confidence)| confidence), facts().next())
    } else {
        let is_own = |name: &Option<Name>| name.as_ref() == Some(&owner);
        let own = facts()
            .find(|(name, _)| is_own(name))
            .map_or(0.0, |(_, confidence)| confidence);
        let other = facts().find(|(name, _)| !is_own(name));
        let rival = [other, gap].into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1));
        (own, rival)
    };
    let is_first_of_facts = !owner.is_gap && facts().next().is_some_and(|(name, _)| name.as_ref() == Some(&owner));
    let margin = own - rival.as_ref().map_or(0.0, |(_, confidence)| *confidence);
    HeldOut {
        owner,
        phrasing,
        rival: rival.and_then(|(name, _)| name),
        margin,
        is_first_of_facts,
    }
}

fn name(base: &FactBase, origin: Origin) -> Option<Name> {
    let (Origin::Fact(index, place) | Origin::Gap(index, place)) = origin;
    let briefing: &Briefing = base.briefings.get(index)?;
    let is_gap = matches!(origin, Origin::Gap(..));
    let id = if is_gap {
        &briefing.gaps.get(place)?.id
    } else {
        &briefing.facts.get(place)?.id
    };
    Some(Name {
        briefing: briefing.id.clone(),
        id: id.clone(),
        is_gap,
    })
}

/// How the left-out questions fare, as shares; each `None` where there are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Of the facts' questions: their own fact is the likeliest of the facts.
    pub find_their_own: Option<f64>,
    /// Of the facts' questions: their own fact is likelier than any other fact, and than any gap.
    pub win: Option<f64>,
    /// Of the gaps' questions: a gap is likelier than any fact.
    pub stay_open: Option<f64>,
}

/// The shares over all left-out questions.
#[must_use]
pub fn shares(held_out: &[HeldOut]) -> Shares {
    let share = |of_gaps: bool, counts: fn(&HeldOut) -> bool| {
        let of_sort = || held_out.iter().filter(move |held_out| held_out.owner.is_gap == of_gaps);
        let n = of_sort().count();
        (n > 0).then(|| of_sort().filter(|held_out| counts(held_out)).count() as f64 / n as f64)
    };
    Shares {
        find_their_own: share(false, |held_out| held_out.is_first_of_facts),
        win: share(false, HeldOut::is_found),
        stay_open: share(true, HeldOut::is_found),
    }
}

impl Shares {
    /// One line for people.
    #[must_use]
    pub fn line(&self) -> String {
        let shown = |share: f64| format!("{:.1} %", share * 100.0);
        let mut parts = Vec::new();
        if let (Some(own), Some(win)) = (self.find_their_own, self.win) {
            parts.push(format!(
                "{} of the facts' example questions find their own fact, {} of them before any gap",
                shown(own),
                shown(win)
            ));
        }
        if let Some(open) = self.stay_open {
            parts.push(format!("{} of the gaps' find a gap before any fact", shown(open)));
        }
        if parts.is_empty() {
            "there is nothing to leave out".to_owned()
        } else {
            format!("left out and asked again, {}", parts.join("; "))
        }
    }
}

/// The pairs of which one takes the other's questions more than it leaves them, worst first. Two gaps never collide: both
/// say that the briefing does not say it, and neither tells a member anything false.
#[must_use]
pub fn collisions(held_out: &[HeldOut]) -> Vec<Collision> {
    let mut disputed: BTreeMap<(&Name, &Name), Vec<&HeldOut>> = BTreeMap::new();
    for one in held_out {
        let Some(rival) = &one.rival else { continue };
        if one.owner.is_gap && rival.is_gap {
            continue;
        }
        let pair = if one.owner < *rival {
            (&one.owner, rival)
        } else {
            (rival, &one.owner)
        };
        disputed.entry(pair).or_default().push(one);
    }
    let mut collisions: Vec<Collision> = disputed.into_iter().filter_map(collision).collect();
    collisions.sort_by(|a, b| a.margin.total_cmp(&b.margin));
    collisions
}

fn collision((pair, questions): ((&Name, &Name), Vec<&HeldOut>)) -> Option<Collision> {
    let margin = questions.iter().map(|question| question.margin).sum::<f32>() / questions.len() as f32;
    if questions.len() < MIN_DISPUTED || margin >= 0.0 {
        return None;
    }
    let worst = questions.iter().min_by(|a, b| a.margin.total_cmp(&b.margin))?;
    Some(Collision {
        pair: (pair.0.clone(), pair.1.clone()),
        n_disputed: questions.len(),
        n_lost: questions.iter().filter(|question| !question.is_found()).count(),
        margin,
        worst: (*worst).clone(),
    })
}

/// A collision as a remark at its worst question.
#[must_use]
pub fn collision_remark(collision: &Collision) -> Remark {
    let worst = &collision.worst;
    let advice = Advice::Collision {
        one: shown(&collision.pair.0),
        other: shown(&collision.pair.1),
        n_lost: collision.n_lost,
        n_disputed: collision.n_disputed,
        margin: format!("{:.2}", collision.margin),
        phrasing: worst.phrasing.clone(),
    };
    let part = Part::Phrasing(worst.owner.id.clone(), worst.phrasing.clone());
    remark(&worst.owner.briefing, part, String::new(), advice)
}

/// A question that does not find its own, as a remark; `None` where it does.
#[must_use]
pub fn lost_remark(held_out: &HeldOut) -> Option<Remark> {
    let rival = held_out.rival.as_ref().filter(|_| !held_out.is_found())?;
    let advice = Advice::Lost {
        winner: shown(rival),
        margin: format!("{:.2}", -held_out.margin),
        phrasing: held_out.phrasing.clone(),
    };
    let owner = &held_out.owner;
    let part = Part::Phrasing(owner.id.clone(), held_out.phrasing.clone());
    Some(remark(&owner.briefing, part, shown(owner), advice))
}

fn shown(name: &Name) -> String {
    about(if name.is_gap { "gap" } else { "fact" }, &name.id)
}
