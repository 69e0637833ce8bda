//! Too much at once, a full disk, a database that goes away: 503 and recovery, never silence and never a false promise.

use crate::house::{Base, House, TOKEN, cluster};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::process::Command;

async fn try_to_say(house: &House, id: &str, text: &str) -> (StatusCode, Option<String>) {
    let body = json!({"id": id, "sender": {"id": "t"}, "text": text});
    let answer = house
        .call(TOKEN, Method::POST, "inboxes/http/messages", Some(body))
        .await;
    let retry = answer
        .headers()
        .get("retry-after")
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    (answer.status(), retry)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_told_with_503_and_when_to_come_back() {
    let house = House::open_with(Base::Sqlite, &[("NOHOLD_QUEUE", "1")]).await;
    let calls = (0..200).map(|n| {
        let house = &house;
        async move { try_to_say(house, &format!("q{n}"), "hello").await }
    });
    let answers = futures_util::future::join_all(calls).await;
    let taken = answers.iter().filter(|(s, _)| *s == StatusCode::OK).count();
    let busy = answers
        .iter()
        .filter(|(s, retry)| *s == StatusCode::SERVICE_UNAVAILABLE && retry.is_some())
        .count();
    assert_eq!(taken + busy, 200, "{answers:?}");
    assert!(busy > 0 && taken > 0, "{taken} taken, {busy} sent back");
    let token = house.agent("Priya Shah", "agent");
    let stored = stored(&house, &token).await;
    assert_eq!(
        stored, taken,
        "what was taken is there, what was sent back is not"
    );
}

async fn stored(house: &House, token: &str) -> usize {
    let later: Value = house
        .get(TOKEN, "inboxes/http/conversations/t/messages")
        .await;
    let detail = house
        .get(
            token,
            &format!(
                "conversations/{}",
                later["conversation"].as_str().expect("an id")
            ),
        )
        .await;
    detail["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|m| m["from"] == "contact")
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_503_and_passes_without_a_restart() {
    let mut house = House::prepare(Base::Sqlite, &[]).await;
    // No file of the program may grow beyond 2,400 blocks of 512 bytes; the limit is lifted later, as when somebody
    // makes room.
    house.in_shell("trap '' XFSZ; ulimit -S -f 2400; exec \"$@\"");
    house.start().await;
    let mut taken = 0;
    let text = "My neighbour's nurse shouted at me. ".repeat(200);
    let refused = loop {
        let (status, retry) = try_to_say(&house, &format!("d{taken}"), &text).await;
        if status != StatusCode::OK {
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            break retry;
        }
        taken += 1;
        assert!(taken < 500, "the disk never filled");
    };
    assert!(refused.is_some(), "with Retry-After");
    let health = house
        .client
        .get(format!("{}/healthz", house.url))
        .send()
        .await
        .expect("an answer");
    assert_eq!(health.status(), StatusCode::OK, "the process lives");
    let room = Command::new("prlimit")
        .args(["--pid", &house.pid().to_string(), "--fsize=unlimited"])
        .status()
        .expect("prlimit");
    assert!(room.success());
    let (status, _) = try_to_say(&house, &format!("d{taken}"), &text).await;
    assert_eq!(status, StatusCode::OK, "{}", house.log());
    assert!(
        house.log().contains("nothing can be written")
            && house.log().contains("writing works again"),
        "a plain line each way:\n{}",
        house.log()
    );
    house.kill();
    house.in_shell("exec \"$@\"");
    house.start().await;
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(
        stored(&house, &token).await,
        taken + 1,
        "what was acknowledged is there, once"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn while_postgres_is_away_it_is_503_and_passes_without_a_restart() {
    let house = House::open(Base::Postgres).await;
    assert_eq!(try_to_say(&house, "1", "hello").await.0, StatusCode::OK);
    // Shut this one database: connections are thrown out and none come in, as when the server is away, while other
    // tests go on.
    let base = cluster();
    let name = house
        .database
        .rsplit('/')
        .next()
        .expect("a name")
        .to_owned();
    let admin = format!("{base}/postgres");
    set_connections(&admin, &name, false).await;
    let (status, retry) = try_to_say(&house, "2", "are you there?").await;
    assert_eq!(
        (status, retry.is_some()),
        (StatusCode::SERVICE_UNAVAILABLE, true)
    );
    set_connections(&admin, &name, true).await;
    let mut status = StatusCode::SERVICE_UNAVAILABLE;
    for _ in 0..50 {
        status = try_to_say(&house, "2", "are you there?").await.0;
        if status == StatusCode::OK {
            break;
        }
    }
    assert_eq!(status, StatusCode::OK, "{}", house.log());
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(stored(&house, &token).await, 2);
}

async fn set_connections(admin: &str, name: &str, allowed: bool) {
    sqlx::any::install_default_drivers();
    let mut db = <sqlx::AnyConnection as sqlx::Connection>::connect(admin)
        .await
        .expect("the cluster runs");
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}"
    )))
    .execute(&mut db)
    .await
    .expect("altered");
    if !allowed {
        sqlx::query("SELECT CAST(count(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity WHERE datname = $1").bind(name).execute(&mut db).await.expect("thrown out");
    }
}
