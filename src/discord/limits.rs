//! Discord's limits, counted as Discord counts: in code points, white space at the ends trimmed where it trims.
//!
//! One table, so that no number stands twice. Sources: discord/discord-api-docs, August 2026, the file named each time.

/// Characters of a message's content (`resources/message.mdx`).
pub(crate) const CONTENT_CHARS: usize = 2000;
/// Characters of an embed's description (`resources/message.mdx`).
pub(crate) const EMBED_DESCRIPTION_CHARS: usize = 4096;
/// Characters of all embeds of a message together (`resources/message.mdx`).
pub(crate) const EMBEDS_CHARS: usize = 6000;
/// Rows of components in a message (`components/reference.mdx`).
pub(crate) const ROWS: usize = 5;
/// Buttons in a row (`components/reference.mdx`).
pub(crate) const BUTTONS_PER_ROW: usize = 5;
/// Characters of a button's label (`components/reference.mdx`).
pub(crate) const BUTTON_LABEL_CHARS: usize = 80;
/// Characters of a component's custom id (`components/reference.mdx`).
pub(crate) const CUSTOM_ID_CHARS: usize = 100;
/// Choices that an autocomplete may offer (`interactions/application-commands.mdx`).
pub(crate) const CHOICES: usize = 25;
/// Characters of a choice's name, and of its value (`interactions/application-commands.mdx`).
pub(crate) const CHOICE_CHARS: usize = 100;
/// Characters of a message's nonce (`resources/message.mdx`).
pub(crate) const NONCE_CHARS: usize = 25;

/// Options of a list to choose from (`components/reference.mdx`).
pub(crate) const SELECT_OPTIONS: usize = 25;
/// Characters of an option's label, and of its value (`components/reference.mdx`).
pub(crate) const SELECT_OPTION_CHARS: usize = 100;
/// Characters of a file's description (`resources/message.mdx`).
pub(crate) const FILE_DESCRIPTION_CHARS: usize = 1024;

/// Marks that something was cut off.
const ELLIPSIS: char = '…';

/// The text, cut to so many code points; what was cut ends in an ellipsis.
#[must_use]
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept.truncate(kept.trim_end().len());
    kept.push(ELLIPSIS);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_ends_in_an_ellipsis_and_what_fits_is_whole() {
        assert_eq!(cut("12345", 5), "12345");
        assert_eq!(cut("123456", 5), "1234…");
        assert_eq!(cut("123 56", 5), "123…");
        assert_eq!(cut("한국어로", 3), "한국…");
    }
}
