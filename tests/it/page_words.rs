//! The words of our pages stand in the flows: the pages use no word that is not there, and there is none
//! that no page uses.

use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages whose names begin so, as one text.
fn pages(begins: &str) -> String {
    let folder = root().join("src/web/pages");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            name.starts_with(begins) && name.ends_with(".js")
        })
        .collect();
    names.sort();
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).expect("a page");
    names.iter().map(read).collect()
}

fn words(file: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("flows").join(file)).expect("a file");
    serde_saphyr::from_str(&text).expect("words")
}

/// The words that a page names in so many letters.
fn named(page: &str, pattern: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).expect("written here");
    let found = pattern.captures_iter(page);
    found.map(|c| c[1].to_owned()).collect()
}

fn unknown(named: &BTreeSet<String>, words: &BTreeMap<String, String>) -> Vec<String> {
    let missing = named.iter().filter(|n| !words.contains_key(*n));
    missing.cloned().collect()
}

#[test]
fn the_desk_says_what_the_flows_say_and_all_of_it() {
    let (page, words) = (pages("desk"), words("en/desk.yaml"));
    assert_eq!(
        unknown(&named(&page, r"\bt\('(\w+)'"), &words),
        [""; 0],
        "words that are missing"
    );
    // Families are put together from a name of the API; their members are all there is to name.
    let families = Regex::new(
        r"^(?:is|role|failed|channel|clock|sure|from|snooze|by|measure|about|customer|plot|given|act|letter|seek|fit|overdue|sort|report|item|help|weekday|ladder)_",
    )
    .expect("written here");
    let used = |key: &str| families.is_match(key) || page.contains(&format!("'{key}'"));
    let idle: Vec<&String> = words.keys().filter(|key| !used(key)).collect();
    assert_eq!(idle, [""; 0], "words that nobody reads");
}

#[test]
fn the_chat_says_what_the_flows_say_and_all_of_it() {
    let (page, words) = (pages("widget"), words("en/chat.yaml"));
    let named = named(&page, r"\bWORDS\.(\w+)");
    assert_eq!(unknown(&named, &words), [""; 0], "words that are missing");
    let idle: Vec<&String> = words.keys().filter(|key| !named.contains(*key)).collect();
    assert_eq!(idle, [""; 0], "words that nobody reads");
}
