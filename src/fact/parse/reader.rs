//! Takes values out of a TOML tree by what they must be, and gathers what they are not.
//!
//! Why not serde: it stops at the first value of a wrong type, and a curator wants to read all of them at once.
//! Promise: a wrong or missing value costs that value only; its neighbours are still read and checked.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fact::problem::{Collector, Fault, Place};

/// A value with the place where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located<T> {
    /// The value.
    pub(crate) value: T,
    /// Where.
    pub(crate) place: Place,
}

/// What can be read from a TOML value.
pub(crate) trait Readable: Sized {
    /// Reads it; `None` where that is impossible, which is reported then.
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self>;
}

/// Reads one file.
#[derive(Debug)]
pub(crate) struct Reader<'c> {
    collector: &'c mut Collector,
    file: usize,
    /// Which entry is being read, for messages.
    about: String,
    /// Which of its keys, for messages.
    pub(crate) key: &'static str,
    /// Whether a part of the file was lost, so that nothing can be said to be missing at its top.
    is_partial: bool,
}

impl<'c> Reader<'c> {
    pub(crate) fn new(collector: &'c mut Collector, file: usize, is_partial: bool) -> Self {
        Self {
            collector,
            file,
            about: String::new(),
            key: "",
            is_partial,
        }
    }

    /// The place of a value.
    pub(crate) fn place<T>(&self, spanned: &Spanned<T>) -> Place {
        let span = spanned.span();
        Place {
            file: self.file,
            start: span.start,
            end: span.end,
        }
    }

    /// How many problems were found up to now.
    pub(crate) fn n_problems(&self) -> usize {
        self.collector.len()
    }

    /// Reports that a value is not what it must be.
    pub(crate) fn error<T>(&mut self, at: &Spanned<T>, fault: Fault) {
        let place = self.place(at);
        self.collector.error(place, &self.about, fault);
    }

    /// Reports a value of a wrong type.
    pub(crate) fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, expected: &'static str, hint: Option<String>) {
        let fault = Fault::WrongType {
            key: self.key,
            expected,
            found: type_name(value.get_ref()),
            hint,
        };
        self.error(value, fault);
    }

    /// Reads a file's root.
    pub(crate) fn root<T>(
        &mut self,
        root: &Spanned<DeTable<'_>>,
        read: impl FnOnce(&mut Table<'_, '_, '_, 'c>) -> T,
    ) -> T {
        let place = Place {
            file: self.file,
            start: 0,
            end: 0,
        };
        self.fields(root.get_ref(), place, true, read)
    }

    /// Reads a table within a file.
    pub(crate) fn table<T>(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        read: impl FnOnce(&mut Table<'_, '_, '_, 'c>) -> T,
    ) -> Option<T> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(value, "a table", None);
            return None;
        };
        let place = self.place(value);
        Some(self.fields(table, place, false, read))
    }

    /// Reads a table that is an entry of its own (`` fact `wall-height` ``): messages within it name it.
    pub(crate) fn entry<T>(
        &mut self,
        kind: &str,
        value: &Spanned<DeValue<'_>>,
        read: impl FnOnce(&mut Table<'_, '_, '_, 'c>) -> T,
    ) -> Option<T> {
        let id = value.get_ref().as_table().and_then(|table| table.get("id"));
        self.about = match id.and_then(|id| id.get_ref().as_str()) {
            Some(id) => entry_name(kind, id),
            None => kind.to_owned(),
        };
        let entry = self.table(value, read);
        self.about.clear();
        entry
    }

    fn fields<T>(
        &mut self,
        table: &DeTable<'_>,
        place: Place,
        is_root: bool,
        read: impl FnOnce(&mut Table<'_, '_, '_, 'c>) -> T,
    ) -> T {
        let mut fields = Table {
            entries: table,
            place,
            is_root,
            asked: Vec::new(),
            missing: Vec::new(),
            reader: self,
        };
        let value = read(&mut fields);
        fields.report_keys();
        value
    }
}

/// How a message names an entry.
pub(crate) fn entry_name(kind: &str, id: &str) -> String {
    format!("{kind} `{}`", crate::fact::problem::clip(id))
}

/// A table whose keys are asked for one by one; the others are unknown.
#[derive(Debug)]
pub(crate) struct Table<'r, 't, 'i, 'c> {
    entries: &'t DeTable<'i>,
    /// Where it begins: its header line, or all of it where it stands on one line.
    pub(crate) place: Place,
    is_root: bool,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    reader: &'r mut Reader<'c>,
}

impl<'t, 'i> Table<'_, 't, 'i, '_> {
    /// What the key holds, if it is there.
    pub(crate) fn optional<T: Readable>(&mut self, key: &'static str) -> Option<T> {
        let value = self.find(key)?;
        T::read(value, self.reader)
    }

    /// What the key holds; reported where it is not there.
    pub(crate) fn required<T: Readable>(&mut self, key: &'static str) -> Option<T> {
        if self.find(key).is_none() {
            self.missing.push(key);
        }
        self.optional(key)
    }

    /// As [`Table::required`], but for a table that says what is still to be done.
    pub(crate) fn required_unless_todo<T: Readable>(&mut self, key: &'static str) -> Option<T> {
        if self.is_todo() {
            self.optional(key)
        } else {
            self.required(key)
        }
    }

