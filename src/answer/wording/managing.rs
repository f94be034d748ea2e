//! What is said to who looks after the bot, or after a server that it is in, and to who may not.

/// `/admin`, as Discord describes it.
pub const ADMIN: &str = "Look after the bot, and after what it does in this server";
/// `/admin reload`.
pub const RELOAD: &str = "Show what the edited facts would change, then load them (the bot's own admins)";
/// `/admin rollback`.
pub const ROLLBACK: &str = "Go back to facts that were published before (the bot's own admins)";
/// `/admin rollback number`.
pub const ROLLBACK_NUMBER: &str = "The number of the publication; without one, the one before";
/// `/admin status`.
pub const STATUS: &str = "How the bot is doing (its own admins)";
/// `/admin unanswered`.
pub const UNANSWERED: &str = "Questions that got no answer, and whose askers let them be kept";
/// `/admin unanswered servers`.
pub const UNANSWERED_SERVERS: &str = "Name the servers that they come from (the bot's own admins)";
/// `/admin settings`.
pub const SETTINGS: &str = "Where, from what and how I answer in this server";
/// `/admin doctor`.
pub const DOCTOR: &str = "What I may do in a channel, what I lack, and why somebody gets no answer";
/// `/admin doctor channel`.
pub const DOCTOR_CHANNEL: &str = "The channel; without one, this one";
/// `/admin doctor member`.
pub const DOCTOR_MEMBER: &str = "A member who gets no answer there";

/// Said to who asks more than the rate.
pub const TOO_MUCH: &str = "That was a lot in a short time. Please wait a minute; your last answers still stand above.";
/// Said to who asks in a server where more is asked than the rate.
pub const SERVER_TOO_MUCH: &str =
    "This server has asked me a lot in a short time. Please wait a minute, or ask me in a direct message.";
/// Said directly to who asked where the bot may not answer.
pub const MAY_NOT_ANSWER: &str = "I may not answer in the channel where you just asked me: Discord gives me no permission to. Ask me here instead, or use /ask there; whoever manages the server sees with /admin doctor what is missing.";

/// Said to a member who is none of the bot's admins.
pub const NOT_AN_ADMIN: &str = "Only this bot's own admins may do that: its facts are the same in every server.";
/// Said to a member who may not manage the server.
pub const NOT_A_MANAGER: &str = "Only members with the permission “Manage Server” may do that, for their own server.";
/// Said where a command that concerns a server was used in a direct message.
pub const NO_SERVER: &str = "That concerns a server: use it in one.";
/// Said where the store does not answer.
pub const STORE_SILENT: &str = "My store does not answer just now; nothing was changed. Please try again in a minute.";

/// On the button that loads the facts.
pub const CONFIRM_RELOAD: &str = "Load these facts";
/// On the button that goes back to an earlier publication.
pub const CONFIRM_ROLLBACK: &str = "Go back to these facts";
/// On the button that does not.
pub const CANCEL: &str = "Leave everything as it is";
/// Said where it was not done.
pub const CANCELLED: &str = "Nothing was changed.";
/// Said above a preview where the facts were edited after the one before.
pub const EDITED_SINCE: &str =
    "The facts were edited after that preview, so nothing was loaded. This is how it stands now:";

/// Said above the preview of a reload.
#[must_use]
pub fn preview(from: &str, to: &str, n_facts: usize, n_asked: usize, n_changed: usize) -> String {
    format!(
        "Revision {to} with {n_facts} facts would replace {from}; {n_changed} of {n_asked} questions would get another answer. Nothing is loaded yet."
    )
}

/// Said where a file of labelled questions cannot be used.
#[must_use]
pub fn labelled_unread(file: &str, reason: &str) -> String {
    format!("The labelled questions of {file} were not asked: {reason}")
}

