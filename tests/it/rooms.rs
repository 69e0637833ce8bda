//! The house can be read room by room: inside these folders no file uses one that uses it back.

use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

type Uses = BTreeMap<String, BTreeSet<String>>;

/// Which files of a folder use which others of it.
fn uses(folder: &str) -> Uses {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path.extension().is_some_and(|e| e == "rs") && name != "mod" {
            let text = std::fs::read_to_string(&path).expect("a file");
            // Tests may use what they like.
            let text = text
                .split("#[cfg(test)]")
                .next()
                .unwrap_or_default()
                .to_owned();
            texts.insert(name, text);
        }
    }
    let block = Regex::new(r"(?s)\buse super::\{(.*?)\n?\};").expect("written here");
    let used = |text: &str, name: &str| {
        let named = Regex::new(&format!(r"(?m)(?:^|[\s{{,]){name}(?:::|,|\}}|$)")).expect("a name");
        let direct = Regex::new(&format!(r"\bsuper::{name}\b")).expect("a name");
        direct.is_match(text) || block.captures_iter(text).any(|b| named.is_match(&b[1]))
    };
    let of = |name: &String, text: &String| {
        let others = texts
            .keys()
            .filter(|other| *other != name && used(text, other));
        (name.clone(), others.cloned().collect())
    };
    texts.iter().map(|(name, text)| of(name, text)).collect()
}

/// A way from a file back to itself.
fn circle(uses: &Uses) -> Option<Vec<String>> {
    fn follow(uses: &Uses, path: &mut Vec<String>, done: &mut BTreeSet<String>) -> bool {
        let here = path.last().expect("a start").clone();
        for next in &uses[&here] {
            let again = path.contains(next);
            if !again && done.contains(next) {
                continue;
            }
            path.push(next.clone());
            if again || follow(uses, path, done) {
                return true;
            }
            path.pop();
        }
        done.insert(here);
        false
    }
    let mut done = BTreeSet::new();
    uses.keys().find_map(|start| {
        let mut path = vec![start.clone()];
        (!done.contains(start) && follow(uses, &mut path, &mut done)).then_some(path)
    })
}

#[test]
fn no_file_uses_one_that_uses_it_back() {
    for folder in ["src/dialogue", "src/channel/email", "src/channel/discord"] {
        let uses = uses(folder);
        assert!(uses.values().any(|u| !u.is_empty()), "{folder} is read");
        assert_eq!(circle(&uses), None, "{folder}");
    }
}

#[test]
fn a_circle_is_found() {
    let of = |name: &str, used: &str| (name.to_owned(), BTreeSet::from([used.to_owned()]));
    let uses = Uses::from([of("a", "b"), of("b", "c"), of("c", "b")]);
    assert_eq!(
        circle(&uses),
        Some(["a", "b", "c", "b"].map(str::to_owned).to_vec())
    );
}
