//! Several programs on one Postgres, and everything that may happen to them: killed, cut off from the database, the
//! database gone. Nothing is lost, doubled, out of order, or owned twice.

use crate::{
    fakes::line::Line,
    house::{Base, House, TOKEN, cluster},
    several::until,
    socket::{Socket, next, open_feed},
};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

const PEOPLE: usize = 6;

/// People who write one message after the other, each again until it is acknowledged, to whichever program takes it.
struct People {
    done: Arc<AtomicBool>,
    taken: Arc<watch::Sender<usize>>,
    tasks: Vec<tokio::task::JoinHandle<Vec<Value>>>,
}

impl People {
    fn write_to(houses: &[&House]) -> Self {
        let urls: Vec<String> = houses.iter().map(|h| h.url.clone()).collect();
        let (done, taken) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(watch::Sender::new(0)),
        );
        let tasks = (0..PEOPLE)
            .map(|p| {
                let (urls, done, taken) = (urls.clone(), Arc::clone(&done), Arc::clone(&taken));
                tokio::spawn(async move {
                    // Nobody waits for long where a program does not answer: the next may.
                    let client = Client::builder().timeout(Duration::from_secs(3)).build().expect("a client");
                    let (mut answers, mut turn) = (Vec::new(), p);
                    while !done.load(Ordering::SeqCst) {
                        let n = answers.len();
                        let body = json!({"id": format!("p{p}-{n}"), "sender": {"id": format!("p{p}")}, "text": words(p, n)});
                        let url = &urls[turn % urls.len()];
                        turn += 1;
                        let sent = client.post(format!("{url}/api/v1/inboxes/http/messages")).bearer_auth(TOKEN).json(&body);
                        match sent.send().await {
                            Ok(answer) if answer.status() == StatusCode::OK => {
                                if let Ok(answer) = answer.json().await {
                                    answers.push(answer);
                                    taken.send_modify(|count| *count += 1);
                                }
                            }
                            Ok(answer) => assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE),
                            Err(_) => tokio::task::yield_now().await,
                        }
                    }
                    answers
                })
            })
            .collect();
        Self { done, taken, tasks }
    }

    /// Waits until so many more messages are acknowledged.
    async fn go_on(&self, more: usize) {
        let upto = *self.taken.borrow() + more;
        let mut taken = self.taken.subscribe();
        let going = taken.wait_for(|count| *count >= upto);
        let gone = tokio::time::timeout(Duration::from_secs(90), going).await;
        assert!(gone.is_ok(), "messages are taken");
    }

    /// They stop, and what they were told is what is there.
    async fn end(self, house: &House, agent: &str) {
        self.done.store(true, Ordering::SeqCst);
        for (p, task) in self.tasks.into_iter().enumerate() {
            let answers = task.await.expect("the person ends");
            let id = answers[0]["conversation"].as_str().expect("an id");
            let shown = house.get(agent, &format!("conversations/{id}")).await;
            let messages = shown["messages"].as_array().expect("a list");
            let of = |who: &str, field: &str| -> Vec<String> {
                let theirs = messages.iter().filter(|m| m["from"] == who);
                theirs
                    .filter_map(|m| m[field].as_str().map(str::to_owned))
                    .collect()
            };
            let written = of("contact", "text");
            // The last may have been written and not acknowledged.
            let count = written.len();
            assert!(
                (answers.len()..=answers.len() + 1).contains(&count),
                "{count} of {}",
                answers.len()
            );
            let expected: Vec<String> = (0..count).map(|n| words(p, n)).collect();
            assert_eq!(
                written, expected,
                "person {p}: every message once, in order"
            );
            let given = answers
                .iter()
                .flat_map(|a| a["replies"].as_array().expect("a list"));
            let given: Vec<String> = given
                .filter_map(|r| r["id"].as_str().map(str::to_owned))
                .collect();
            let stored = of("bot", "id");
            assert_eq!(
                stored[..given.len()],
                given[..],
                "person {p}: every reply once, in order"
            );
        }
    }
}

