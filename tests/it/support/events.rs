//! Events as the gateway sends them, with every key that serenity demands.

use serde_json::{Value, json};

/// The bot's user.
pub(crate) const BOT: u64 = 900;
/// Its application; other than the user's id, as it is for older bots.
pub(crate) const APPLICATION: u64 = 901;
/// A member without any rights.
pub(crate) const MEMBER: u64 = 11;
/// Another one.
pub(crate) const OTHER_MEMBER: u64 = 12;
/// One of the bot's own admins.
pub(crate) const ADMIN: u64 = 13;
/// The server whose administrators are the bot's.
pub(crate) const HOME: u64 = 21;
/// Another server.
pub(crate) const ELSEWHERE: u64 = 22;
/// A channel of whichever server.
pub(crate) const CHANNEL: u64 = 31;
/// A channel of direct messages.
pub(crate) const DIRECT: u64 = 32;

/// The permission bit of an administrator.
pub(crate) const ADMINISTRATOR: u64 = 1 << 3;

/// Where something is said, and by whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) user: u64,
    pub(crate) channel: u64,
    pub(crate) guild: Option<u64>,
    /// The member's permission bits there.
    pub(crate) permissions: u64,
}

/// A member in a server's channel.
pub(crate) const IN_CHANNEL: Place = Place {
    user: MEMBER,
    channel: CHANNEL,
    guild: Some(ELSEWHERE),
    permissions: 1 << 11,
};

/// A member in a channel of a server whose events come by the second of two shards.
pub(crate) const ON_SECOND_SHARD: Place = Place {
    user: MEMBER,
    channel: 33,
    guild: Some((1 << 22) + 23),
    permissions: 1 << 11,
};

/// A member in direct messages.
pub(crate) const IN_DIRECT: Place = Place {
    user: MEMBER,
    channel: DIRECT,
    guild: None,
    permissions: 0,
};

impl Place {
    /// The same place, with another member.
    pub(crate) fn by(self, user: u64) -> Self {
        Self { user, ..self }
    }
}

pub(crate) fn user(id: u64) -> Value {
    json!({
        "id": id.to_string(), "username": format!("member-{id}"), "discriminator": "0", "global_name": null,
        "avatar": null, "bot": id == BOT,
    })
}

fn member(place: Place) -> Value {
    json!({
        "user": user(place.user), "nick": null, "avatar": null, "roles": [], "joined_at": "2030-01-01T00:00:00+00:00",
        "premium_since": null, "deaf": false, "mute": false, "flags": 0, "pending": false,
        "permissions": place.permissions.to_string(), "communication_disabled_until": null,
    })
}

pub(crate) fn ready(session: &str, gateway: &str, shard: (u64, u64), other_servers: &[u64]) -> Value {
    let servers = std::iter::once(&HOME).chain(other_servers);
    let guilds: Vec<Value> = servers
        .map(|id| json!({"id": id.to_string(), "unavailable": true}))
        .collect();
    json!({
        "v": 10, "user": user(BOT), "guilds": guilds, "session_id": session,
        "resume_gateway_url": gateway, "shard": [shard.0, shard.1], "application": {"id": APPLICATION.to_string(), "flags": 0},
    })
}

/// A message as members write it. Mentions of `<@BOT>` are listed as Discord lists them.
pub(crate) fn message(id: u64, place: Place, content: &str) -> Value {
    let mentions: Vec<Value> = if content.contains(&format!("<@{BOT}>")) {
        vec![user(BOT)]
    } else {
        Vec::new()
    };
    let mut message = json!({
        "id": id.to_string(), "channel_id": place.channel.to_string(), "author": user(place.user), "content": content,
        "timestamp": "2031-05-02T10:00:00+00:00", "edited_timestamp": null, "tts": false, "mention_everyone": false,
        "mentions": mentions, "mention_roles": [], "attachments": [], "embeds": [], "pinned": false, "type": 0,
        "flags": 0, "components": [], "nonce": null, "channel_type": 0,
    });
    if let Some(guild) = place.guild {
        message["guild_id"] = json!(guild.to_string());
        message["member"] = member(place);
        message["member"]
            .as_object_mut()
            .expect("an object, made above")
            .remove("user");
    }
    message
}

/// A message that mentions this role, and not the bot.
pub(crate) fn mention_of_role(id: u64, place: Place, role: u64, content: &str) -> Value {
    let mut message = message(id, place, content);
    message["mention_roles"] = json!([role.to_string()]);
    message
}

/// A reply to a message of the bot; with its ping the bot is among the mentions and the content arrives.
pub(crate) fn reply(id: u64, place: Place, content: &str, to: &Value, ping: bool) -> Value {
    let mut message = message(id, place, content);
    message["type"] = json!(19);
    message["referenced_message"] = to.clone();
    message["message_reference"] = json!({"message_id": to["id"], "channel_id": to["channel_id"]});
    if ping {
        message["mentions"] = json!([user(BOT)]);
    }
    message
}

