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

/// A list to choose from, with so many options of these lengths.
fn select(n_options: usize, label: usize, description: usize, placeholder: usize) -> Value {
    let option =
        |n: usize| json!({"label": "x".repeat(label), "value": n.to_string(), "description": "x".repeat(description)});
    let options: Vec<Value> = (0..n_options).map(option).collect();
    let placeholder = "x".repeat(placeholder);
    json!({"type": 3, "custom_id": "a", "placeholder": placeholder, "options": options})
}

#[test]
fn each_limit_of_a_list_to_choose_from_holds_at_it_and_not_one_past_it() {
    let check = |select: Value, paths: &[&str]| {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| format!("components.0.components.0{path}"))
            .collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        check(&json!({"content": "x", "components": [row(&[select])]}), &paths);
    };
    check(select(25, 100, 100, 150), &[]);
    check(select(26, 100, 100, 150), &[".options"]);
    check(select(0, 1, 0, 0), &[""]);
    check(select(1, 101, 100, 150), &[".options.0.label"]);
    check(select(1, 0, 100, 150), &[".options.0.label"]);
    check(select(1, 100, 101, 150), &[".options.0.description"]);
    check(select(1, 100, 100, 151), &[".placeholder"]);
    let mut values = select(2, 1, 0, 0);
    values["options"][0]["value"] = json!("x".repeat(100));
    check(values.clone(), &[]);
    values["options"][1]["value"] = json!("x".repeat(100));
    check(values.clone(), &[".options.1.value"]);
    values["options"][1]["value"] = json!("x".repeat(101));
    check(values, &[".options.1.value"]);
    let channels = |most: u64, n_chosen: usize| {
        let chosen = vec![json!({"id": "1", "type": "channel"}); n_chosen];
        json!({"type": 8, "custom_id": "a", "max_values": most, "default_values": chosen})
    };
    check(channels(25, 25), &[]);
    check(channels(26, 1), &[""]);
    check(channels(1, 2), &[""]);
}

#[test]
fn each_limit_of_choices_holds_at_it_and_not_one_past_it() {
    let check = |n_choices: usize, name: usize, value: usize, paths: &[&str]| {
        let choice = json!({"name": "x".repeat(name), "value": "x".repeat(value)});
        let mut checker = Checker::new();
        checker.choices(&json!({"choices": vec![choice; n_choices]}));
        let found: Vec<&str> = checker.violations.iter().map(|found| found.path.as_str()).collect();
        assert_eq!(found, paths, "{:?}", checker.violations);
    };
    check(0, 1, 1, &[]);
    check(25, 100, 100, &[]);
    check(26, 100, 100, &["choices"]);
    check(1, 101, 100, &["choices.0.name"]);
    check(1, 0, 100, &["choices.0.name"]);
    check(1, 100, 101, &["choices.0.value"]);
}

#[test]
fn the_limit_of_a_description_of_a_file_holds_at_it_and_not_one_past_it() {
    let described = |chars: usize| {
        json!({
            "content": "x", "files": [{"id": 0, "filename": "a.png", "bytes": 1}],
            "attachments": [{"id": 0, "filename": "a.png", "description": "한".repeat(chars)}],
        })
    };
    check(&described(1024), &[]);
    check(&described(1025), &["attachments.0.description"]);
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
