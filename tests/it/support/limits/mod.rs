//! Discord's limits, as Discord enforces them on the bodies of requests.
//!
//! Written apart from the bot's own table on purpose: a wrong number there must not be excused here. The numbers are
//! those of `discord/discord-api-docs`, August 2026. Lengths are code points; embeds are trimmed before they are
//! counted.

use serde_json::{Value, json};

/// One thing that Discord would refuse: where in the body, with which code, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) path: String,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Gathers violations below one place in a body.
pub(crate) struct Checker {
    path: Vec<String>,
    pub(crate) violations: Vec<Violation>,
}

impl Checker {
    pub(crate) fn new() -> Self {
        Self {
            path: Vec::new(),
            violations: Vec::new(),
        }
    }

    /// The body of Discord's error, with the places nested as it nests them.
    pub(crate) fn error_body(&self) -> Value {
        let mut errors = json!({});
        for violation in &self.violations {
            let mut place = &mut errors;
            for part in violation.path.split('.').filter(|part| !part.is_empty()) {
                place = &mut place[part];
            }
            let list = &mut place["_errors"];
            if list.is_null() {
                *list = json!([]);
            }
            let error = json!({"code": violation.code, "message": violation.message});
            list.as_array_mut().expect("a list, made above").push(error);
        }
        json!({"code": 50035, "message": "Invalid Form Body", "errors": errors})
    }

    fn at(&mut self, key: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(key.to_owned());
        check(self);
        self.path.pop();
    }

    fn violation(&mut self, code: &'static str, message: impl Into<String>) {
        self.violations.push(Violation {
            path: self.path.join("."),
            code,
            message: message.into(),
        });
    }

    /// A text of so many characters; absent is as good as null.
    fn text(&mut self, body: &Value, key: &str, least: usize, most: usize) {
        let value = &body[key];
        self.at(key, |checker| match value {
            Value::Null if least == 0 => {}
            Value::String(text) => {
                let chars = text.chars().count();
                if chars < least || chars > most {
                    checker.violation(
                        "BASE_TYPE_BAD_LENGTH",
                        format!("Must be between {least} and {most} in length, but is {chars}."),
                    );
                }
            }
            _ => checker.violation("BASE_TYPE_REQUIRED", "This field is required"),
        });
    }

