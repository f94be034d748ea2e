//! What can be wrong with a fact base: every message that a curator reads, with how to mend it.
//!
//! Promise: the text of the files appears in messages clipped and without control characters, but for a to-do, which is
//! the curator's own note and is shown whole.

use crate::fact::Paragraph;
use crate::fact::files::Refusal;
use crate::fact::limits::{
    ADVISED_ANSWER_CHARS, MAX_ID_CHARS, MAX_QUOTE_WORDS, MAX_SHOWN_PHRASING_CHARS, PARAGRAPH_HASH_CHARS,
};
use crate::fact::parse::{FORMAT, SUB_FILES};

use super::advice::Advice;
use super::excerpt::clip;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is, and what its fields are")]
pub enum Fault {
    // Files and folders
    #[error("no briefing: the folder holds no folder of a briefing")]
    NoBriefing,
    #[error("this is the folder of one briefing, not the folder that holds the briefings' folders")]
    BriefingAsRoot,
    #[error("not a briefing's name: `{}`", clip(name))]
    BadFolderName { name: String },
    #[error("the briefing's folder holds no TOML file")]
    EmptyFolder,
    #[error("no `source.toml` in the briefing's folder")]
    NoSource,
    #[error("no `[paragraphs]`")]
    NoParagraphs,
    #[error("the briefing has no fact")]
    NoFact,
    #[error("this file is not read: its name or place is none of the format's")]
    UnknownFile { nearest: Option<String> },
    #[error("this file stands beside the briefings' folders, where nothing is read")]
    StrayFile,
    #[error("{0}")]
    Refused(Refusal),
    #[error("not UTF-8: the byte 0x{byte:02X} belongs to no character here")]
    NotUtf8 { byte: u8 },
    #[error("this version of the bot does not read format {}", clip(found))]
    FormatUnread { found: String },

    // Syntax
    #[error("syntax error: {message}")]
    Syntax {
        message: String,
        hint: Option<&'static str>,
    },
    #[error("syntax error: this {what} is never closed")]
    NotClosed { what: &'static str, closing: &'static str },
    #[error("the key `{}` is given twice", clip(key))]
    DuplicateKey { key: String },

