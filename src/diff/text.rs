//! Changes as lines of plain text.

use super::{ChangedAnswer, Changes, Entry, Name, Reworded};

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.is_gap { "gap" } else { "fact" };
        write!(f, "{kind} {}/{}", self.briefing, self.id)
    }
}

impl Changes {
    /// `2 added, 1 removed, 3 reworded`, or `no change`.
    #[must_use]
    pub fn summary(&self) -> String {
        let counts = [
            (self.added.len(), "added"),
            (self.removed.len(), "removed"),
            (self.reworded.len(), "reworded"),
        ];
        let mut parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        parts.extend(self.parts.iter().cloned());
        if parts.is_empty() {
            "no change".to_owned()
        } else {
            parts.join(", ")
        }
    }

    /// Everything that changed, in paragraphs of one line or several: removed (`-`), added (`+`), reworded (`~`).
    #[must_use]
    pub fn paragraphs(&self) -> Vec<String> {
        let entry = |sign: char| move |entry: &Entry| format!("{sign} {}\n    {}", entry.name, entry.answer);
        let removed = self.removed.iter().map(entry('-'));
        let added = self.added.iter().map(entry('+'));
        let reworded = self.reworded.iter().map(reworded_text);
        let parts = self.parts.iter().map(|part| format!("~ {part}"));
        removed.chain(added).chain(reworded).chain(parts).collect()
    }
}

fn reworded_text(reworded: &Reworded) -> String {
    let mut lines = vec![format!("~ {} ({})", reworded.name, reworded.keys.join(", "))];
    if reworded.before != reworded.after {
        lines.push(format!("  - {}", reworded.before));
        lines.push(format!("  + {}", reworded.after));
    }
    let removed = reworded.phrasings_removed.iter().map(|text| format!("  - “{text}”"));
    let added = reworded.phrasings_added.iter().map(|text| format!("  + “{text}”"));
    lines.extend(removed.chain(added));
    lines.join("\n")
}

impl std::fmt::Display for ChangedAnswer {
    /// The question and what was and is said, in three lines; two where only the words of the same fact changed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (before, after) = (self.before.names(), self.after.names());
        if before == after {
            write!(f, "? {}\n  ~ {after}: {}", self.question, self.after.text)
        } else {
            write!(
                f,
                "? {}\n  - {before} ({:.2})\n  + {after} ({:.2})",
                self.question, self.before.confidence, self.after.confidence
            )
        }
    }
}
