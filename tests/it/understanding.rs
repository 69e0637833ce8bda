//! The reader and the coach as commands: what they are worth on labelled lines, the model made again, and input that is
//! no input.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_nohold"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("it ends");
    feeder.join().expect("fed");
    output
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/nlu/data")
        .join(name)
}

#[test]
fn the_model_in_the_program_is_small() {
    let bytes = std::fs::metadata(data("model.bin")).expect("a model").len();
    assert!(bytes <= 6_000_000, "{bytes} bytes");
}

#[test]
fn a_bad_line_is_told_by_its_number_and_the_rest_goes_on() {
    let good: &[(&str, &str)] = &[
        ("understand", r#"{"text":"hello"}"#),
        (
            "coach",
            r#"{"context":"","draft":"I'll write to you by five today."}"#,
        ),
        (
            "suggest",
            r#"{"messages":[{"from":"contact","text":"your nurse shouted at me"}]}"#,
        ),
    ];
    for (command, line) in good {
        let mut input = Vec::new();
        input.extend_from_slice(line.as_bytes());
        input.extend_from_slice(b"\nno json\n{\"wrong\": 1}\n[1]\n");
        input.extend_from_slice(b"{\"text\": \"\xff\xfe\"}\n");
        input.extend_from_slice(format!("{{\"text\":\"{}\"", "a".repeat(1 << 20)).as_bytes());
        input.extend_from_slice(b"\n");
        input.extend_from_slice(line.as_bytes());
        input.extend_from_slice(b"\n");
        let output = run(&[command], &input);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|l| serde_json::from_str(l).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), 7, "{command}: {text}");
        for (n, answer) in lines.iter().enumerate() {
            let error = answer["error"].as_str();
            if n == 0 || n == 6 {
                assert_eq!(error, None, "{command}");
            } else {
                let start = format!("line {}: ", n + 1);
                assert!(
                    error.is_some_and(|e| e.starts_with(&start)),
                    "{command}: {answer}"
                );
            }
        }
        assert_eq!(output.status.code(), Some(1), "{command}");
    }
}

#[test]
fn a_message_of_a_megabyte_is_read_like_any_other() {
    let text = format!("your nurse shouted at me. {}", "and so on ".repeat(100_000));
    let input = serde_json::json!({ "text": text }).to_string();
    let output = run(&["understand"], input.as_bytes());
    assert!(output.status.success(), "{output:?}");
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(read["intent"], "complaint");
}

#[test]
fn every_rule_of_the_coach_can_be_read() {
    let output = run(&["coach", "--rules"], b"");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for rule in [
        "dismisses_non_customer",
        "calm_down",
        "too_long",
        "hard_to_read",
    ] {
        assert!(text.contains(&format!("## {rule}\n")), "{rule}");
    }
    for part in ["- Catches: ", "- Why: ", "- From: ", "- Do instead: "] {
        assert_eq!(
            text.matches(part).count(),
            text.matches("## ").count(),
            "{part}"
        );
    }
}
