//! How far the confidence can be believed: the reliability table and three figures of it.
//!
//! Asked of the answers given only: where nothing was asserted, there is nothing that could be right with that
//! confidence. Ties in confidence count as ties, so no figure depends on the order of the questions.

/// Bands of equal width from 0 to 1.
pub const N_BANDS: usize = 10;

/// What became of one given answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Given {
    /// The confidence it was given with.
    pub confidence: f32,
    /// Whether it was right.
    pub is_right: bool,
}

/// The figures over all given answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Reliability {
    /// Ten bands, ascending; a confidence on a border belongs to the upper one, 1.0 to the last.
    pub bands: Vec<Band>,
    /// Expected calibration error: the mean distance between a band's confidence and its share right, weighted by
    /// the answers in it.
    pub ece: Option<f64>,
    /// Area under the risk-coverage curve: the mean, over every number of most confident answers, of the share wrong
    /// among them. 0 is best.
    pub aurc: Option<f64>,
    /// How probably a right answer has the higher confidence than a wrong one; `None` unless there are both.
    pub auroc: Option<f64>,
}

/// The answers whose confidence lies in one band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Its lower border.
    pub from: f64,
    /// Its upper border.
    pub to: f64,
    /// How many answers.
    pub n_answers: usize,
    /// Their mean confidence; `None` where there are none.
    pub mean_confidence: Option<f64>,
    /// The share of them that is right.
    pub share_right: Option<f64>,
}

impl Reliability {
    /// Computes the figures.
    #[must_use]
    pub fn of(given: &[Given]) -> Self {
        let bands: Vec<Band> = (0..N_BANDS).map(|index| band(index, given)).collect();
        Self {
            ece: calibration_error(&bands),
            bands,
            aurc: risk_coverage_area(given),
            auroc: auroc(given.iter().map(|given| (given.confidence, given.is_right))),
        }
    }
}

fn band(index: usize, given: &[Given]) -> Band {
    let inside = || given.iter().filter(move |given| band_index(given.confidence) == index);
    let n_answers = inside().count();
    let mean = |sum: f64| (n_answers > 0).then(|| sum / n_answers as f64);
    Band {
        from: index as f64 / N_BANDS as f64,
        to: (index + 1) as f64 / N_BANDS as f64,
        n_answers,
        mean_confidence: mean(inside().map(|given| f64::from(given.confidence)).sum()),
        share_right: mean(inside().filter(|given| given.is_right).count() as f64),
    }
}

fn band_index(confidence: f32) -> usize {
    // In `f32`, so that 0.7 times 10 is 7 and lands on the border that it names.
    ((confidence * N_BANDS as f32) as usize).min(N_BANDS - 1)
}

fn calibration_error(bands: &[Band]) -> Option<f64> {
    let n_answers: usize = bands.iter().map(|band| band.n_answers).sum();
    let distances = bands.iter().filter_map(|band| {
        let distance = (band.mean_confidence? - band.share_right?).abs();
        Some(distance * band.n_answers as f64)
    });
    (n_answers > 0).then(|| distances.sum::<f64>() / n_answers as f64)
}

fn risk_coverage_area(given: &[Given]) -> Option<f64> {
    let curve = risk_coverage_curve(given);
    let sum_of_risks: f64 = curve.iter().map(|point| point.risk).sum();
    (!curve.is_empty()).then(|| sum_of_risks / curve.len() as f64)
}

/// One point of the risk-coverage curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// The share of the answers that are taken, the most confident first; above 0, up to 1.
    pub coverage: f64,
    /// The share wrong among them.
    pub risk: f64,
}

/// The curve, a point for every number of answers taken.
#[must_use]
pub fn risk_coverage_curve(given: &[Given]) -> Vec<CurvePoint> {
    let mut sorted = given.to_vec();
    sorted.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let (mut n_before, mut n_wrong_before) = (0.0, 0.0);
    let mut curve = Vec::with_capacity(sorted.len());
    for tied in sorted.chunk_by(|a, b| a.confidence.total_cmp(&b.confidence).is_eq()) {
        let n_wrong = tied.iter().filter(|given| !given.is_right).count() as f64;
        // Within a tie every order is as good, so the wrong ones are spread evenly over it.
        let wrong_per_step = n_wrong / tied.len() as f64;
        for step in 1..=tied.len() {
            let step = step as f64;
            curve.push(CurvePoint {
                coverage: (n_before + step) / sorted.len() as f64,
                risk: (n_wrong_before + wrong_per_step * step) / (n_before + step),
            });
        }
        n_before += tied.len() as f64;
        n_wrong_before += n_wrong;
    }
    curve
}

