//! `export`: the loaded fact base, one JSON object a line, facts and then gaps of each briefing.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use super::Outcome;
use crate::exit::Exit;
use crate::fact::{Briefing, Citation, Fact, Gap, Paragraph, PartialDate, Standing};

/// Prints the fact base.
///
/// # Errors
/// If the fact base cannot be loaded, or the output cannot be written.
pub fn run(knowledge: &Path) -> Outcome {
    let base = super::load(knowledge)?;
    let mut output = BufWriter::new(std::io::stdout().lock());
    for briefing in &base.briefings {
        for fact in &briefing.facts {
            writeln!(output, "{}", serde_json::to_string(&Line::of_fact(briefing, fact))?)?;
        }
        for gap in &briefing.gaps {
            writeln!(output, "{}", serde_json::to_string(&Line::of_gap(briefing, gap))?)?;
        }
    }
    output.flush()?;
    Ok(Exit::Done)
}

/// A fact or a gap; every key is always there.
#[derive(Serialize)]
struct Line<'b> {
    kind: &'static str,
    id: &'b str,
    briefing: &'b str,
    topic: &'b str,
    standing: Option<&'static str>,
    answer: &'b str,
    phrasings: Vec<&'b str>,
    citations: Vec<CitationOfLine<'b>>,
    entities: &'b [String],
    date: Option<String>,
}

#[derive(Serialize)]
struct CitationOfLine<'b> {
    source: &'b str,
    paragraph: serde_json::Value,
    speaker: Option<&'b str>,
    quote: Option<&'b str>,
}

impl<'b> Line<'b> {
    fn of_fact(briefing: &'b Briefing, fact: &'b Fact) -> Self {
        let (standing, speaker) = match &fact.standing {
            Standing::Stated => ("stated", None),
            Standing::Claimed { speaker } => ("claimed", Some(speaker.as_str())),
            Standing::Inferred { .. } => ("inferred", None),
        };
        Self {
            kind: "fact",
            id: &fact.id,
            briefing: &briefing.id,
            topic: &fact.topic,
            standing: Some(standing),
            answer: &fact.answer,
            phrasings: fact.phrasings.iter().collect(),
            citations: citations(briefing, &fact.citations, speaker),
            entities: &fact.entities,
            date: fact.date.as_ref().map(|date| written(date.on)),
        }
    }

    fn of_gap(briefing: &'b Briefing, gap: &'b Gap) -> Self {
        Self {
            kind: "gap",
            id: &gap.id,
            briefing: &briefing.id,
            topic: &gap.topic,
            standing: None,
            answer: &gap.answer,
            phrasings: gap.phrasings.iter().collect(),
            citations: citations(briefing, &gap.citations, None),
            entities: &gap.entities,
            date: None,
        }
    }
}

/// The citations with their names resolved; who claims the fact says it in each, unless the citation says otherwise.
fn citations<'b>(
    briefing: &'b Briefing,
    citations: &'b [Citation],
    claimed_by: Option<&'b str>,
) -> Vec<CitationOfLine<'b>> {
    let name = |id: &'b str| briefing.entity(id).map_or(id, |entity| entity.name.as_str());
    citations
        .iter()
        .map(|citation| CitationOfLine {
            source: &briefing.source.title,
            paragraph: match citation.paragraph {
                Paragraph::Number(number) => number.into(),
                name => name.to_string().into(),
            },
            speaker: citation.speaker.as_deref().or(claimed_by).map(name),
            quote: citation.quote.as_deref(),
        })
        .collect()
}

/// The date as a curator writes it: `2031-05-02`, `05-02`, `2031-05`, `2031` or `05`.
fn written(date: PartialDate) -> String {
    let parts = [
        date.year.map(|year| format!("{year:04}")),
        date.month.map(|month| format!("{month:02}")),
        date.day.map(|day| format!("{day:02}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_they_are_read() {
        for text in ["2031-05-02", "05-02", "2031-05", "2031", "05"] {
            assert_eq!(PartialDate::parse(text).map(written).as_deref(), Some(text));
        }
    }
}