fn words(person: usize, n: usize) -> String {
    format!("message number {n} of person {person}")
}

/// Holds what the feed tells, until the last entry of the log was told, against the log: each entry once, in order, and
/// none left out. Where the page was told to read everything anew it has read what was left out before that.
async fn told_as_logged(feed: &mut Socket, all: &[i64]) {
    let (mut told, mut from) = (Vec::new(), 0);
    while told.last() != all.last() {
        let frame = tokio::time::timeout(Duration::from_secs(30), next(feed))
            .await
            .expect("it is told");
        if frame["type"] == "resync" {
            from = told.last().map_or(0, |last| last + 1);
        }
        told.extend(frame["id"].as_i64());
    }
    assert!(
        told.is_sorted_by(|a, b| a < b),
        "each once, in order: {told:?}"
    );
    assert!(told.iter().all(|id| all.contains(id)), "and nothing else");
    if from == 0 {
        assert_eq!(told, all);
    }
}

async fn log(house: &House) -> Vec<i64> {
    let rows = house
        .rows("SELECT CAST(e.position AS TEXT) FROM events e ORDER BY e.position")
        .await;
    rows.iter()
        .map(|row| row.parse().expect("a place"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn three_programs_and_one_is_killed_again_and_again() {
    let one = House::open(Base::Postgres).await;
    let two = one.beside(&[]).await;
    let mut three = one.beside(&[]).await;
    let agent = one.agent("Priya Shah", "agent");
    let mut feed = open_feed(&two, &agent, "").await;
    until(&mut feed, |f| f["type"] == "ready").await;
    let listening = tokio::spawn(async move {
        let mut told = Vec::new();
        // The mark that ends it is a message of somebody else.
        loop {
            let frame = next(&mut feed).await;
            assert_ne!(frame["type"], "resync", "nothing was too much");
            told.extend(frame["id"].as_i64());
            if frame["type"] == "labelled" {
                return told;
            }
        }
    });
    let people = People::write_to(&[&one, &two, &three]);
    for _ in 0..6 {
        people.go_on(30).await;
        three.kill();
        people.go_on(10).await;
        three.start().await;
    }
    people.end(&one, &agent).await;
    let last = one.says("zoe", "last", "hello").await;
    let id = last["conversation"].as_str().expect("an id");
    let label = json!({"add": ["feedback"]});
    let (marked, _) = one
        .post(&agent, &format!("conversations/{id}/labels"), label)
        .await;
    assert_eq!(marked, StatusCode::OK);
    let told = tokio::time::timeout(Duration::from_mins(1), listening).await;
    let told = told.expect("the mark is told").expect("the line stays");
    assert_eq!(
        told,
        log(&one).await,
        "the desk was told each entry once, in the order of the log"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn a_conversation_that_two_claim_at_two_programs_is_one_agents() {
    let one = House::open(Base::Postgres).await;
    let two = one.beside(&[]).await;
    let (priya, ben) = (
        one.agent("Priya Shah", "agent"),
        one.agent("Ben Ward", "agent"),
    );
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for n in 0..20 {
        let said = one
            .says(&format!("s{n}"), "1", "I want to speak to a person")
            .await;
        let id = said["conversation"].as_str().expect("an id").to_owned();
        let path = format!("conversations/{id}/claim");
        let ((hers, _), (his, _)) = tokio::join!(
            one.post(&priya, &path, json!({})),
            two.post(&ben, &path, json!({}))
        );
        let statuses = [hers, his];
        let taken = statuses.iter().filter(|s| **s == StatusCode::OK).count();
        let refused = statuses
            .iter()
            .filter(|s| **s == StatusCode::CONFLICT)
            .count();
        assert_eq!((taken, refused), (1, 1), "{statuses:?}");
        let winner = if hers == StatusCode::OK {
            "Priya Shah"
        } else {
            "Ben Ward"
        };
        for house in [&one, &two] {
            let shown = house.get(&priya, &format!("conversations/{id}")).await;
            assert_eq!(shown["holder"], winner);
        }
        *held.entry(winner.to_owned()).or_default() += 1;
    }
    assert_eq!(held.values().sum::<usize>(), 20);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn the_database_goes_away_and_comes_back_under_two_programs() {
    let one = House::open(Base::Postgres).await;
    let two = one.beside(&[]).await;
    let agent = one.agent("Priya Shah", "agent");
    let mut feed = open_feed(&two, &agent, "").await;
    until(&mut feed, |f| f["type"] == "ready").await;
    let people = People::write_to(&[&one, &two]);
    let name = one.database.rsplit('/').next().expect("a name").to_owned();
    for _ in 0..3 {
        people.go_on(20).await;
        allow(&name, false).await;
        for house in [&one, &two] {
            house
                .until_ready("said so", |r| r.contains("does not answer"))
                .await;
        }
        allow(&name, true).await;
        for house in [&one, &two] {
            house
                .until_ready("came back", |r| r.contains("hears others: yes"))
                .await;
        }
        people.go_on(20).await;
    }
    people.end(&one, &agent).await;
    let all = log(&one).await;
    told_as_logged(&mut feed, &all).await;
}

/// Shuts the one database or opens it: everybody is thrown out and nobody comes in, as while its server restarts.
async fn allow(name: &str, allowed: bool) {
    sqlx::any::install_default_drivers();
    let admin = format!("{}/postgres", cluster());
    let mut db = <sqlx::AnyConnection as sqlx::Connection>::connect(&admin)
        .await
        .expect("the cluster runs");
    let alter = format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}");
    sqlx::query(sqlx::AssertSqlSafe(alter))
        .execute(&mut db)
        .await
        .expect("altered");
    if !allowed {
        sqlx::query("SELECT CAST(count(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity WHERE datname = $1")
            .bind(name)
            .execute(&mut db)
            .await
            .expect("thrown out");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn a_program_that_is_cut_off_from_the_database_lets_go_before_another_takes_over() {
    let one = House::open(Base::Postgres).await;
    let agent = one.agent("Priya Shah", "agent");
    let address = cluster();
    let line = Line::to(address.rsplit('@').next().expect("an address")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut two = House::on(line.address(&one.database), folder, &[]);
    two.start().await;
    // The second gets what the first had.
    let mut one = one;
    tokio::task::block_in_place(|| one.stop());
    two.until_ready("took over", |r| r.contains(" timers"))
        .await;
    one.start().await;
    let mut feed = open_feed(&two, &agent, "").await;
    until(&mut feed, |f| f["type"] == "ready").await;
    let people = People::write_to(&[&one, &two]);
    people.go_on(20).await;
    line.hold();
    two.until_ready("says that it is cut off", |r| r.contains("does not answer"))
        .await;
    // Which of the two has the timers, at every look until the first has them: never both.
    let taken_over = async {
        loop {
            let (hers, his) = (has_timers(&one).await, has_timers(&two).await);
            assert!(!(hers && his), "two at once");
            if hers {
                return;
            }
        }
    };
    let taken_over = tokio::time::timeout(Duration::from_mins(1), taken_over).await;
    assert!(taken_over.is_ok(), "the other takes over: {}", one.log());
    people.go_on(40).await;
    line.let_pass();
    two.until_ready("came back", |r| r.contains("hears others: yes"))
        .await;
    people.go_on(40).await;
    people.end(&one, &agent).await;
    let all = log(&one).await;
    told_as_logged(&mut feed, &all).await;
}

/// Whether a program says that the timers are its work.
async fn has_timers(house: &House) -> bool {
    house.readiness().await.contains(" timers")
}