/// How probably a positive scores higher than a negative, ties counting one half; `None` unless there are both.
#[must_use]
pub fn auroc(scored: impl Iterator<Item = (f32, bool)>) -> Option<f64> {
    let mut scored: Vec<(f32, bool)> = scored.collect();
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut n_positives, mut n_negatives, mut n_pairs_won) = (0.0, 0.0, 0.0);
    for tied in scored.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let positives = tied.iter().filter(|(_, is_positive)| *is_positive).count() as f64;
        let negatives = tied.len() as f64 - positives;
        n_pairs_won += positives * (n_negatives + negatives / 2.0);
        n_positives += positives;
        n_negatives += negatives;
    }
    let n_pairs = n_positives * n_negatives;
    (n_pairs > 0.0).then(|| n_pairs_won / n_pairs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn given(answers: &[(f32, bool)]) -> Vec<Given> {
        answers
            .iter()
            .map(|&(confidence, is_right)| Given { confidence, is_right })
            .collect()
    }

    #[track_caller]
    fn assert_close(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    #[test]
    fn without_answers_no_figure_is_made_up() {
        let reliability = Reliability::of(&[]);
        assert_eq!(reliability.bands.len(), N_BANDS);
        assert!(
            reliability
                .bands
                .iter()
                .all(|band| band.n_answers == 0 && band.share_right.is_none())
        );
        assert_eq!(
            (reliability.ece, reliability.aurc, reliability.auroc),
            (None, None, None)
        );
    }

    #[test]
    fn borders_belong_to_the_upper_band_and_one_to_the_last() {
        for (confidence, band) in [
            (0.0, 0),
            (0.0999, 0),
            (0.1, 1),
            (0.3, 3),
            (0.6, 6),
            (0.7, 7),
            (0.9, 9),
            (1.0, 9),
        ] {
            assert_eq!(band_index(confidence), band, "{confidence}");
        }
    }

    #[test]
    fn the_calibration_error_weighs_each_band_by_its_answers() {
        // Band 0.9: mean 0.95, right 2 of 3; band 0.5: 0.5, right 0 of 1.
        let reliability = Reliability::of(&given(&[(0.95, true), (0.95, true), (0.95, false), (0.5, false)]));
        assert_close(reliability.ece, (3.0 * (0.95 - 2.0 / 3.0) + 0.5) / 4.0);
        assert_eq!(reliability.bands[9].n_answers, 3);
        assert_close(reliability.bands[9].share_right, 2.0 / 3.0);
    }

    #[test]
    fn the_risk_coverage_area_is_the_mean_share_wrong_of_the_most_confident() {
        let answers = given(&[(0.9, true), (0.8, false), (0.7, true), (0.6, true)]);
        assert_close(
            risk_coverage_area(&answers),
            (0.0 + 1.0 / 2.0 + 1.0 / 3.0 + 1.0 / 4.0) / 4.0,
        );
        assert_close(risk_coverage_area(&given(&[(0.9, true), (0.1, true)])), 0.0);
        assert_close(risk_coverage_area(&given(&[(0.9, false), (0.1, false)])), 1.0);
    }

    #[test]
    fn ties_are_neither_order() {
        assert_close(auroc([(0.5, true), (0.5, false)].into_iter()), 0.5);
        let one = risk_coverage_area(&given(&[(0.5, true), (0.5, false)]));
        let other = risk_coverage_area(&given(&[(0.5, false), (0.5, true)]));
        assert_eq!(one, other);
        assert_close(one, 0.5);
    }

    #[test]
    fn auroc_needs_both_kinds() {
        assert_eq!(auroc([(0.5, true), (0.6, true)].into_iter()), None);
        assert_close(auroc([(0.9, true), (0.8, true), (0.7, false)].into_iter()), 1.0);
        assert_close(auroc([(0.9, true), (0.2, true), (0.7, false)].into_iter()), 0.5);
    }

    proptest! {
        /// The definition, pair by pair: slow, and too simple to be wrong.
        #[test]
        fn auroc_is_the_share_of_pairs_in_the_right_order(
            scored in proptest::collection::vec((0u8..12, any::<bool>()), 0..40)
        ) {
            let scored: Vec<(f32, bool)> = scored.iter().map(|&(score, right)| (f32::from(score), right)).collect();
            let mut pairs = Vec::new();
            for (positive, _) in scored.iter().filter(|(_, right)| *right) {
                for (negative, _) in scored.iter().filter(|(_, right)| !*right) {
                    pairs.push(if positive > negative { 1.0 } else if positive < negative { 0.0 } else { 0.5 });
                }
            }
            let naive = (!pairs.is_empty()).then(|| pairs.iter().sum::<f64>() / pairs.len() as f64);
            let found = auroc(scored.into_iter());
            match (found, naive) {
                (Some(found), Some(naive)) => prop_assert!((found - naive).abs() < 1e-9),
                (found, naive) => prop_assert_eq!(found, naive),
            }
        }
    }
}