/// Said where the facts are not published but read from a folder.
pub const NOTHING_PUBLISHED: &str = "I take my facts from a folder (KNOWLEDGE_SOURCE=directory), so there is no earlier publication: put the earlier files back there, and use /admin reload.";
/// Said where there is no earlier publication.
pub const NO_EARLIER: &str = "There is no earlier publication to go back to.";

/// Said where there is no publication of that number.
#[must_use]
pub fn no_publication(number: i64) -> String {
    format!("There is no publication {number}.")
}

/// Said above the preview of a rollback.
#[must_use]
pub fn rollback_preview(number: i64, day: &str, preview: &str) -> String {
    format!("Publication {number} of {day}. {preview}")
}

/// Said where an earlier publication is in force again.
#[must_use]
pub fn rolled_back(earlier: i64, number: i64) -> String {
    format!("The facts of publication {earlier} were published again, as publication {number}.")
}

/// Said where the publication is the one in force.
pub const ALREADY_IN_FORCE: &str = "Those are the facts that are in force already.";

/// Above a page of kept questions.
#[must_use]
pub fn unanswered(part: &str) -> String {
    format!("Questions without an answer, the most asked first · {part}")
}

/// On the button that deletes a question, by its place in the list.
#[must_use]
pub fn delete_question(place: usize) -> String {
    format!("Delete {place}")
}

/// Said where there are none.
pub const NONE_UNANSWERED: &str =
    "No question without an answer is kept. Members can let one be kept by pressing “Tell the curators” under it.";

/// What came of a kept question, and how often.
#[must_use]
pub fn kept(n_asked: u64, day: &str, was_suggested: bool, nearest: Option<&str>, server: Option<&str>) -> String {
    let times = match n_asked {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    };
    let got = if was_suggested { "offered a choice" } else { "declined" };
    let nearest = nearest.map(|id| format!("; nearest: {id}")).unwrap_or_default();
    let server = server.map(|name| format!("; in {name}")).unwrap_or_default();
    format!("asked {times}, last on {day}, {got}{nearest}{server}")
}

/// A server that cannot be named.
#[must_use]
pub fn server_with_id(id: u64) -> String {
    format!("the server with the id {id}")
}

/// Where a question came from that was asked directly.
pub const DIRECT_MESSAGE: &str = "a direct message";

/// The sentences of the settings.
pub mod settings {
    /// Above them.
    pub const TITLE: &str = "How I answer in this server; a change holds at once.";
    /// Said in place of them where they cannot be read.
    pub const OF_ANOTHER_VERSION: &str = "This server's settings were made by another version of me, so I change nothing and answer commands only. Whoever runs me has to update me.";
    /// In the list of channels for mentions.
    pub const MENTIONS: &str = "Answer mentions here (none chosen: everywhere)";
    /// In the list of channels where every message is a question.
    pub const ASK_CHANNELS: &str = "Every message is a question here (channels, forums)";
    /// In the list of channels for the log.
    pub const LOG_CHANNEL: &str = "Post what admins do here (none: nowhere)";
    /// In the list of briefings.
    pub const BRIEFINGS: &str = "Answer from these briefings (none chosen: from all)";
    /// On the button, where answers are public.
    pub const MAKE_PRIVATE: &str = "Make /ask private by default";
    /// On the button, where answers are private.
    pub const MAKE_PUBLIC: &str = "Make /ask public by default";

    /// On the button, where mentions are answered.
    pub const ANSWER_NO_MENTIONS: &str = "Answer no mentions";
    /// On the button, where none are.
    pub const ANSWER_MENTIONS: &str = "Answer mentions again";

