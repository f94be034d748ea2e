//! A gateway that is shared: by the shards of one process, and by several processes; and who may not share it.

use std::time::Duration;

use crate::support::events::{IN_CHANNEL, IN_DIRECT, ON_SECOND_SHARD};
use crate::support::http::{free_address, get, wait_for};
use crate::support::{Knowledge, Loopback, Process, TestBot};

const QUESTION: &str = "How high will the harbour wall be?";
const QUIET: (&str, &str) = ("RUST_LOG", "off,briefing_bot=warn");

fn wait_for_shards(discord: &Loopback, expected: &[(u64, u64)]) {
    discord.state().wait("the shards", |inner| {
        let mut shards: Vec<_> = inner.clients.iter().map(|client| client.shard).collect();
        shards.sort_unstable();
        (shards == expected).then_some(())
    });
}

#[test]
fn each_process_has_its_part_of_the_gateway() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let first = Process::run(&discord, &knowledge, &[QUIET, ("SHARDS", "0..1/2")]);
    let second = Process::run(&discord, &knowledge, &[QUIET, ("SHARDS", "1/2")]);
    wait_for_shards(&discord, &[(0, 2), (1, 2)]);
    discord.wait_until_ready();
    for place in [IN_CHANNEL, ON_SECOND_SHARD, IN_DIRECT] {
        assert!(discord.asked(place, QUESTION).contains("six metres"));
    }
    // Discord lets one shard log in each five seconds, and a login is a while under way.
    let logins = discord.state().with(|inner| inner.identified_at.clone());
    assert_eq!(logins.len(), 2);
    let between = logins[1].duration_since(logins[0]);
    assert!(between > Duration::from_secs(3), "{between:?}");
    // The commands are looked after by one of them.
    assert_eq!(
        discord.state().with(|inner| (inner.n_comparisons, inner.n_overwrites)),
        (1, 1)
    );
    for bot in [first, second] {
        bot.signal("TERM");
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(0), "{written}");
    }
}

#[test]
fn one_process_has_as_many_shards_as_discord_advises() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    discord.state().with(|inner| inner.n_advised_shards = 2);
    let _bot = TestBot::start_with(&discord, &knowledge, &[("SHARDS", "auto")]);
    wait_for_shards(&discord, &[(0, 2), (1, 2)]);
    discord.wait_until_ready();
    for place in [IN_CHANNEL, ON_SECOND_SHARD] {
        discord.asked(place, QUESTION);
    }
}

#[test]
fn a_process_is_ready_once_all_its_shards_are_there() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    discord.state().with(|inner| {
        inner.n_advised_shards = 2;
        inner.most_connections = Some(1);
    });
    let health = free_address();
    let address = health.to_string();
    let _bot = TestBot::start_with(&discord, &knowledge, &[("SHARDS", "auto"), ("HTTP_LISTEN", &address)]);
    discord.wait_until_ready();
    // The second one's connecting hangs.
    discord
        .state()
        .wait("the second shard", |inner| (inner.n_connections > 1).then_some(()));
    let lines = [
        "gateway_shards 2\n",
        "gateway_shards_connected 1\n",
        "briefing_bot_store_up 1\n",
    ];
    let metrics = wait_for(health, "/metrics", "one of two", |_, text| {
        lines.iter().all(|line| text.contains(line))
    });
    assert!(metrics.contains("briefing_bot_ready 0\n"), "{metrics}");
    let (status, unready) = get(health, "/readyz");
    assert!(status == 503 && unready.contains(r#""gateway":false"#), "{unready}");
    assert_eq!(get(health, "/servez").0, 200, "the first shard's servers are answered");
    discord.asked(IN_CHANNEL, QUESTION);
    discord.state().with(|inner| inner.most_connections = None);
    wait_for(health, "/readyz", "readiness", |status, _| status == 200);
    wait_for(health, "/metrics", "both", |_, text| {
        text.contains("gateway_shards_connected 2\n") && text.contains("briefing_bot_ready 1\n")
    });
}

#[test]
fn a_second_instance_on_the_same_machine_is_noticed_before_it_logs_in() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = Process::run(&discord, &knowledge, &[QUIET]);
    discord.wait_until_ready();
    let (status, written) = Process::run(&discord, &knowledge, &[QUIET]).ended();
    assert_eq!(status.code(), Some(1), "{written}");
    assert!(
        written.contains("runs on this machine already") && written.contains("`SHARDS`"),
        "{written}"
    );
    assert_eq!(discord.state().with(|inner| inner.n_identifies), 1);
    discord.asked(IN_CHANNEL, QUESTION);
    // However the first one ends, the next may start.
    bot.kill();
    discord.state().with(|inner| {
        inner.clients.clear();
        inner.n_comparisons = 0;
    });
    let next = Process::run(&discord, &knowledge, &[QUIET]);
    discord.wait_until_ready();
    discord.asked(IN_CHANNEL, QUESTION);
    next.signal("TERM");
    assert_eq!(next.ended().0.code(), Some(0));
}
