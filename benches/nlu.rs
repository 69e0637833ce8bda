//! How long one message takes to be read, on one core: `cargo bench --bench nlu`.
//!
//! Reads labelled messages, some long ones and ten thousand odd ones, and shows the middle, the slowest of a
//! hundred and the slowest of all (of the fastest of five readings of each, so that another program's turn does not
//! count).

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
    let texts = messages();
    let short: Vec<String> = (texts.iter().filter(|t| t.len() <= 300).cloned()).collect();
    let linear = |text: &str| drop(std::hint::black_box(reader.reread(text, SETTING)));
    let both = |text: &str| drop(std::hint::black_box(reader.read(text, SETTING)));
    show(
        "linear step, messages of up to 300 characters",
        &linear,
        &short,
    );
    show(
        "with the encoder where it is asked, the same",
        &both,
        &short,
    );
    for length in [500, 2_000, 16_384] {
        let long = pieces(&texts.join(" "), length);
        show(&format!("linear step, {length} bytes"), &linear, &long);
    }
    show(
        "with the encoder, 16384 bytes",
        &both,
        &pieces(&texts.join(" "), 16_384),
    );
    odd(&linear);
}

/// The messages of all languages that the rules were written with.
fn messages() -> Vec<String> {
    let english = include_str!("../src/nlu/en/messages.jsonl").lines();
    let spanish = include_str!("../src/nlu/es/messages.jsonl").lines();
    let text = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        line["text"].as_str().expect("text").to_owned()
    };
    english.chain(spanish).map(text).collect()
}

fn pieces(long: &str, length: usize) -> Vec<String> {
    let piece = |n: usize| {
        let from = long.floor_char_boundary(n * (long.len() - length) / 20);
        long[from..long.floor_char_boundary(from + length)].to_owned()
    };
    (0..20).map(piece).collect()
}

/// Words, signs and scripts that nobody sends on purpose, put together by a small generator of numbers: whether any of
/// them takes a pattern longer than its length explains.
fn odd(read: &impl Fn(&str)) {
    const PARTS: [&str; 24] = [
        "a",
        "no ",
        "not not ",
        "my mum ",
        "the nurse ",
        "Ann ",
        "'",
        "\"",
        "....",
        "???",
        "\n",
        "0",
        "07700 ",
        "1/2/3 ",
        "@",
        "é",
        "ß",
        "你好",
        "🙂",
        "\u{200f}",
        "last last Tuesday ",
        "who who who ",
        "mi mi ",
        "- ",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % most as u64) as usize
    };
    let clock = Clock::system();
    let mut worst = (0.0, 0);
    let mut slowest = Duration::ZERO;
    for _ in 0..10_000 {
        let length = 1 << next(14);
        let few = 1 + next(4);
        let chosen: Vec<&str> = (0..few).map(|_| PARTS[next(PARTS.len())]).collect();
        let mut text = String::new();
        while text.len() < length {
            text.push_str(chosen[next(few)]);
        }
        let start = clock.stopwatch();
        read(&text);
        let took = start.elapsed();
        slowest = slowest.max(took);
        // Short ones show what every message costs, and not what a byte does.
        let each = took.as_secs_f64() * 1e6 / (text.len() + 200) as f64;
        if each > worst.0 {
            worst = (each, text.len());
        }
    }
    println!(
        "10,000 odd inputs of up to 16 KB: worst {:.2} us a byte (of {}, each with 200 more), \
         slowest {:.1} ms",
        worst.0,
        worst.1,
        slowest.as_secs_f64() * 1e3
    );
}

fn show(what: &str, read: &impl Fn(&str), texts: &[String]) {
    let clock = Clock::system();
    let once = |text: &String| {
        let start = clock.stopwatch();
        read(text);
        start.elapsed()
    };
    let fastest = |text: &String| (0..5).map(|_| once(text)).min().unwrap_or_default();
    let mut times: Vec<Duration> = texts.iter().map(fastest).collect();
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
