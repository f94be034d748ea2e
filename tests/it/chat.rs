//! `chat` through a pipe.

use expect_test::expect;

use crate::program::{run_with_closed_output, run_with_input};

#[test]
fn a_chat_through_a_pipe_answers_each_line_plainly_and_ends_with_its_input() {
    let input = "Where will the old crane be moved?\n\n/facts\r\n2\n/nothing";
    let finished = run_with_input(&["chat"], input.as_bytes());
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    expect![[r#"
        The old crane will be moved to the east pier.
        Stated by the reporter.
        Source: “Harbour wall to be raised” (Coast Wire), paragraph 3: “moved to the east pier”; the picture's caption. As of Friday, May 2 (inferred); the source names no year.

        Harbour wall to be raised
        The crane and the ferry
          1. Where will the old crane be moved?
          2. Does the ferry to Gull Island keep running?
        The wall
          3. By how many metres will the wall be raised?
          4. When does the work on the wall start?

        Does the ferry to Gull Island keep running?
        The harbour office said the ferry to Gull Island keeps running during the works.
        Claimed by the harbour office.
        Source: “Harbour wall to be raised” (Coast Wire), paragraph 4, the harbour office: “keeps running during the works”. As of Friday, May 2 (inferred); the source names no year.

        I do not know /nothing; /help lists what I know.

    "#]].assert_eq(&finished.stdout);
}

#[test]
fn a_chat_ends_where_it_is_told_to_and_where_nobody_listens() {
    let finished = run_with_input(&["chat"], b"/quit\nWhere will the old crane be moved?\n");
    assert_eq!((finished.status, finished.stdout.as_str()), (Some(0), ""));
    assert_eq!(run_with_input(&["chat"], b"").status, Some(0));
    let finished = run_with_closed_output(&["chat"]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_line_that_is_no_text_or_far_too_long_does_not_end_the_chat() {
    let mut input = vec![b'x'; 2 << 20];
    input.extend_from_slice(b"\n\xff\xfe?\n/why\n");
    let finished = run_with_input(&["chat"], &input);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    assert!(
        finished.stdout.starts_with("That is too long to be a question.\n\n"),
        "{}",
        finished.stdout
    );
}
