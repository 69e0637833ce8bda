//! The tutorials of `docs/` are true: what they tell their reader to type is typed, and what they say that it prints is
//! what it prints. Links between pages lead somewhere.
//!
//! What of a page is run is told by the word after the three marks of a block:
//!
//! | block | what becomes of it |
//! |---|---|
//! | `console` | what stands behind `$` is given to a shell, and must print what follows it and end well |
//! | `console,fails` | the same, and it must fail |
//! | `console,stopped` | the same, after what `console,server` started is stopped |
//! | `console,server` | it is started and goes on; what follows is what it prints at its start. One that ran before is stopped |
//! | any language with `,file=PATH` | it is written to that file |
//! | any language with `,append=PATH` | it is added at the end of that file, which must be there |
//!
//! Everything else is left alone. `…` stands for whatever comes there, alone on a line for any number of lines; in JSON
//! a field `"…"` for further fields. A reference (`NH-7K4M-92QX-C`) stands for the one that is made when the page is
//! run, from its first appearance on. `127.0.0.1:8080` stands for the free port on which the program listens.

mod compare;
mod links;
mod page;
mod session;

pub(crate) use links::is_page;
use page::Page;
use session::Session;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Does all that a page says; how many commands that were.
fn run(page: &Page) -> Result<usize, String> {
    let mut session = Session::begin(Path::new(ROOT));
    for step in &page.steps {
        session
            .take(step)
            .map_err(|why| format!("{}:{}: {why}", page.name, step.line))?;
    }
    Ok(page.commands())
}

fn tutorial(name: &str) {
    let text = std::fs::read_to_string(Path::new(ROOT).join("docs").join(name)).expect("a page");
    let page = Page::read(name, &text).expect("a page that can be run");
    match run(&page) {
        Ok(commands) => assert!(commands >= 8, "{name} has only {commands} commands"),
        Err(why) => panic!("{why}"),
    }
}

#[test]
#[ignore = "needs curl and sqlite3: run ./scripts/test"]
fn the_administrators_tutorial_is_true() {
    tutorial("administrator.md");
}

#[test]
#[ignore = "needs curl and sqlite3: run ./scripts/test"]
fn the_complaints_managers_tutorial_is_true() {
    tutorial("complaints-manager.md");
}

#[test]
#[ignore = "needs curl and sqlite3: run ./scripts/test"]
fn the_developers_tutorial_is_true() {
    tutorial("developer.md");
}

/// What is found wrong with a page of these lines.
fn found(lines: &[&str]) -> Result<usize, String> {
    run(&Page::read("page.md", &lines.join("\n"))?)
}

#[test]
fn a_page_that_says_what_is_not_true_is_found_out() {
    let said = found(&[
        "```console",
        "$ nohold tokens create --agent Nobody",
        "token for Nobody: …",
        "```",
    ]);
    let why = said.expect_err("the account does not exist");
    assert!(
        why.starts_with("page.md:2: ") && why.contains("there is no account named Nobody"),
        "{why}"
    );
    // Well ended, and printed something else.
    let said = found(&["```console", "$ echo 'one'; echo 'two'", "one", "```"]);
    let why = said.expect_err("it prints two lines");
    assert!(why.contains("two"), "{why}");
    // As printed, and not well ended.
    let said = found(&["```console", "$ echo one; false", "one", "```"]);
    assert!(said.expect_err("it fails").contains("ended with 1"));
    let said = found(&["```console,fails", "$ echo one", "one", "```"]);
    assert!(said.expect_err("it does not fail").contains("ended with 0"));
    // A server that says something else at its start.
    let said = found(&[
        "```console,server",
        "$ nohold serve",
        "nohold is asleep.",
        "```",
    ]);
    let why = said.expect_err("it is awake");
    assert!(why.contains("nohold is ready."), "{why}");
}

#[test]
fn a_page_that_says_what_is_true_passes() {
    let said = found(&[
        "```yaml,file=ours/greeting.txt",
        "hello",
        "```",
        "```console",
        "$ cat ours/greeting.txt && \\",
        "> WHO=world",
        "hello",
        "$ echo \"$WHO\"; echo NH-7K4M-92QX-C",
        "world",
        "NH-0000-0000-1",
        "$ echo '{\"a\": [1, \"two\"], \"b\": NULL}' | tr NUL nul",
        "{",
        "  \"a\": [1, \"t…\"],",
        "  \"…\": \"…\"",
        "}",
        "```",
        "```sh",
        "$ nobody runs this",
        "```",
    ]);
    assert_eq!(said, Ok(3));
}