    /// As [`Table::required_list`], but for a table that says what is still to be done.
    pub(crate) fn required_list_unless_todo<T: Readable>(&mut self, key: &'static str) -> Vec<T> {
        if self.is_todo() {
            self.list(key)
        } else {
            self.required_list(key)
        }
    }

    fn is_todo(&self) -> bool {
        self.entries.contains_key("todo")
    }

    /// The elements of the list that the key holds; empty where it is not there.
    pub(crate) fn list<T: Readable>(&mut self, key: &'static str) -> Vec<T> {
        let Some(value) = self.find(key) else {
            return Vec::new();
        };
        self.elements(key, value)
    }

    /// The elements of the list that the key holds; reported where there is none.
    pub(crate) fn required_list<T: Readable>(&mut self, key: &'static str) -> Vec<T> {
        match self.find(key) {
            None => self.missing.push(key),
            Some(value) if value.get_ref().as_array().is_some_and(|array| array.is_empty()) => {
                self.reader.error(value, Fault::Empty { key });
            }
            Some(_) => {}
        }
        self.list(key)
    }

    /// The pairs of the table that the key holds, with the keys' places; a value that cannot be read is `None`.
    pub(crate) fn pairs<K, V: Readable>(
        &mut self,
        key: &'static str,
        read_key: impl Fn(&str) -> Result<K, Fault>,
    ) -> Vec<(Located<K>, Option<V>)> {
        let Some(value) = self.find(key) else {
            return Vec::new();
        };
        let DeValue::Table(table) = value.get_ref() else {
            self.reader.wrong_type(
                value,
                "a table",
                Some(format!(
                    "write `[{key}]` on a line of its own, and one `name = \"…\"` a line under it"
                )),
            );
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (name, value) in table {
            let place = self.reader.place(name);
            let value = V::read(value, self.reader);
            match read_key(name.get_ref()) {
                Ok(name) => pairs.push((Located { value: name, place }, value)),
                Err(fault) => self.reader.error(name, fault),
            }
        }
        pairs
    }

    fn elements<T: Readable>(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<T> {
        match value.get_ref() {
            DeValue::Array(array) => array
                .iter()
                .filter_map(|element| T::read(element, self.reader))
                .collect(),
            DeValue::Table(_) => {
                self.reader.wrong_type(
                    value,
                    "a list of tables",
                    Some(format!("write the `{key}` line with double brackets: `[[…]]`")),
                );
                Vec::new()
            }
            _ => {
                self.reader
                    .wrong_type(value, "a list", Some("put it in brackets: `[…]`".to_owned()));
                Vec::new()
            }
        }
    }

    fn find(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.reader.key = key;
        self.entries.get(key)
    }

    /// Reports the keys that nothing asked for, and those that are missing.
    fn report_keys(&mut self) {
        for key in self
            .entries
            .keys()
            .filter(|key| !self.asked.contains(&key.get_ref().as_ref()))
        {
            let nearest = nearest(key.get_ref(), self.asked.iter().copied());
            // Misspelt, so not missing as well.
            self.missing.retain(|missing| Some(*missing) != nearest);
            let fault = Fault::UnknownKey {
                key: key.get_ref().to_string(),
                nearest: nearest.map(str::to_owned),
                known: self.asked.clone(),
            };
            self.reader.error(key, fault);
        }
        if !(self.is_root && self.reader.is_partial) {
            for key in &self.missing {
                self.reader
                    .collector
                    .error(self.place, &self.reader.about, Fault::Missing { key });
            }
        }
    }
}

impl<T: Readable> Readable for Located<T> {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let place = reader.place(value);
        T::read(value, reader).map(|value| Self { value, place })
    }
}

/// The known name that the written one is most likely meant to be.
pub(crate) fn nearest<'n>(written: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    /// A name longer than this is no misspelt one, and comparing takes time in proportion.
    const MAX_COMPARED_BYTES: usize = 100;
    /// Of what `strsim` gives from 0 to 1; below, the guess is more often wrong than right.
    const MIN_LIKENESS: f64 = 0.6;
    if written.len() > MAX_COMPARED_BYTES {
        return None;
    }
    let written = written.to_lowercase().replace('_', "-");
    let likeness = |name: &str| {
        let name = name.replace('_', "-");
        let is_part = written.len() >= 3 && (name.contains(&written) || written.contains(&name));
        strsim::normalized_damerau_levenshtein(&written, &name) + if is_part { 0.3 } else { 0.0 }
    };
    known
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness >= MIN_LIKENESS)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// How messages name what was found.
fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_known_name_is_the_likely_one_or_none() {
        let known = || ["answer", "phrasings", "inferred_from", "superseded_by", "id"].into_iter();
        assert_eq!(nearest("anwser", known()), Some("answer"));
        assert_eq!(nearest("phrasing", known()), Some("phrasings"));
        assert_eq!(nearest("Inferred-From", known()), Some("inferred_from"));
        assert_eq!(nearest("superseded", known()), Some("superseded_by"));
        assert_eq!(nearest("colour", known()), None);
        assert_eq!(nearest(&"a".repeat(1_000), known()), None);
    }
}