    // Structure
    #[error("unknown key `{}`", clip(key))]
    UnknownKey {
        key: String,
        nearest: Option<String>,
        known: Vec<&'static str>,
    },
    #[error("missing `{key}`")]
    Missing { key: &'static str },
    #[error("`{key}`: expected {expected}, found {found}")]
    WrongType {
        key: &'static str,
        expected: &'static str,
        found: &'static str,
        hint: Option<String>,
    },
    #[error("`{key}` is empty")]
    Empty { key: &'static str },
    #[error("an invisible control character (U+{:04X})", *character as u32)]
    ControlCharacter { character: char },
    #[error("`{key}` has {n_chars} characters, at most {max_chars} are allowed")]
    TooLong {
        key: &'static str,
        n_chars: usize,
        max_chars: usize,
    },
    #[error("not an id: `{}`", clip(text))]
    BadId { text: String },
    #[error("not {what}: `{}`", clip(text))]
    UnknownName {
        what: &'static str,
        text: String,
        nearest: Option<String>,
        known: Vec<&'static str>,
    },
    #[error("not a paragraph's name: `{}`", clip(text))]
    BadParagraph { text: String },
    #[error("not a date: `{}`", clip(text))]
    BadDate { text: String },
    #[error("not a paragraph's hash: `{}`", clip(text))]
    BadHash { text: String },
    #[error("not an address: `{}`", clip(text))]
    BadUrl { text: String },
    #[error("the number is too large: `{}`", clip(text))]
    NumberTooLarge { text: String },
    #[error("no letter or digit in it: `{}`", clip(text))]
    NoWords { text: String },

    // Across entries and files
    #[error("the {what} id `{}` is taken", clip(id))]
    DuplicateId { what: &'static str, id: String },
    #[error("no such {what}: `{}`", clip(id))]
    NoSuch {
        what: &'static str,
        id: String,
        nearest: Option<String>,
        defined_in: &'static str,
    },
    #[error("`{}` is a gap, and only a fact can replace a fact", clip(id))]
    SupersededByGap { id: String },
    #[error("shares a phrasing with {owner}: `{}`", clip(phrasing))]
    SharedPhrasing { phrasing: String, owner: String },
    #[error("the phrasing is given twice: `{}`", clip(phrasing))]
    RepeatedPhrasing { phrasing: String },
    #[error("the name `{}` belongs to entity `{}`", clip(alias), clip(owner))]
    SharedAlias { alias: String, owner: String },
    #[error("named twice: `{}`", clip(text))]
    Repeated { text: String },
    #[error("the word `{}` is in group `{}` too", clip(word), clip(group))]
    WordInTwoGroups { word: String, group: String },
    #[error("a group cannot be its own opposite")]
    OwnOpposite,

    // What a fact must and must not say
    #[error("standing `claimed` without a `speaker`")]
    ClaimedWithoutSpeaker,
    #[error("`speaker` with standing `{standing}`")]
    SpeakerWithoutClaim { standing: &'static str },
    #[error("standing `inferred` without `inferred_from`")]
    InferredWithoutSource,
    #[error("`inferred_from` with standing `{standing}`")]
    SourceWithoutInference { standing: &'static str },
    #[error("kind `how-many` without `counts`")]
    HowManyWithoutCounts,
    #[error("`counts` without the kind `how-many`")]
    CountsWithoutHowMany { key: &'static str },
    #[error("the quote has {n_words} words, at most {MAX_QUOTE_WORDS} are allowed")]
    QuoteTooLong { n_words: usize },
    #[error("the first phrasing has {n_chars} characters, at most {MAX_SHOWN_PHRASING_CHARS} are allowed")]
    FirstPhrasingTooLong { n_chars: usize },
    #[error("the answer has {n_chars} characters, {ADVISED_ANSWER_CHARS} at most are advised")]
    LongAnswer { n_chars: usize },
    #[error("`superseded_by` leads in a circle: {}", clip(&circle.join(" → ")))]
    SupersededCircle { circle: Vec<String> },
    #[error("both `retracted` and `superseded_by`")]
    RetractedAndSuperseded,
    #[error("no fact cites paragraph {paragraph}")]
    NotCited { paragraph: Paragraph },
    #[error("{weekday} is not the day's name: {date} is a {right}")]
    WrongWeekday {
        weekday: String,
        date: String,
        right: &'static str,
    },

    // Against the article
    #[error("fragment not found in paragraph {paragraph}: `{}`", clip(quote))]
    QuoteNotFound {
        paragraph: Paragraph,
        quote: String,
        found: Option<QuoteFound>,
    },
    #[error("paragraph {paragraph} is not the one that was curated: its hash is `{found}`")]
    ParagraphChanged { paragraph: Paragraph, found: String },
    #[error("paragraph {paragraph} is not in the article `{}`", clip(article))]
    ParagraphNotInArticle { paragraph: Paragraph, article: String },
    #[error("paragraph {paragraph} is not in `source.toml`")]
    ParagraphNotInSource { paragraph: Paragraph, hash: String },
    #[error("paragraph {paragraph} is given twice")]
    RepeatedParagraph { paragraph: Paragraph },
    #[error("not a paragraph: {}", clip(message))]
    BadArticleLine { message: String },
    #[error("the article holds no text")]
    EmptyArticle,

    // What keeps nothing from being loaded
    #[error("to do: {what}")]
    Todo { what: String },
    #[error("{0}")]
    Advice(Advice),
}

/// Where a fragment stands that is not where it is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuoteFound {
    /// In another paragraph.
    Elsewhere(Paragraph),
    /// There, but in other letter case, punctuation or quotation marks.
    Otherwise(String),
    /// There, but it begins or ends within a word.
    WithinWord,
}

impl Fault {
    /// How to mend it, where the message does not say it already.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Advice(advice) => return Some(advice.hint().to_owned()),
            Self::Todo { .. } => {
                return Some(
                    "do it and remove the `todo` line; until then a fact or gap with one is not served".to_owned(),
                );
            }
            _ => {}
        }
        self.hint_of_nearest()
            .or_else(|| self.hint_of_file())
            .or_else(|| self.hint_of_structure())
            .or_else(|| self.hint_of_check())
            .or_else(|| self.hint_of_article())
    }

    fn hint_of_nearest(&self) -> Option<String> {
        match self {
            Self::UnknownFile { nearest }
            | Self::UnknownKey { nearest, .. }
            | Self::UnknownName { nearest, .. }
            | Self::NoSuch { nearest, .. } => nearest.as_ref().map(|nearest| format!("did you mean `{nearest}`?")),
            _ => None,
        }
    }

    fn hint_of_file(&self) -> Option<String> {
        Some(match self {
            Self::NoBriefing => "a briefing is a folder with a `source.toml` and `facts/*.toml`; `--knowledge DIR` names the folder above it".to_owned(),
            Self::BriefingAsRoot => "give `--knowledge` (or `KNOWLEDGE_DIR`) the folder above it".to_owned(),
            Self::BadFolderName { .. } => format!("a briefing's folder is named in lower-case words joined by hyphens, {MAX_ID_CHARS} characters at most, such as `harbour-works`"),
            Self::EmptyFolder | Self::NoSource => "a briefing needs a `source.toml` with `format` and `title`, and facts in `facts/*.toml`; remove the folder if it is none".to_owned(),
            Self::NoParagraphs => "facts cite paragraphs, so they must be listed: a line `[paragraphs]`, and below it `1 = \"…\"` with the hash of each; `check --article` gives the hashes".to_owned(),
            Self::NoFact => "a fact is a block `[[fact]]` in a file `facts/<topic>.toml`".to_owned(),
            Self::UnknownFile { .. } => format!("a briefing's files are {SUB_FILES}"),
            Self::StrayFile => "move it into a briefing's folder, or give `--knowledge` the folder above this one".to_owned(),
            Self::Refused(_) => "every `.toml` file of a briefing must be a readable text file".to_owned(),
            Self::NotUtf8 { .. } => "save the file as UTF-8".to_owned(),
            Self::FormatUnread { .. } => format!("this version reads format {FORMAT}; nothing else of this briefing was looked at"),
            Self::Syntax { hint, .. } => (*hint)?.to_owned(),
            Self::NotClosed { closing, .. } => format!("put `{closing}` at its end"),
            Self::DuplicateKey { .. } => "remove one of them, or put them together; a block begins with its `[[…]]` line".to_owned(),
            _ => return None,
        })
    }

    fn hint_of_structure(&self) -> Option<String> {
        Some(match self {
            Self::UnknownKey { known, .. } => format!("the keys here are {}", listed(known)),
            Self::Missing { key } => format!("add `{key} = …`"),
            Self::WrongType { hint, .. } => hint.clone()?,
            Self::Empty { .. } => "fill it in, or remove the key where it is optional".to_owned(),
            Self::ControlCharacter { .. } => "delete it and type the text around it again".to_owned(),
            Self::TooLong { .. } => "shorten it; letters, spaces and signs all count".to_owned(),
            Self::BadId { .. } => format!(
                "an id is lower-case letters and digits, in words joined by single hyphens, {MAX_ID_CHARS} characters at most: `wall-height`"
            ),
            Self::UnknownName { known, .. } => format!("one of {}", listed(known)),
            Self::BadParagraph { .. } => "a paragraph is a number from 1, `\"headline\"` or `\"caption\"`".to_owned(),
            Self::BadDate { .. } => {
                "write `YYYY-MM-DD`, `MM-DD`, `YYYY-MM`, `YYYY` or `MM`, in quotes, of a day that exists".to_owned()
            }
            Self::BadHash { .. } => format!(
                "the first {PARAGRAPH_HASH_CHARS} hex digits, in lower case, of SHA-256 over the paragraph's text; `check --article` shows the right one"
            ),
            Self::BadUrl { .. } => "a full address that begins with `https://` or `http://`, without spaces".to_owned(),
            Self::NumberTooLarge { .. } => "use a smaller number".to_owned(),
            Self::NoWords { .. } => "write it in words".to_owned(),
            _ => return None,
        })
    }

    fn hint_of_check(&self) -> Option<String> {
        Some(match self {
            Self::DuplicateId { what: "topic", .. } => "one file holds the facts of one topic".to_owned(),
            Self::DuplicateId { .. } => "give one of the two another id".to_owned(),
            Self::NoSuch { defined_in, .. } => format!("it must be defined in {defined_in}"),
            Self::SupersededByGap { .. } => "name the fact that is right now, or use `retracted`".to_owned(),
            Self::SharedPhrasing { .. } => "keep it where the answer is best; a phrasing belongs to one fact or gap, and letter case and punctuation make no difference".to_owned(),
            Self::RepeatedPhrasing { .. } | Self::Repeated { .. } => "remove one of the two; letter case and punctuation make no difference".to_owned(),
            Self::SharedAlias { .. } => "keep it with the entity that readers mean by it; letter case, punctuation and a `the` before it make no difference".to_owned(),
            Self::WordInTwoGroups { .. } => "keep it in the group where readers mean it".to_owned(),
            Self::OwnOpposite => "name another group, or remove `opposite`".to_owned(),
            Self::ClaimedWithoutSpeaker => "add `speaker = \"…\"`, the id of the entity that claims it; `stated` is what the reporter says himself".to_owned(),
            Self::SpeakerWithoutClaim { .. } => "remove it, or make the standing `claimed`".to_owned(),
            Self::InferredWithoutSource => "add `inferred_from = \"…\"`: from which words of the article".to_owned(),
            Self::SourceWithoutInference { .. } => "remove it, or make the standing `inferred`; a date has its own `inferred_from` within `date = { … }`".to_owned(),
            Self::HowManyWithoutCounts => "add `counts = [\"…\"]`: the words for what the answer gives the number of".to_owned(),
            Self::CountsWithoutHowMany { key } => format!("add `how-many` to `{key}`, or remove `counts`"),
            Self::QuoteTooLong { .. } => "keep the words that prove the claim".to_owned(),
            Self::FirstPhrasingTooLong { .. } => "buttons and autocomplete show the first phrasing: put a shorter one first".to_owned(),
            Self::LongAnswer { .. } => "say it in two sentences, or make two facts of it".to_owned(),
            Self::SupersededCircle { .. } => "the newest of them must not be superseded".to_owned(),
            Self::RetractedAndSuperseded => "keep one: `superseded_by` where another fact of the briefing is right instead".to_owned(),
            Self::NotCited { .. } => "every claim of the article should be a fact; write one, or take the paragraph out of `[paragraphs]`".to_owned(),
            Self::WrongWeekday { .. } => "correct the day's name or the date".to_owned(),
            _ => return None,
        })
    }

    fn hint_of_article(&self) -> Option<String> {
        Some(match self {
            Self::QuoteNotFound { found: Some(QuoteFound::Elsewhere(paragraph)), .. } => format!("it stands in paragraph {paragraph}"),
            Self::QuoteNotFound { found: Some(QuoteFound::Otherwise(text)), .. } => format!("the article writes `{}`", clip(text)),
            Self::QuoteNotFound { found: Some(QuoteFound::WithinWord), .. } => "it begins or ends within a word there; quote whole words".to_owned(),
            Self::QuoteNotFound { found: None, .. } => "a fragment is copied word for word from the cited paragraph; only spacing and line breaks may differ".to_owned(),
            Self::ParagraphChanged { found, .. } => format!("if this is the right article, check every fact that cites the paragraph, then write `\"{found}\"`"),
            Self::ParagraphNotInArticle { .. } => "is it the whole article? blocks of a plain text are known by their hash, else by their order between known ones".to_owned(),
            Self::ParagraphNotInSource { paragraph, hash } => format!("add `{paragraph} = \"{hash}\"` under `[paragraphs]` of `source.toml`"),
            Self::RepeatedParagraph { .. } => "a paragraph is one line of the file".to_owned(),
            Self::BadArticleLine { .. } => "a line is `{\"paragraph\": 1, \"text\": \"…\"}`; the paragraph a number from 1, `\"headline\"` or `\"caption\"`".to_owned(),
            Self::EmptyArticle => "give the article's text, as JSON Lines or in blocks separated by blank lines".to_owned(),
            _ => return None,
        })
    }
}

/// `` `a`, `b` and `c` ``.
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