    /// Where mentions are answered; `are_some_open`: whether channels or forums are open for questions, where they always
    /// are.
    #[must_use]
    pub fn mentions(n_channels: Option<usize>, are_some_open: bool) -> String {
        let and_open = if are_some_open {
            ", and in those that are open for questions"
        } else {
            ""
        };
        match n_channels {
            None => "Mentions are answered in every channel that I can read.".to_owned(),
            Some(0) if are_some_open => {
                "Mentions are answered in no channel but those that are open for questions; commands, menus and direct messages are."
                    .to_owned()
            }
            Some(0) => "Mentions are answered in no channel; commands, menus and direct messages are.".to_owned(),
            Some(1) => format!("Mentions are answered in one channel and its threads{and_open}."),
            Some(n) => format!("Mentions are answered in {n} channels and their threads{and_open}."),
        }
    }

    /// Where every message is a question; `has_intent`: whether the bot gets to read such messages.
    #[must_use]
    pub fn ask_channels(n_channels: usize, n_forums: usize, has_intent: bool) -> String {
        let mut line = match (n_channels, n_forums) {
            (0, 0) => return "No channel is open for questions without a mention.".to_owned(),
            (channels, 0) => format!("Channels open for questions without a mention: {channels}."),
            (0, forums) => format!("Forums whose first posts are questions: {forums}."),
            (channels, forums) => {
                format!(
                    "Channels open for questions without a mention: {channels}; forums whose first posts are: {forums}."
                )
            }
        };
        if !has_intent {
            line.push_str(" They are silent for now: this bot runs without the Message Content intent.");
        }
        line
    }

    /// Where what admins do is posted.
    #[must_use]
    pub fn log_channel(is_set: bool) -> &'static str {
        if is_set {
            "What admins do is posted to a channel."
        } else {
            "What admins do is in the bot's own log only."
        }
    }

    /// Said where the bot may not do in a channel that was chosen what it was chosen for.
    #[must_use]
    pub fn lacking(channel: &str, missing: &[&str]) -> String {
        format!(
            "❌ I may not do all I have to in {channel}: add {} (/admin doctor says more).",
            missing.join(", ")
        )
    }

    /// Said where none of the briefings that were chosen is loaded.
    pub const NOT_LOADED: &str =
        "❌ I answer nothing here: the briefings that were chosen are not loaded any more. Choose others below.";

    /// Which briefings are answered from.
    #[must_use]
    pub fn briefings(titles: &[&str], are_all: bool) -> String {
        if are_all {
            "I answer from every briefing that is loaded.".to_owned()
        } else {
            format!("I answer from: {}.", titles.join("; "))
        }
    }

    /// Who sees the answers to `/ask`.
    #[must_use]
    pub fn visibility(is_private: bool) -> &'static str {
        if is_private {
            "/ask answers privately unless its asker says otherwise."
        } else {
            "/ask answers for all to read unless its asker says otherwise."
        }
    }
}

/// The sentences of the doctor.
pub mod doctor {
    /// Above what may be done in a channel.
    #[must_use]
    pub fn title(channel: &str) -> String {
        format!("What I may do in {channel}")
    }

    /// A channel without a name.
    pub const THIS_CHANNEL: &str = "this channel";

    /// A permission that is there, or not, and what it is for.
    #[must_use]
    pub fn permission(name: &str, is_given: bool, purpose: &str) -> String {
        if is_given {
            format!("✅ {name}: {purpose}")
        } else {
            format!("❌ {name} is missing: {purpose}")
        }
    }

    /// What each permission is for.
    pub const VIEW: &str = "to see that I am asked";
    /// To do anything in a voice channel's text.
    pub const CONNECT: &str = "Discord asks for it of whoever writes in a voice or stage channel";
    /// To speak.
    pub const SEND: &str = "to answer mentions";
    /// To speak in threads.
    pub const SEND_IN_THREADS: &str = "to answer mentions in threads and forum posts";
    /// To speak in a locked thread.
    pub const LOCKED: &str = "this thread is locked, and in it only who manages threads may write";
    /// To reply.
    pub const HISTORY: &str = "Discord asks for it of whoever replies to a message";
    /// To send long answers.
    pub const EMBED: &str = "for answers of more than 2,000 characters";

