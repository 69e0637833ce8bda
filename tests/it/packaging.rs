//! What the program is installed with knows the program: its settings, and the compiler it is built by.

use crate::book::is_page;
use crate::house::{Base, House};
use nohold::config::Settings;
use regex::Regex;
use std::{collections::BTreeSet, fs, path::Path, process::Command};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The first group of a pattern in a file.
fn found(name: &str, pattern: &str) -> String {
    let pattern = Regex::new(pattern).expect("a pattern");
    let text = file(name);
    let found = pattern.captures(&text).map(|c| c[1].to_owned());
    found.unwrap_or_else(|| panic!("{name} has nothing like {pattern}"))
}

/// Which of these names no setting has.
fn unknown<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let no_setting = |name: &&str| {
        let setting = name.trim_start_matches("NOHOLD_").to_lowercase();
        let read = Settings::from_pairs([(setting.as_str(), "1")]);
        let nonesuch = format!("{setting}: there is no such setting");
        read.is_err_and(|wrong| wrong.0.iter().any(|w| w.starts_with(&nonesuch)))
    };
    names.filter(no_setting).map(str::to_owned).collect()
}

#[test]
fn every_setting_that_is_named_exists() {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).expect("docs/");
    let docs = docs.map(|e| format!("docs/{}", e.expect("one").file_name().to_string_lossy()));
    let packages = [
        "README.md",
        "Dockerfile",
        "compose.yaml",
        "packaging/nohold.service",
    ];
    let pages = docs.filter(|name| is_page(name));
    let name = Regex::new(r"NOHOLD_[A-Z_]*[A-Z]").expect("a pattern");
    let mut named = BTreeSet::new();
    for text in pages.chain(packages.map(str::to_owned)).map(|n| file(&n)) {
        named.extend(name.find_iter(&text).map(|m| m.as_str().to_owned()));
    }
    assert!(named.len() > 10, "{named:?}");
    assert_eq!(unknown(named.iter().map(String::as_str)), [] as [&str; 0]);
    assert_eq!(unknown(["NOHOLD_COLOUR"].into_iter()), ["NOHOLD_COLOUR"]);
}

#[test]
fn one_compiler_builds_it_everywhere() {
    let pinned = found("rust-toolchain.toml", r#"(?m)^channel = "(.+)"$"#);
    let image = found("Dockerfile", r"(?m)^FROM rust:([0-9.]+)-");
    assert_eq!(image, pinned, "the image is built by another compiler");
    let least = found("Cargo.toml", r#"(?m)^rust-version = "(.+)"$"#);
    assert!(pinned.starts_with(&least), "{pinned} is not {least}");
}

#[test]
fn the_license_is_in_full() {
    assert!(file("LICENSE-MIT").contains("THE SOFTWARE IS PROVIDED \"AS IS\""));
    let apache = file("LICENSE-APACHE");
    for section in 1..=9 {
        assert!(
            apache.contains(&format!("\n   {section}. ")),
            "section {section}"
        );
    }
    assert!(apache.contains("APPENDIX: How to apply the Apache License to your work."));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_container_knows_whether_the_program_is_well() {
    let mut house = House::open(Base::Sqlite).await;
    let listen = house.url.replace("http://127.0.0.1", "0.0.0.0");
    let check = found("Dockerfile", r#"(?m)^\s+CMD (\["bash".*\])$"#);
    let check: Vec<String> = serde_json::from_str(&check).expect("a list of words");
    let well = || {
        let asked = Command::new(&check[0])
            .args(&check[1..])
            .env("NOHOLD_LISTEN", &listen)
            .output();
        asked.expect("bash").status.success()
    };
    assert!(well(), "it runs");
    house.kill();
    assert!(!well(), "it does not run");
}