    fn list<'a>(&mut self, body: &'a Value, key: &str, most: usize) -> &'a [Value] {
        let items = body[key].as_array().map_or(&[][..], Vec::as_slice);
        if items.len() > most {
            self.at(key, |checker| {
                checker.violation(
                    "BASE_TYPE_MAX_LENGTH",
                    format!("Must be {most} or fewer in length, but is {}.", items.len()),
                );
            });
        }
        items
    }

    fn each(&mut self, body: &Value, key: &str, most: usize, mut check: impl FnMut(&mut Self, &Value)) {
        let items = self.list(body, key, most).to_vec();
        self.at(key, |checker| {
            for (index, item) in items.iter().enumerate() {
                checker.at(&index.to_string(), |checker| check(checker, item));
            }
        });
    }

    /// A message, the data of a response, or an edit.
    pub(crate) fn message(&mut self, body: &Value) {
        self.text(body, "content", 0, 2000);
        if let Some(nonce) = body["nonce"].as_str() {
            let chars = nonce.chars().count();
            if chars > 25 {
                self.at("nonce", |checker| {
                    checker.violation("NONCE_TYPE_INVALID", format!("at most 25 characters, but {chars}"));
                });
            }
        }
        self.embeds(body);
        self.files(body);
        self.allowed_mentions(body);
        self.components(body);
        let is_empty = |key: &str| body[key].as_array().is_none_or(Vec::is_empty);
        let content = body["content"].as_str().unwrap_or_default().trim();
        if content.is_empty() && is_empty("embeds") && is_empty("components") && is_empty("attachments") {
            self.violation("50006", "Cannot send an empty message");
        }
    }

    /// Files, each described once; `files` is what came with the body (`resources/message.mdx`, `reference.mdx`).
    fn files(&mut self, body: &Value) {
        const MAX_BYTES: u64 = 10 << 20;
        let sent = body["files"].as_array().cloned().unwrap_or_default();
        let mut n_described = 0;
        self.each(body, "attachments", 10, |checker, attachment| {
            n_described += 1;
            checker.text(attachment, "description", 0, 1024);
            let id = attachment["id"].as_u64();
            let file = sent.iter().find(|file| id.is_some() && file["id"].as_u64() == id);
            match file {
                Some(file) if file["filename"] == attachment["filename"] => {
                    if file["bytes"].as_u64().unwrap_or(u64::MAX) > MAX_BYTES {
                        checker.violation("BASE_TYPE_MAX_LENGTH", "a file of more than 10 MiB");
                    }
                }
                _ => checker.violation("ATTACHMENT_NOT_FOUND", format!("no such file: {attachment}")),
            }
        });
        if sent.len() != n_described {
            self.violation(
                "ATTACHMENT_NOT_FOUND",
                format!("{} files, {n_described} described", sent.len()),
            );
        }
    }

    /// The first response to an interaction.
    pub(crate) fn callback(&mut self, body: &Value) {
        let data = &body["data"];
        match body["type"].as_u64() {
            Some(4 | 7) => {
                self.message(data);
                self.response_flags(data);
            }
            Some(5 | 6) => self.response_flags(data),
            // What answers a ping.
            Some(1) => {}
            Some(8) => self.choices(data),
            other => self.at("type", |checker| {
                checker.violation(
                    "BASE_TYPE_CHOICES",
                    format!("no type of a callback that this bot uses: {other:?}"),
                );
            }),
        }
    }

    /// The flags that may be set in the response to an interaction.
    fn response_flags(&mut self, data: &Value) {
        const SETTABLE: u64 = 1 << 2 | 1 << 6 | 1 << 12 | 1 << 13 | 1 << 15;
        let flags = data["flags"].as_u64().unwrap_or_default();
        if flags & !SETTABLE != 0 {
            self.at("flags", |checker| {
                checker.violation("FLAGS", format!("{flags} holds flags that cannot be set"));
            });
        }
    }

    fn embeds(&mut self, body: &Value) {
        let trimmed = |value: &Value| value.as_str().unwrap_or_default().trim().chars().count();
        let mut sum = 0;
        self.each(body, "embeds", 10, |checker, embed| {
            let parts = [
                ("title", trimmed(&embed["title"]), 256),
                ("description", trimmed(&embed["description"]), 4096),
                ("footer", trimmed(&embed["footer"]["text"]), 2048),
                ("author", trimmed(&embed["author"]["name"]), 256),
            ];
            for (key, chars, most) in parts {
                sum += chars;
                if chars > most {
                    checker.at(key, |checker| {
                        checker.violation(
                            "BASE_TYPE_MAX_LENGTH",
                            format!("Must be {most} or fewer in length, but is {chars}."),
                        );
                    });
                }
            }
            if parts.iter().all(|(_, chars, _)| *chars == 0) && embed["fields"].as_array().is_none_or(Vec::is_empty) {
                checker.violation("BASE_TYPE_REQUIRED", "an embed of nothing");
            }
            checker.each(embed, "fields", 25, |checker, field| {
                sum += trimmed(&field["name"]) + trimmed(&field["value"]);
                checker.text(field, "name", 1, 256);
                checker.text(field, "value", 1, 1024);
            });
        });
        if sum > 6000 {
            self.at("embeds", |checker| {
                checker.violation(
                    "MAX_EMBED_SIZE_EXCEEDED",
                    format!("Embed size exceeds maximum size of 6000: {sum}"),
                );
            });
        }
    }

    fn allowed_mentions(&mut self, body: &Value) {
        let Some(allowed) = body.get("allowed_mentions").filter(|allowed| !allowed.is_null()) else {
            return;
        };
        self.at("allowed_mentions", |checker| {
            for kind in checker.list(allowed, "parse", 3) {
                let Some(kind) = kind
                    .as_str()
                    .filter(|kind| ["users", "roles", "everyone"].contains(kind))
                else {
                    checker.violation("BASE_TYPE_CHOICES", format!("no kind of mention: {kind}"));
                    continue;
                };
                if allowed[kind].as_array().is_some_and(|ids| !ids.is_empty()) {
                    checker.violation(
                        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                        format!("parse and ids of {kind} exclude each other"),
                    );
                }
            }
            checker.list(allowed, "users", 100);
            checker.list(allowed, "roles", 100);
        });
    }

    fn components(&mut self, body: &Value) {
        let mut ids: Vec<String> = Vec::new();
        self.each(body, "components", 5, |checker, row| {
            if row["type"] != 1 {
                checker.at("type", |checker| {
                    checker.violation("UNION_TYPE_CHOICES", "a row is of type 1");
                });
            }
            let children = row["components"].as_array().cloned().unwrap_or_default();
            let has_select = children.iter().any(|child| child["type"] != 2);
            if children.is_empty() || children.len() > if has_select { 1 } else { 5 } {
                checker.at("components", |checker| {
                    checker.violation("BASE_TYPE_BAD_LENGTH", "a row holds 1 to 5 buttons or 1 select");
                });
            }
            checker.each(row, "components", 5, |checker, component| {
                if let Some(id) = component["custom_id"].as_str() {
                    if ids.iter().any(|other| other == id) {
                        checker.at("custom_id", |checker| {
                            checker.violation(
                                "COMPONENT_CUSTOM_ID_DUPLICATED",
                                "Component custom id cannot be duplicated",
                            );
                        });
                    }
                    ids.push(id.to_owned());
                }
                checker.component(component);
            });
        });
    }

    fn component(&mut self, component: &Value) {
        match component["type"].as_u64() {
            Some(2) => {
                self.text(component, "label", usize::from(component["emoji"].is_null()), 80);
                match component["style"].as_u64() {
                    Some(1..=4) => self.text(component, "custom_id", 1, 100),
                    Some(5) => self.text(component, "url", 1, 512),
                    _ => self.at("style", |checker| {
                        checker.violation("BASE_TYPE_CHOICES", "no style of a button");
                    }),
                }
            }
            Some(3) => {
                self.text(component, "custom_id", 1, 100);
                self.text(component, "placeholder", 0, 150);
                let n_options = component["options"].as_array().map_or(0, Vec::len);
                let (least, most) = (&component["min_values"], &component["max_values"]);
                let (least, most) = (least.as_u64().unwrap_or(1), most.as_u64().unwrap_or(1));
                if n_options == 0 || most > n_options as u64 || most == 0 || least > most {
                    self.violation(
                        "BASE_TYPE_BAD_LENGTH",
                        format!("{n_options} options, {least} to {most} to choose"),
                    );
                }
                self.select_options(component);
            }
            Some(8) => {
                self.text(component, "custom_id", 1, 100);
                self.text(component, "placeholder", 0, 150);
                let most = component["max_values"].as_u64().unwrap_or(1);
                let n_chosen = component["default_values"].as_array().map_or(0, Vec::len) as u64;
                if !(1..=25).contains(&most) || n_chosen > most {
                    self.violation("BASE_TYPE_BAD_LENGTH", format!("{n_chosen} chosen of at most {most}"));
                }
            }
            other => self.at("type", |checker| {
                checker.violation(
                    "UNION_TYPE_CHOICES",
                    format!("no component that this table knows: {other:?}"),
                );
            }),
        }
    }

    fn select_options(&mut self, select: &Value) {
        let mut values: Vec<String> = Vec::new();
        self.each(select, "options", 25, |checker, option| {
            checker.text(option, "label", 1, 100);
            checker.text(option, "value", 1, 100);
            checker.text(option, "description", 0, 100);
            let value = option["value"].as_str().unwrap_or_default().to_owned();
            if values.contains(&value) {
                checker.at("value", |checker| {
                    checker.violation(
                        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                        "The specified option value is already used",
                    );
                });
            }
            values.push(value);
        });
    }

    /// Choices of an autocomplete.
    pub(crate) fn choices(&mut self, data: &Value) {
        if !data["choices"].is_array() {
            self.at("choices", |checker| {
                checker.violation("BASE_TYPE_REQUIRED", "This field is required");
            });
        }
        self.each(data, "choices", 25, |checker, choice| {
            checker.text(choice, "name", 1, 100);
            checker.text(choice, "value", 1, 100);
        });
    }

    /// A list of commands that overwrites the one there was.
    pub(crate) fn commands(&mut self, body: &Value) {
        let Some(commands) = body.as_array() else {
            self.violation("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            return;
        };
        for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
            let n_commands = commands
                .iter()
                .filter(|command| command["type"].as_u64().unwrap_or(1) == kind)
                .count();
            if n_commands > most {
                self.violation(
                    "APPLICATION_COMMANDS_EXCEEDED",
                    format!("{n_commands} commands of type {kind}, at most {most}"),
                );
            }
        }
        for (index, command) in commands.iter().enumerate() {
            self.at(&index.to_string(), |checker| checker.command(command));
        }
    }

    fn command(&mut self, command: &Value) {
        let is_slash = command["type"].as_u64().unwrap_or(1) == 1;
        if is_slash {
            self.name(command);
            self.text(command, "description", 1, 100);
        } else {
            self.text(command, "name", 1, 32);
        }
        self.options(command);
        let size = size_of(command);
        if size > 8000 {
            self.violation(
                "APPLICATION_COMMAND_TOO_LARGE",
                format!("{size} characters, at most 8000"),
            );
        }
    }

    fn options(&mut self, command: &Value) {
        let mut names: Vec<String> = Vec::new();
        let mut had_optional = false;
        self.each(command, "options", 25, |checker, option| {
            checker.name(option);
            checker.text(option, "description", 1, 100);
            let name = option["name"].as_str().unwrap_or_default().to_owned();
            if names.contains(&name) {
                checker.violation("APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", name.clone());
            }
            names.push(name);
            let is_required = option["required"] == true;
            if is_required && had_optional {
                checker.violation(
                    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                    "required options come before optional ones",
                );
            }
            had_optional |= !is_required;
            if option["autocomplete"] == true && option["choices"].as_array().is_some_and(|choices| !choices.is_empty())
            {
                checker.violation(
                    "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE",
                    "choices and autocomplete exclude each other",
                );
            }
            checker.each(option, "choices", 25, |checker, choice| {
                checker.text(choice, "name", 1, 100);
            });
            checker.options(option);
        });
    }

    fn name(&mut self, named: &Value) {
        let name = named["name"].as_str().unwrap_or_default();
        let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'');
        let is_lower = name.to_lowercase() == name;
        if !(1..=32).contains(&name.chars().count()) || !name.chars().all(is_allowed) || !is_lower {
            self.at("name", |checker| {
                checker.violation(
                    "APPLICATION_COMMAND_INVALID_NAME",
                    format!("Command name is invalid: {name}"),
                );
            });
        }
    }
}

