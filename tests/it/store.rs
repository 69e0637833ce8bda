//! The database: who may open it, what becomes of a poisonous event.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use nohold::{
    clock::Clock,
    dialogue::{Policy, step},
    domain::{Conversation, DeskStatus, Event, EventKind, Snapshot, event::Inbound},
    flow::Texts,
    store::{Job, JobError, Opener, Store, Target, Transactor},
};
use serde_json::json;
use sqlx::{AnyConnection, Connection, Executor};

fn job(sender: &str, text: &str) -> Job {
    let inbound = Inbound {
        external_id: "x".into(),
        text: text.into(),
        ..Inbound::default()
    };
    Job {
        target: Target::Sender {
            inbox: "http".into(),
            sender: sender.into(),
        },
        kind: EventKind::Message(Box::new(inbound)),
        dedupe: None,
    }
}

on_both! {
    async fn one_poisonous_event_fails_alone(base: Base) {
        // The house is only needed for its fresh database.
        let house = House::prepare(base, &[]).await;
        let store = Store::open(&house.database, Opener::Tool).await.expect("opens");
        let refuse = match base {
            Base::Sqlite => "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END",
            Base::Postgres => "ALTER TABLE messages ADD CONSTRAINT poison CHECK (text <> 'poison')",
        };
        let mut db = AnyConnection::connect(&house.database).await.expect("opens");
        db.execute(refuse).await.expect("a database that refuses it");
        let rules = Policy::load(&Texts::built_in(), "GB", None).expect("shipped flows");
        let clock = Clock::system();
        let jobs: Vec<Job> = (0..20).map(|n| job(&format!("s{n}"), if n == 13 { "poison" } else { "hello" })).collect();
        let transactor = Transactor::new(store.clone());
        let done = transactor.run(jobs, clock.now(), &DeskStatus::default(), &mut || clock.event_id(), &rules.context()).await;
        let failed: Vec<usize> = done.results.iter().enumerate().filter(|(_, r)| r.is_err()).map(|(n, _)| n).collect();
        assert_eq!(failed, [13]);
        assert!(matches!(done.results[13], Err(JobError::Poisonous(_))));
        for n in [0, 12, 14, 19] {
            assert!(store.conversation_of("http", &format!("s{n}")).await.expect("reads").is_some());
        }
        assert!(store.conversation_of("http", "s13").await.expect("reads").is_none(), "nothing of it is left");
        store.close().await;
    }

    async fn the_log_on_disk_replays_to_the_state_on_disk_byte_for_byte(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let first = house.says("z", "1", "My neighbour's carer shouted at me yesterday").await;
        for (n, text) in ["outside my house", "Denise", "why do you need that?", "Zoe", "zoe@example.org", "skip", "I want a person"].iter().enumerate() {
            house.says("z", &format!("more{n}"), text).await;
        }
        let id = first["conversation"].as_str().expect("an id").to_owned();
        house.post(&priya, &format!("conversations/{id}/messages"), json!({"id": "r", "text": "I'm here"})).await;
        house.post(&priya, &format!("conversations/{id}/resolve"), json!({})).await;
        house.says("z", "last", "thanks").await;
        let store = Store::open(&house.database, Opener::Tool).await.expect("beside the server");
        let id = id.parse().expect("an id");
        let on_disk = store.conversation(id).await.expect("reads").expect("there");
        let log: Vec<Event> = store.log_of(id).await.expect("reads");
        let rules = Policy::load(&Texts::built_in(), "GB", None).expect("shipped flows");
        let mut snapshot = Snapshot { conversation: Conversation::new(id, "http", "z", log[0].at), complaint: None };
        for event in &log {
            snapshot = step(&snapshot, event, &rules.context()).expect("it happened").snapshot;
        }
        assert_eq!(serde_json::to_string(&snapshot.conversation).expect("JSON"), serde_json::to_string(&on_disk).expect("JSON"));
        let reference = on_disk.complaint.expect("a complaint");
        let record = store.complaint(&reference).await.expect("reads");
        assert_eq!(serde_json::to_string(&snapshot.complaint).expect("JSON"), serde_json::to_string(&record).expect("JSON"));
        store.close().await;
    }

    async fn a_database_of_a_newer_program_is_refused_untouched(base: Base) {
        let mut house = House::open(base).await;
        house.says("n", "1", "hello").await;
        house.stop();
        sqlx::any::install_default_drivers();
        let mut db = AnyConnection::connect(&house.database).await.expect("opens");
        db.execute("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations LIMIT 1").await.expect("a later schema");
        db.close().await.expect("closes");
        let refused = house.run(&["serve"], "");
        assert!(!refused.status.success());
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("newer nohold"), "{said}");
        let mut db = AnyConnection::connect(&house.database).await.expect("opens");
        let kept: i64 = sqlx::query_scalar("SELECT CAST(count(*) AS BIGINT) FROM messages").fetch_one(&mut db).await.expect("reads");
        assert_eq!(kept, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_file_is_refused_while_tools_work_beside() {
    let house = House::open(Base::Sqlite).await;
    house
        .says(
            "a",
            "1",
            "your carer was late again and my mum was left in the wet",
        )
        .await;
    let second = house.run(&["serve"], "");
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("another nohold server is running"), "{said}");
    let listed = house.run(&["complaints", "list"], "");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("NH-"));
    house.says("a", "2", "on Sunday").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_refused_with_what_to_do() {
    let mut house = House::open(Base::Sqlite).await;
    house.says("a", "1", "hello").await;
    house.stop();
    let path = house.folder.path().join("nohold.db");
    let mut bytes = std::fs::read(&path).expect("the file");
    let from = 4096;
    let end = bytes.len().min(from + 12_000);
    bytes[from..end].fill(0xa5);
    std::fs::write(&path, &bytes).expect("damaged");
    let refused = house.run(&["serve"], "");
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("damaged"), "{said}");
    assert_eq!(
        std::fs::read(&path).expect("the file"),
        bytes,
        "left as it is"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_personal_data_is_in_log_or_metrics() {
    let house = House::open(Base::Sqlite).await;
    let secret = "Zebediah Quill";
    house.says("quill-sender", "1", &format!("I'm {secret}, zebediah@example.org, your nurse hit my mother and I want to kill myself")).await;
    let (_, error) = house
        .post(
            TOKEN,
            "inboxes/http/messages",
            json!({"id": "1", "sender": {"id": "quill-sender"}, "text": 7, "name": secret}),
        )
        .await;
    assert!(!error.to_string().contains(secret));
    let metrics = house.metrics().await;
    for place in [house.log(), metrics] {
        for word in [secret, "zebediah", "quill-sender", TOKEN] {
            assert!(!place.contains(word), "{word} in:\n{place}");
        }
    }
}
