//! Each limit at it, and one past it.

use super::*;

#[track_caller]
fn check(body: &Value, paths: &[&str]) {
    let mut checker = Checker::new();
    checker.message(body);
    let found: Vec<_> = checker
        .violations
        .iter()
        .map(|violation| violation.path.as_str())
        .collect();
    assert_eq!(found, paths, "{:?}", checker.violations);
}

fn embed(chars: usize) -> Value {
    json!({"description": "x".repeat(chars)})
}

fn button(label: usize, id: &str) -> Value {
    json!({"type": 2, "style": 2, "label": "x".repeat(label), "custom_id": id})
}

fn row(buttons: &[Value]) -> Value {
    json!({"type": 1, "components": buttons})
}

#[test]
fn each_limit_of_a_message_holds_at_it_and_not_one_past_it() {
    check(&json!({"content": "한".repeat(2000)}), &[]);
    check(&json!({"content": "한".repeat(2001)}), &["content"]);
    check(&json!({"content": " "}), &[""]);
    check(&json!({"content": "x", "nonce": "1".repeat(25)}), &[]);
    check(&json!({"content": "x", "nonce": "1".repeat(26)}), &["nonce"]);
    check(&json!({"embeds": [embed(4096)]}), &[]);
    check(&json!({"embeds": [embed(4097)]}), &["embeds.0.description"]);
    check(&json!({"embeds": [embed(3000), embed(3000)]}), &[]);
    check(&json!({"embeds": [embed(3000), embed(3001)]}), &["embeds"]);
    check(&json!({"embeds": vec![embed(1); 10]}), &[]);
    check(&json!({"embeds": vec![embed(1); 11]}), &["embeds"]);
}

#[test]
fn each_limit_of_a_row_of_buttons_holds_at_it_and_not_one_past_it() {
    let ids: Vec<String> = (0..6).map(|n| n.to_string()).collect();
    let buttons: Vec<Value> = ids.iter().map(|id| button(80, id)).collect();
    check(&json!({"content": "x", "components": [row(&buttons[..5])]}), &[]);
    check(
        &json!({"content": "x", "components": [row(&buttons)]}),
        &["components.0.components", "components.0.components"],
    );
    check(
        &json!({"content": "x", "components": [row(&[button(81, "a")])]}),
        &["components.0.components.0.label"],
    );
    check(
        &json!({"content": "x", "components": [row(&[button(0, "a")])]}),
        &["components.0.components.0.label"],
    );
    check(
        &json!({"content": "x", "components": [row(&[button(1, &"a".repeat(100))])]}),
        &[],
    );
    check(
        &json!({"content": "x", "components": [row(&[button(1, &"a".repeat(101))])]}),
        &["components.0.components.0.custom_id"],
    );
    check(
        &json!({"content": "x", "components": [row(&[button(1, "a"), button(1, "a")])]}),
        &["components.0.components.1.custom_id"],
    );
}

#[test]
fn each_limit_of_commands_holds_at_it_and_not_one_past_it() {
    let check = |command: Value, n_violations: usize| {
        let mut checker = Checker::new();
        checker.commands(&json!([command]));
        assert_eq!(checker.violations.len(), n_violations, "{:?}", checker.violations);
    };
    let named = |name: &str, description: usize| json!({"name": name, "description": "x".repeat(description)});
    check(named(&"a".repeat(32), 100), 0);
    check(named(&"a".repeat(33), 101), 2);
    check(named("Ask", 1), 1);
    check(named("a b", 1), 1);
    check(named("", 0), 2);
    let option =
        |name: &str, required: bool| json!({"type": 3, "name": name, "description": "x", "required": required});
    check(
        json!({"name": "a", "description": "x", "options": [option("a", true), option("b", false)]}),
        0,
    );
    check(
        json!({"name": "a", "description": "x", "options": [option("a", false), option("b", true)]}),
        1,
    );
    check(
        json!({"name": "a", "description": "x", "options": [option("a", false), option("a", false)]}),
        1,
    );
}

#[test]
fn errors_are_nested_as_discord_nests_them() {
    let mut checker = Checker::new();
    checker.message(&json!({"embeds": [embed(4097)]}));
    let body = checker.error_body();
    assert_eq!(body["code"], 50035);
    assert_eq!(
        body["errors"]["embeds"]["0"]["description"]["_errors"][0]["code"],
        "BASE_TYPE_MAX_LENGTH"
    );
}

#[test]
fn whatever_could_notify_somebody_is_bad_manners() {
    let quiet = json!({"parse": []});
    assert!(manners(&json!({"content": "@\u{200b}everyone \\<@\u{200b}5>", "allowed_mentions": quiet})).is_empty());
    assert_eq!(manners(&json!({"content": "x"})).len(), 1);
    assert_eq!(
        manners(&json!({"content": "x", "allowed_mentions": {"parse": [], "replied_user": true}})).len(),
        1
    );
    assert_eq!(
        manners(&json!({"content": "@here <@5>", "allowed_mentions": quiet})).len(),
        2
    );
}