    /// What to do about missing permissions.
    #[must_use]
    pub fn add(names: &[&str]) -> String {
        format!(
            "To add: {}. Server Settings, Roles, my role; or Edit Channel, Permissions, my role, where the channel denies it.",
            names.join(", ")
        )
    }

    /// Said where nothing is missing.
    pub const NOTHING_MISSING: &str = "Nothing is missing.";
    /// Said where the channel cannot be seen at all.
    pub const CANNOT_SEE: &str =
        "I cannot see that channel at all. To add: View Channel, for my role, in that channel.";
    /// The same of a private thread.
    pub const CANNOT_SEE_THREAD: &str = "I cannot see that thread. It is private, so somebody in it has to add me, by mentioning me there; and in the channel around it I need View Channel.";
    /// Said where a moderator has the bot write nothing.
    pub const TIMED_OUT: &str =
        "❌ I am timed out in this server: until that ends, or a moderator ends it, I may write nowhere in it.";
    /// Said where Discord could not be asked.
    pub const UNKNOWN: &str = "Discord did not tell me about that channel just now. Please try again.";
    /// /ask and buttons need none of them.
    pub const COMMANDS_WORK: &str = "/ask and the other commands need none of these.";

    /// Which intents are on.
    #[must_use]
    pub fn intents(names: &[String]) -> String {
        format!("Intents that are on: {}.", names.join(", "))
    }

    /// Said without the privileged intent.
    pub const NO_CONTENT: &str = "Message Content (privileged) is off: I read messages that mention me, reply to me with the ping on, or are direct; and nothing else.";
    /// Said with it.
    pub const CONTENT: &str = "Message Content (privileged) is on, for channels that are open for questions, and for replies to me with the ping off.";

    /// Above the reasons.
    pub const WHY_NO_ANSWER: &str = "Why somebody may get no answer here";
    /// A reason: the settings.
    pub const NOT_SET: &str =
        "❌ The settings of this server do not name this channel: mentions in it are not answered (/admin settings).";
    /// A reason that does not apply.
    pub const IS_SET: &str = "✅ The settings of this server let me answer mentions here.";
    /// A reason: a channel for questions without the intent.
    pub const ASK_WITHOUT_INTENT: &str = "❌ This channel is open for questions without a mention, but I run without the Message Content intent, so only mentions reach me.";
    /// Reasons that always may apply.
    pub const ALWAYS: [&str; 4] = [
        "Their message did not mention me, or the reply had its ping off: then I do not see the words, or take them for talk.",
        "They mentioned the role that is called as I am, and not me: Discord shows me such words only with the Message Content intent.",
        "They asked more than the rate allows within a minute.",
        "They are a bot or a webhook: those are never answered.",
    ];
    /// The member is a bot.
    pub const MEMBER_IS_BOT: &str = "❌ That member is a bot, and bots are never answered.";
    /// The member may not write there.
    pub const MEMBER_MAY_NOT_SEND: &str = "❌ That member may not send messages in this channel.";
    /// A moderator has the member write nothing.
    pub const MEMBER_IS_TIMED_OUT: &str = "❌ That member is timed out, and may write nowhere in this server.";
    /// The member is not in the server.
    pub const MEMBER_NOT_HERE: &str = "❌ That member is not in this server.";
    /// What the member may do is not known.
    pub const MEMBER_UNKNOWN: &str = "What that member may do there I could not find out.";
    /// Nothing about the member explains it.
    pub const MEMBER_IS_FINE: &str = "✅ Nothing about that member keeps me from answering.";
}

/// What the log of a channel says of what an admin did.
#[must_use]
pub fn deed(name: &str, member: u64, what: &str) -> String {
    format!("{name} (id {member}): {what}")
}

/// What the log of a channel says where another one is gone; `was_the_last`: where mentions were answered in no other.
#[must_use]
pub fn channel_deleted(was_the_last: bool) -> String {
    let deleted = "A channel that this server's settings named was deleted, so I took it out of them.";
    if was_the_last {
        format!("{deleted} I answered mentions there alone, and answer none now: /admin settings changes that.")
    } else {
        deleted.to_owned()
    }
}

