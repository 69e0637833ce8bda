//! How long one message takes to be read, on one core: `cargo bench --bench understand`.
//!
//! Reads every labelled message, and some long ones, several times, and shows the middle, the slowest of a hundred and the slowest of all (of the fastest of five
//! readings of each, so that another program's turn does not count).

use nohold::clock::Clock;
use nohold::nlu::{Interpreter, Setting};
use std::time::Duration;

const SETTING: Setting<'_> = Setting {
    today: jiff::civil::date(2026, 11, 24),
    country: "GB",
    order: nohold::domain::DateOrder::DayFirst,
};

fn main() {
    let start = Clock::system().stopwatch();
    let reader = Interpreter::built_in().expect("rules and model are built in");
    println!("ready after {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let data = include_str!("../src/nlu/en/messages.jsonl");
    let texts: Vec<String> = data
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            line["text"].as_str().expect("text").to_owned()
        })
        .collect();
    let rules = Interpreter::by_rules().expect("rules are built in");
    show("labelled messages, rules and model", &reader, &texts);
    show("labelled messages, rules alone", &rules, &texts);
    for length in [500, 2_000, 16_000] {
        let long = texts.join(" ");
        let pieces: Vec<String> = (0..20)
            .map(|n| {
                let from = long.floor_char_boundary(n * long.len() / 25);
                let to = long.floor_char_boundary(from + length);
                long[from..to].to_owned()
            })
            .collect();
        show(&format!("messages of {length} bytes"), &reader, &pieces);
    }
}

fn show(what: &str, reader: &Interpreter, texts: &[String]) {
    let clock = Clock::system();
    let mut times: Vec<Duration> = texts
        .iter()
        .map(|text| {
            let once = || {
                let start = clock.stopwatch();
                std::hint::black_box(reader.read(std::hint::black_box(text), SETTING));
                start.elapsed()
            };
            (0..5).map(|_| once()).min().unwrap_or_default()
        })
        .collect();
    times.sort_unstable();
    let micros = |share: f64| {
        let at = ((times.len() - 1) as f64 * share) as usize;
        times[at].as_secs_f64() * 1e6
    };
    println!(
        "{what}: {} messages, p50 {:.0} us, p99 {:.0} us, slowest {:.0} us",
        times.len(),
        micros(0.5),
        micros(0.99),
        micros(1.0)
    );
}