fn interaction(id: u64, kind: u8, place: Place, data: &Value) -> Value {
    let mut interaction = json!({
        "id": id.to_string(), "application_id": APPLICATION.to_string(), "type": kind, "data": data,
        "token": token(id), "version": 1, "channel_id": place.channel.to_string(),
        "channel": {"id": place.channel.to_string(), "type": i32::from(place.guild.is_none())},
        "app_permissions": "0", "locale": "en-GB", "entitlements": [],
        "authorizing_integration_owners": {"0": place.guild.unwrap_or_default().to_string()},
        "context": i32::from(place.guild.is_none()), "attachment_size_limit": 10_485_760,
    });
    match place.guild {
        Some(guild) => {
            interaction["guild_id"] = json!(guild.to_string());
            interaction["guild_locale"] = json!("en-GB");
            interaction["member"] = member(place);
        }
        None => interaction["user"] = user(place.user),
    }
    interaction
}

/// A server as the gateway tells of it to the bot, with the role that Discord made for the bot there.
pub(crate) fn server(id: u64, own_role: u64) -> Value {
    let no_colours = json!({"primary_color": 0, "secondary_color": null, "tertiary_color": null});
    let role = json!({
        "id": own_role.to_string(), "name": "the bot", "color": 0, "colors": no_colours, "hoist": false, "managed": true,
        "mentionable": true, "permissions": "0", "position": 1, "icon": null, "unicode_emoji": null,
        "tags": {"bot_id": BOT.to_string()},
    });
    json!({
        "id": id.to_string(), "name": "x", "icon": null, "splash": null, "discovery_splash": null, "owner_id": "1",
        "afk_channel_id": null, "afk_timeout": 300, "verification_level": 0, "default_message_notifications": 0,
        "explicit_content_filter": 0, "roles": [role], "emojis": [], "features": [], "mfa_level": 0,
        "application_id": null, "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null,
        "vanity_url_code": null, "description": null, "banner": null, "premium_tier": 0, "preferred_locale": "en-US",
        "public_updates_channel_id": null, "nsfw_level": 0, "stickers": [], "premium_progress_bar_enabled": false,
        "joined_at": "2030-01-01T00:00:00+00:00", "large": false, "unavailable": false, "member_count": 2,
        "voice_states": [], "members": [], "channels": [], "threads": [], "presences": [], "stage_instances": [],
        "guild_scheduled_events": [], "safety_alerts_channel_id": null, "incidents_data": null,
    })
}

/// The token of an interaction.
pub(crate) fn token(id: u64) -> String {
    format!("interaction-token-{id}")
}

/// A slash command with its options, each `{"name", "type", "value"}`.
pub(crate) fn command(id: u64, place: Place, name: &str, options: &Value) -> Value {
    let data = json!({"id": "77", "name": name, "type": 1, "options": options});
    interaction(id, 2, place, &data)
}

/// What is sent while a member types `typed` into the option `option`.
pub(crate) fn autocomplete(id: u64, place: Place, name: &str, option: &str, typed: &str) -> Value {
    let options = json!([{"name": option, "type": 3, "value": typed, "focused": true}]);
    let data = json!({"id": "77", "name": name, "type": 1, "options": options});
    interaction(id, 4, place, &data)
}

/// A use of a message's menu.
pub(crate) fn menu(id: u64, place: Place, name: &str, target: &Value) -> Value {
    let target_id = target["id"].as_str().expect("a message").to_owned();
    let mut messages = json!({});
    messages[&target_id] = target.clone();
    let data = json!({"id": "78", "name": name, "type": 3, "target_id": target_id, "resolved": {"messages": messages}});
    interaction(id, 2, place, &data)
}

/// Makes of a message what it is after an edit. Without a mention its content stays in Discord.
pub(crate) fn edit(message: &mut Value, content: &str, second: u8) {
    message["content"] = json!(content);
    if content.contains(&format!("<@{BOT}>")) {
        message["mentions"] = json!([user(BOT)]);
    }
    message["edited_timestamp"] = json!(format!("2031-05-02T10:00:{second:02}+00:00"));
}

/// A press of a button on a message of the bot's.
pub(crate) fn press(id: u64, place: Place, custom_id: &str, on: &Value) -> Value {
    let data = json!({"custom_id": custom_id, "component_type": 2});
    let mut press = interaction(id, 3, place, &data);
    press["message"] = on.clone();
    press
}

/// A choice from a list of texts on a message of the bot's.
pub(crate) fn choose(id: u64, place: Place, custom_id: &str, kind: u8, values: &[&str], on: &Value) -> Value {
    let data = json!({"custom_id": custom_id, "component_type": kind, "values": values});
    let mut choice = interaction(id, 3, place, &data);
    choice["message"] = on.clone();
    choice
}

/// A choice of channels, each with its type.
pub(crate) fn choose_channels(id: u64, place: Place, custom_id: &str, channels: &[(u64, u8)], on: &Value) -> Value {
    let values: Vec<String> = channels.iter().map(|(channel, _)| channel.to_string()).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let mut choice = choose(id, place, custom_id, 8, &values, on);
    for (channel, kind) in channels {
        let resolved = json!({
            "id": channel.to_string(), "type": kind, "name": format!("channel-{channel}"), "permissions": "0",
        });
        choice["data"]["resolved"]["channels"][channel.to_string()] = resolved;
    }
    choice
}
