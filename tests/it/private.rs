//! What only the program itself may read: its files, and secrets in files.

use crate::house::{Base, House, TOKEN};
use reqwest::StatusCode;
use serde_json::json;
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

/// Every file below a folder, and the folder, with its mode.
fn modes(folder: &Path) -> Vec<(String, u32)> {
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let mut all = vec![(String::new(), mode(folder))];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        all.push((name.into_owned(), mode(&path)));
    }
    all.sort();
    all
}

fn private(names: &[&str]) -> Vec<(String, u32)> {
    let all = names.iter().map(|name| {
        let mode = if name.is_empty() { 0o700 } else { 0o600 };
        ((*name).to_owned(), mode)
    });
    all.collect()
}

const ALL: [&str; 5] = [
    "",
    "nohold.db",
    "nohold.db-shm",
    "nohold.db-wal",
    "nohold.db.lock",
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_on_the_machine_reads_what_people_confided() {
    let settings = [("NOHOLD_DATABASE", "sqlite://data/nohold.db")];
    let mut house = House::prepare(Base::Sqlite, &settings).await;
    // The most careless of shells.
    house.in_shell("umask 000; exec \"$@\"");
    house.start().await;
    house.says("ann", "1", "My name is Ann Lee").await;
    let file = json!({"name": "leg.txt", "media_type": "text/plain", "content": "aGVsbG8="});
    let sent = json!({"id": "2", "sender": {"id": "ann"}, "text": "", "attachments": [file]});
    let (status, _) = house.post(TOKEN, "inboxes/http/messages", sent).await;
    assert_eq!(status, StatusCode::OK);
    let data = house.folder.path().join("data");
    assert_eq!(modes(&data), private(&ALL));

    // Files from before, or from a backup that somebody laid there.
    house.kill();
    for name in &ALL[1..] {
        fs::set_permissions(data.join(name), Permissions::from_mode(0o644)).expect("changed");
    }
    house.start().await;
    house.says("ann", "3", "hello again").await;
    assert_eq!(modes(&data), private(&ALL));
    house.stop();

    // A command beside no server makes them as private.
    fs::remove_dir_all(&data).expect("removed");
    let listed = house.run(&["agents", "list"], "");
    assert!(listed.status.success(), "{listed:?}");
    let left = modes(&data);
    assert_eq!(left[..2], private(&ALL[..2]));
    assert!(left[1..].iter().all(|(_, mode)| *mode == 0o600), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_comes_from_a_file_or_as_a_credential_of_systemd() {
    let mut house = House::prepare(Base::Sqlite, &[]).await;
    let folder = house.folder.path().to_owned();
    let credentials = folder.join("credentials");
    fs::create_dir(&credentials).expect("a folder");
    fs::write(credentials.join("http_token"), "by-systemd\n").expect("written");
    fs::write(folder.join("metrics"), "by-file\n").expect("written");
    fs::set_permissions(folder.join("metrics"), Permissions::from_mode(0o644)).expect("changed");
    // What the house sets by itself goes out of the way.
    house.set("NOHOLD_HTTP_TOKEN", "");
    house.set("NOHOLD_METRICS_TOKEN", "");
    house.set("NOHOLD_METRICS_TOKEN_FILE", "metrics");
    house.set("CREDENTIALS_DIRECTORY", &credentials.to_string_lossy());
    let checked = house.run(&["check"], "");
    let said = String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success(), "{checked:?}");
    assert!(
        said.contains("note: metrics_token: everybody on this machine may read"),
        "{said}"
    );
    house.start().await;
    let message = json!({"id": "1", "sender": {"id": "ann"}, "text": "hello"});
    for (token, told) in [
        ("by-systemd", StatusCode::OK),
        (TOKEN, StatusCode::UNAUTHORIZED),
    ] {
        let (status, _) = house
            .post(token, "inboxes/http/messages", message.clone())
            .await;
        assert_eq!(status, told, "{token}");
    }
    let metrics = house
        .client
        .get(format!("{}/metrics", house.url))
        .bearer_auth("by-file");
    assert_eq!(
        metrics.send().await.expect("an answer").status(),
        StatusCode::OK
    );
    assert!(!house.log().contains("by-systemd") && !house.log().contains("by-file"));
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_which_secret_is_not_to_be_had() {
    let mut house = House::prepare(Base::Sqlite, &[]).await;
    house.set("NOHOLD_LLM_KEY_FILE", "/nowhere/key");
    house.set("NOHOLD_HTTP_TOKEN_FILE", "/nowhere/token");
    let checked = house.run(&["check"], "");
    let said = String::from_utf8_lossy(&checked.stderr);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        said.contains("llm_key_file: the file /nowhere/key cannot be read"),
        "{said}"
    );
    assert!(said.contains("http_token: is given twice"), "{said}");
    assert!(!said.contains(TOKEN), "{said}");
}
