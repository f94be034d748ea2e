//! Shows text in Discord as what it is: no character of it formats, links, mentions or reorders anything.
//!
//! Facts are plain text, and answers may quote words of a question, so everything the bot says goes through here.
//! Allowed mentions already keep Discord from notifying anyone; this keeps the text from looking as if it did.
//! Promise: reading the result in Discord gives the text back, invisible characters left out.

/// Breaks a mention or a link without showing.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Characters that Discord's Markdown gives a meaning anywhere in a line.
const ACTIVE: [char; 8] = ['\\', '*', '_', '~', '`', '|', '<', '['];

/// Characters that it gives one at the start of a line.
const ACTIVE_AT_START: [char; 4] = ['#', '-', '+', '>'];

/// Hosts whose addresses Discord turns into invitations without a scheme before them.
const INVITING_HOSTS: [&str; 4] = ["discord.gg", "discord.com", "discordapp.com", "discord.new"];

/// The text as Markdown that shows it.
#[must_use]
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + text.len() / 8);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            shown.push('\n');
        }
        push_line(&mut shown, line);
    }
    shown
}

/// The text inside a code block, in which only the closing fence has a meaning.
#[must_use]
pub(crate) fn code_block(text: &str) -> String {
    let inside: String = text.chars().filter(|c| *c == '\n' || is_shown(*c)).collect();
    format!(
        "```\n{}\n```",
        inside.replace("```", "`\u{200b}``").replace('@', "@\u{200b}")
    )
}

fn push_line(shown: &mut String, line: &str) {
    let mut rest = line;
    let mut at_start = true;
    loop {
        let (quiet, after) = rest.split_at(rest.bytes().take_while(|byte| is_quiet(*byte)).count());
        shown.push_str(quiet);
        at_start = at_start && quiet.bytes().all(|byte| byte == b' ');
        let mut characters = after.chars();
        let Some(character) = characters.next() else {
            return;
        };
        rest = characters.as_str();
        if !is_shown(character) {
            continue;
        }
        if ACTIVE.contains(&character) || at_start && ACTIVE_AT_START.contains(&character) {
            shown.push('\\');
        }
        shown.push(character);
        let next = characters.find(|c| is_shown(*c)).unwrap_or(' ');
        // `://` makes a link, and Discord's own hosts one without it; `@everyone` looks like a mention.
        let is_link = character == ':' && next == '/' || character == '/' && ends_in_invitation(shown);
        if character == '@' || is_link {
            shown.push(ZERO_WIDTH_SPACE);
        }
        at_start = at_start && character.is_whitespace();
    }
}

/// Whether a byte is a character that Discord's Markdown gives no meaning wherever it stands: nearly all of a text is
/// of these, and goes over in whole stretches.
fn is_quiet(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'.' | b',' | b';' | b'?' | b'!' | b'(' | b')' | b'\'' | b'"' | b'%' | b'&' | b'$'
    ) || byte.is_ascii_alphanumeric()
}

/// Whether the text ends in a host, and a slash, that invitations begin with.
fn ends_in_invitation(text: &str) -> bool {
    let is_at_end = |host: &str| {
        let start = text.len().checked_sub(host.len() + 1);
        start
            .and_then(|start| text.get(start..text.len() - 1))
            .is_some_and(|end| end.eq_ignore_ascii_case(host))
    };
    INVITING_HOSTS.iter().any(|host| is_at_end(host))
}

/// Left out: controls, and what overrides the reading direction or hides text. Joiners stay; scripts and emoji need
/// them.
fn is_shown(character: char) -> bool {
    !(character.is_control()
        || matches!(character,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(plain(text), expected, "{text}");
    }

    #[test]
    fn markup_of_every_kind_is_shown_as_it_was_written() {
        check(
            "**bold** __u__ ~~s~~ ||spoiler||",
            r"\*\*bold\*\* \_\_u\_\_ \~\~s\~\~ \|\|spoiler\|\|",
        );
        check("[text](https://e.example)", "\\[text](https:\u{200b}//e.example)");
        check("```rust", r"\`\`\`rust");
        check("# heading\n- item\n> quote", "\\# heading\n\\- item\n\\> quote");
        check("  -# small", "  \\-# small");
        check("3.5 - 2", "3.5 - 2");
    }

    #[test]
    fn mentions_are_dead() {
        check("@everyone @here", "@\u{200b}everyone @\u{200b}here");
        check(
            "<@123> <@&4> <#5> </ask:6> <t:7>",
            "\\<@\u{200b}123> \\<@\u{200b}&4> \\<#5> \\</ask:6> \\<t:7>",
        );
        check("Discord.GG/abc", "Discord.GG/\u{200b}abc");
        check("and/or facts/works.toml", "and/or facts/works.toml");
    }

    #[test]
    fn text_cannot_be_turned_round_or_hidden() {
        check("a\u{202e}cba\u{202c}\u{200b}b\u{0007}", "acbab");
        check(
            "한국 🇰🇷 👨\u{200d}👩\u{200d}👧 שלום",
            "한국 🇰🇷 👨\u{200d}👩\u{200d}👧 שלום",
        );
    }

    #[test]
    fn a_code_block_cannot_be_closed_from_inside() {
        assert_eq!(
            code_block("a ``` b @everyone"),
            "```\na `\u{200b}`` b @\u{200b}everyone\n```"
        );
    }

    /// The same character by character.
    fn slowly(text: &str) -> String {
        let mut shown = String::new();
        for line in text.split_inclusive('\n') {
            let mut characters = line.chars().filter(|c| *c == '\n' || is_shown(*c)).peekable();
            let mut at_start = true;
            while let Some(character) = characters.next() {
                if ACTIVE.contains(&character) || at_start && ACTIVE_AT_START.contains(&character) {
                    shown.push('\\');
                }
                shown.push(character);
                let is_before_slash = character == ':' && characters.peek() == Some(&'/');
                if character == '@' || is_before_slash || character == '/' && ends_in_invitation(&shown) {
                    shown.push(ZERO_WIDTH_SPACE);
                }
                at_start = at_start && character.is_whitespace();
            }
        }
        shown
    }

    proptest! {
        #[test]
        fn stretches_are_shown_as_their_characters_are(
            text in any::<String>(),
            likely in "( |[a-z#*@:/.<>\u{200b}\u{a0}\n-]|discord\\.gg){0,40}",
        ) {
            prop_assert_eq!(plain(&text), slowly(&text));
            prop_assert_eq!(plain(&likely), slowly(&likely));
        }

        #[test]
        fn nothing_active_stays_unescaped_and_nothing_else_is_lost(text in any::<String>()) {
            let shown = plain(&text);
            let mut characters = shown.chars();
            let mut read_back = String::new();
            while let Some(character) = characters.next() {
                let literal = if character == '\\' { characters.next().unwrap() } else {
                    prop_assert!(!ACTIVE.contains(&character));
                    character
                };
                if literal != ZERO_WIDTH_SPACE {
                    read_back.push(literal);
                }
            }
            let visible: String = text.chars().filter(|c| *c == '\n' || is_shown(*c)).collect();
            prop_assert_eq!(read_back, visible);
            // No mention of any form is left: a zero-width space stands behind every `@`.
            prop_assert!(shown.split('@').skip(1).all(|behind| behind.starts_with(ZERO_WIDTH_SPACE)));
        }
    }
}
