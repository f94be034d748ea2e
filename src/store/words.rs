//! A member's words without the ids in them.
//!
//! Pure. Promise: no mention of a member is left, and no number as long as an id of Discord's; what is neither stays as it
//! was written. Deliberately absent: names that a member spelled out, which are words like others.

use std::borrow::Cow;

/// Ids are times, and have had as many digits since before Discord was open to anybody.
const MIN_ID_DIGITS: usize = 17;
/// No mention is longer; so much of the text is looked at for its end.
const MAX_MENTION_BYTES: usize = 160;

/// What stands for a mentioned member; a word that says nothing, so that no answer depends on it.
const SOMEONE: &str = "@someone";
const ROLE: &str = "@role";
const CHANNEL: &str = "#channel";
/// What stands for an id that was written out, as in a link to a member.
const ID: &str = "(id)";

/// The words with what a mention shows to no reader taken out: `<@1>` is `@someone`, `<:wave:1>` is `:wave:`.
pub(super) fn without_ids(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '<' || c.is_ascii_digit()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (said, length) = mention(rest).unwrap_or_else(|| number(rest));
        out.push_str(&said);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// What the mention that a text begins with says to a reader, and its length.
fn mention(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let inside = text.strip_prefix('<')?;
    let end = inside.bytes().take(MAX_MENTION_BYTES).position(|byte| byte == b'>')?;
    let body = &inside[..end];
    let has_id = |sign: &str| body.strip_prefix(sign).is_some_and(is_number);
    let said = if has_id("@") || has_id("@!") {
        SOMEONE.into()
    } else if has_id("@&") {
        ROLE.into()
    } else if has_id("#") {
        CHANNEL.into()
    } else {
        let (named, _) = body.rsplit_once(':').filter(|(_, id)| is_number(id))?;
        let emoji = named.strip_prefix(':').or_else(|| named.strip_prefix("a:"));
        match emoji {
            Some(name) if is_name(name) => format!(":{}:", without_ids(name)).into(),
            // A command, which may have a space before its sub-command.
            _ if named.strip_prefix('/').is_some_and(|name| name.split(' ').all(is_name)) => without_ids(named).into(),
            _ => return None,
        }
    };
    Some((said, end + 2))
}

/// What the text begins with otherwise: a number, of which an id's length is not said, or one character.
fn number(text: &str) -> (Cow<'_, str>, usize) {
    match text.bytes().take_while(u8::is_ascii_digit).count() {
        0 => (text[..1].into(), 1),
        n if n < MIN_ID_DIGITS => (text[..n].into(), n),
        n => (ID.into(), n),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(without_ids(text), expected, "{text}");
    }

    #[test]
    fn a_mention_of_every_form_says_what_it_is_and_no_id() {
        check("did <@1> sign it?", "did @someone sign it?");
        check("<@!987654321987654321>", "@someone");
        check("is <@&1> told?", "is @role told?");
        check("see <#1>", "see #channel");
        check("<:wave:1> <a:party_time:123456789012345678>", ":wave: :party_time:");
        check("use </ask:1> or </admin status:2>", "use /ask or /admin status");
        check("<@1><@2>, <@3>", "@someone@someone, @someone");
    }

    #[test]
    fn an_id_that_was_written_out_goes_and_other_numbers_stay() {
        check("ask 987654321987654321", "ask (id)");
        check(
            "https://discord.com/users/98765432198765432?x=1",
            "https://discord.com/users/(id)?x=1",
        );
        check("<@12345678901234567", "<@(id)");
        check("<sound:1:12345678901234567890>", "<sound:1:(id)>");
        check("<:98765432198765432:1>", ":(id):");
        check(
            "1234567890123456 tonnes, 2031-05-02",
            "1234567890123456 tonnes, 2031-05-02",
        );
    }

    #[test]
    fn what_is_no_mention_stays() {
        let texts = [
            "",
            "is 5 < 6 and 7 > 6?",
            "<@>",
            "<@x1>",
            "<#>",
            "<::1>",
            "<:a b:1>",
            "<b:wave:1>",
            "<t:1767225600:R>",
            "<id:guide>",
            "<https://example.org/1>",
            "한국 <é> ½",
        ];
        for text in texts {
            check(text, text);
        }
    }

    proptest! {
        #[test]
        fn no_id_is_left_in_any_words(text in "([<>@!&#:/a ½é]|[0-9]{1,20}|<@!?[0-9]{1,20}>|<a?:[x0-9]{1,18}:[0-9]{1,3}>){0,24}") {
            let said = without_ids(&text);
            let longest = said.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            prop_assert!(longest.unwrap_or_default() < MIN_ID_DIGITS, "{}", said);
            for (at, _) in said.match_indices("<@") {
                let body = &said[at + 2..];
                let body = body.strip_prefix(['!', '&']).unwrap_or(body);
                let is_mention = body.split_once('>').is_some_and(|(id, _)| is_number(id));
                prop_assert!(!is_mention, "{}", said);
            }
        }
    }
}