/// What admins do, as the log names it.
pub mod deeds {
    /// A preview of a reload.
    pub const PREVIEWED: &str = "looked at what a reload would change";
    /// Kept as it was.
    pub const CANCELLED: &str = "left everything as it was";
    /// Status.
    pub const STATUS: &str = "looked at the bot's status";
    /// Questions.
    pub const UNANSWERED: &str = "looked at questions without an answer";
    /// A question is gone.
    pub const QUESTION_DELETED: &str = "deleted a question without an answer";
    /// It was gone before.
    pub const QUESTION_NOT_THERE: &str =
        "tried to delete a question without an answer; it was gone already, or is another server's";
    /// The store did not answer.
    pub const QUESTION_NOT_DELETED: &str =
        "tried to delete a question without an answer; it failed, since the store did not answer";
    /// Settings.
    pub const SETTINGS: &str = "looked at this server's settings";
    /// The doctor.
    pub const DOCTOR: &str = "asked what I may do in a channel";
    /// A preview of a rollback.
    pub const ROLLBACK_PREVIEWED: &str = "looked at what a rollback would change";

    /// A reload.
    #[must_use]
    pub fn reloaded(from: &str, to: &str, n_facts: usize) -> String {
        format!("reloaded the facts: revision {to} with {n_facts} facts in place of {from}")
    }

    /// A reload that changed nothing.
    #[must_use]
    pub fn not_reloaded(revision: &str) -> String {
        format!("asked for a reload; nothing differs, so the facts of revision {revision} stay")
    }

    /// A reload of facts that have an error.
    #[must_use]
    pub fn reload_refused(revision: &str) -> String {
        format!(
            "asked for a reload; it was refused, since the new facts have an error; those of revision {revision} stay"
        )
    }

    /// A reload of facts that are no longer those of the preview.
    pub const RELOAD_OUTDATED: &str =
        "asked for a reload; nothing was loaded, since the facts were edited after the preview";

    /// A rollback.
    #[must_use]
    pub fn rolled_back(number: i64) -> String {
        format!("went back to the facts of publication {number}")
    }

    /// A rollback that changed nothing.
    #[must_use]
    pub fn not_rolled_back(number: i64) -> String {
        format!(
            "asked for the facts of publication {number}; nothing was changed, since they are in force, or there is no such publication"
        )
    }

    /// A rollback to facts that have an error.
    #[must_use]
    pub fn rollback_refused(number: i64) -> String {
        format!(
            "asked for the facts of publication {number}; it was refused, since by this version's rules they have an error"
        )
    }

    /// A rollback that came to nothing.
    #[must_use]
    pub fn rollback_failed(number: i64) -> String {
        format!("asked for the facts of publication {number}; it failed, since the store did not answer")
    }

    /// A change of the settings that came to nothing.
    #[must_use]
    pub fn change_failed(setting: &str) -> String {
        format!("tried to change this server's settings: {setting}; it failed, since the store did not answer")
    }

    /// A change of the settings, by its name.
    #[must_use]
    pub fn changed(setting: &str) -> String {
        format!("changed this server's settings: {setting}")
    }
}

/// How the store is.
#[must_use]
pub fn store(n_written: u64, n_queued: u64, n_lost: u64, is_failing: bool) -> String {
    let state = if is_failing {
        "its last write failed"
    } else {
        "it is well"
    };
    format!("{state}; {n_written} records written, {n_queued} waiting, {n_lost} lost")
}

/// How much memory is in use.
#[must_use]
pub fn memory(bytes: Option<u64>) -> String {
    match bytes {
        Some(bytes) => format!("{} MiB", bytes.div_ceil(1 << 20)),
        None => "not known on this system".to_owned(),
    }
}
