//! The two charts of a report, drawn as SVG.

use maud::{Markup, html};

use crate::eval::reliability::{Band, CurvePoint};

/// Width and height of the plotting area, and the margin around it for labels, in SVG units.
const SIDE: f64 = 260.0;
const MARGIN: f64 = 40.0;
const TICKS: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
/// A curve of more points than this looks no different.
const MAX_CURVE_POINTS: usize = 400;

fn x(share: f64) -> f64 {
    MARGIN + share * SIDE
}

fn y(share: f64) -> f64 {
    MARGIN / 2.0 + (1.0 - share) * SIDE
}

/// How often answers of each confidence are right, against how often they should be.
pub(super) fn reliability(bands: &[Band]) -> Markup {
    let body = html! {
        line.ideal x1=(x(0.0)) y1=(y(0.0)) x2=(x(1.0)) y2=(y(1.0)) {}
        @for band in bands {
            @if let (Some(mean), Some(right)) = (band.mean_confidence, band.share_right) {
                rect.bar x=(x(band.from) + 1.0) y=(y(right)) width=(SIDE * (band.to - band.from) - 2.0) height=(y(0.0) - y(right)) {
                    title { (band.n_answers) " answers with confidence " (format!("{mean:.2}")) ": " (super::percent(right)) " right" }
                }
                circle.dot cx=(x(mean)) cy=(y(right)) r="4" {}
                text x=(x(f64::midpoint(band.from, band.to))) y=(y(0.0) - 4.0) text-anchor="middle" { (band.n_answers) }
            }
        }
    };
    figure(
        "Reliability: the share right of the answers in each band of confidence; on the dashed line the confidence means what it says.",
        "confidence",
        "share right",
        1.0,
        &body,
    )
}

/// The share wrong among the most confident answers, for every number of them.
pub(super) fn risk_coverage(curve: &[CurvePoint]) -> Markup {
    let highest = curve.iter().map(|point| point.risk).fold(0.0, f64::max);
    // A good curve lies low, so it gets the scale that shows it.
    let scale = [0.05, 0.1, 0.2, 0.5]
        .into_iter()
        .find(|scale| highest <= *scale)
        .unwrap_or(1.0);
    let every = curve.len().div_ceil(MAX_CURVE_POINTS).max(1);
    let last = curve.len().saturating_sub(1);
    let points: Vec<String> = curve
        .iter()
        .enumerate()
        .filter(|(place, _)| place % every == 0 || *place == last)
        .map(|(_, point)| format!("{:.1},{:.1}", x(point.coverage), y(point.risk / scale)))
        .collect();
    let body = html! { polyline.curve points=(points.join(" ")) {} };
    figure(
        "Risk and coverage: if only so large a share of the answers were given, the most confident first, so many of them would be wrong.",
        "share of the answers given",
        "share wrong",
        scale,
        &body,
    )
}

/// Axes from 0 to 1 across, and from 0 to `scale` upwards, with the body drawn between them.
fn figure(caption: &str, across: &str, upwards: &str, scale: f64, body: &Markup) -> Markup {
    let (width, height) = (SIDE + MARGIN * 1.5, SIDE + MARGIN * 1.5);
    let middle = y(0.5);
    html! {
        figure {
            svg viewBox=(format!("0 0 {width} {height}")) role="img" aria-label=(caption) {
                path.axis d=(format!("M{} {}V{}H{}", x(0.0), y(1.0), y(0.0), x(1.0))) {}
                @for tick in TICKS {
                    text x=(x(tick)) y=(y(0.0) + 16.0) text-anchor="middle" { (format!("{tick:.1}")) }
                    text x=(x(0.0) - 6.0) y=(y(tick) + 4.0) text-anchor="end" { (format!("{:.2}", tick * scale)) }
                }
                text x=(x(0.5)) y=(y(0.0) + 32.0) text-anchor="middle" { (across) }
                text x="10" y=(middle) text-anchor="middle" transform=(format!("rotate(-90 10 {middle})")) { (upwards) }
                (body)
            }
            figcaption { (caption) }
        }
    }
}