/// Names, descriptions and values over a command, its options and choices; of localizations the longest counts.
fn size_of(named: &Value) -> usize {
    let field = |key: &str| {
        let own = named[key].as_str().map_or(0, |text| text.chars().count());
        let localized = named[format!("{key}_localizations")].as_object().into_iter().flatten();
        localized
            .filter_map(|(_, text)| text.as_str())
            .map(|text| text.chars().count())
            .chain([own])
            .max()
            .unwrap_or_default()
    };
    let value = named["value"].as_str().map_or(0, |text| text.chars().count());
    let below = ["options", "choices"]
        .iter()
        .filter_map(|key| named[key].as_array())
        .flatten();
    field("name") + field("description") + value + below.map(size_of).sum::<usize>()
}

/// What this bot promises beyond Discord's limits: nobody is notified, and nothing looks as if somebody were.
pub(crate) fn manners(body: &Value) -> Vec<String> {
    let mut lapses = Vec::new();
    let allowed = &body["allowed_mentions"];
    let is_empty = |key: &str| allowed[key].as_array().is_none_or(Vec::is_empty);
    if !allowed["parse"].is_array()
        || !is_empty("parse")
        || !is_empty("users")
        || !is_empty("roles")
        || allowed["replied_user"] == true
    {
        lapses.push(format!("allowed_mentions lets somebody be notified: {allowed}"));
    }
    let shown = serde_json::to_string(body).unwrap_or_default();
    for alive in ["@everyone", "@here"] {
        if shown.contains(alive) {
            lapses.push(format!("`{alive}` is alive in {shown}"));
        }
    }
    let mentions = shown
        .match_indices("<@")
        .filter(|(at, _)| shown[at + 2..].starts_with(|c: char| c.is_ascii_digit() || matches!(c, '!' | '&')));
    if mentions.count() > 0 {
        lapses.push(format!("a mention is alive in {shown}"));
    }
    lapses
}

#[cfg(test)]
mod tests;
