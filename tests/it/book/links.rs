//! Links between pages lead to a page, and to a heading that it has.

use super::{ROOT, page::blocks};
use regex::Regex;
use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

/// Pages outside the book that lead into it.
const OUTSIDE: [&str; 4] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
];

pub(crate) fn is_page(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e == "md")
}

fn pages_of_the_book() -> BTreeSet<String> {
    let entries = std::fs::read_dir(Path::new(ROOT).join("docs")).expect("docs/");
    let names = entries.map(|e| {
        e.expect("an entry")
            .file_name()
            .into_string()
            .expect("UTF-8")
    });
    names.filter(|n| is_page(n)).collect()
}

fn text_of(page: &Path) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(page))
        .unwrap_or_else(|e| panic!("{}: {e}", page.display()))
}

/// A page without its blocks of code and its code in lines.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut out = String::new();
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced && !line.starts_with("    ") {
            out.push_str(line);
            out.push('\n');
        }
    }
    Regex::new("`[^`]*`")
        .expect("a pattern")
        .replace_all(&out, "`code`")
        .into_owned()
}

/// Where the links of a page lead, as written.
fn links(text: &str) -> Vec<String> {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a pattern");
    link.captures_iter(&prose(text))
        .map(|c| c[1].to_owned())
        .collect()
}

/// The names under which the headings of a page are found.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut all = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        let Some(heading) = line.strip_prefix('#').filter(|_| !fenced) else {
            continue;
        };
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        all.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
    }
    all
}

/// A path without `..`.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => out.pop().then_some(())?,
            part => out.push(part),
        }
    }
    Some(out)
}

/// What is wrong with the links of a page.
fn broken(page: &Path, text: &str) -> Vec<String> {
    let folder = page.parent().expect("a folder");
    let in_book = folder == Path::new("docs");
    let mut wrong = Vec::new();
    for link in links(text) {
        if link.contains("://") {
            continue;
        }
        let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
        let target = match file {
            "" => Some(page.to_owned()),
            file => plain(&folder.join(file)),
        };
        let there = target.filter(|t| Path::new(ROOT).join(t).is_file());
        let fits = there.is_some_and(|t| {
            (!in_book || t.starts_with("docs"))
                && (anchor.is_empty() || anchors(&text_of(&t)).contains(anchor))
        });
        if !fits {
            wrong.push(format!("{}: {link}", page.display()));
        }
    }
    wrong
}

#[test]
fn links_between_pages_lead_somewhere() {
    let book = pages_of_the_book()
        .into_iter()
        .map(|n| Path::new("docs").join(n));
    let pages: Vec<PathBuf> = OUTSIDE.map(PathBuf::from).into_iter().chain(book).collect();
    let wrong: Vec<String> = (pages.iter())
        .flat_map(|p| broken(p, &text_of(p)))
        .collect();
    assert_eq!(wrong, [] as [String; 0]);
    // A link that leads nowhere would be found.
    let page = Path::new("docs/telegram.md");
    let text =
        "[a](nothing.md) [b](flows.md#no-such-heading) [c](../README.md) [d](flows.md#phrases)";
    let expected = ["nothing.md", "flows.md#no-such-heading", "../README.md"];
    assert_eq!(
        broken(page, text),
        expected.map(|l| format!("docs/telegram.md: {l}"))
    );
}

#[test]
fn the_book_has_every_page_once() {
    let summary = text_of(Path::new("docs/SUMMARY.md"));
    let mut listed = links(&summary);
    listed.sort();
    let mut pages: Vec<String> = pages_of_the_book().into_iter().collect();
    pages.retain(|p| p != "SUMMARY.md");
    assert_eq!(listed, pages);
}

#[test]
fn every_block_of_the_book_has_an_end() {
    for page in pages_of_the_book() {
        assert_eq!(
            blocks(&text_of(&Path::new("docs").join(&page))).err(),
            None,
            "{page}"
        );
    }
}
