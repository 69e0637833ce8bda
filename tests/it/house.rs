//! The program, started on a database of its own, and the ways to talk to it.

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::{
    io::Write,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;

pub(crate) const BIN: &str = env!("CARGO_BIN_EXE_nohold");
pub(crate) const TOKEN: &str = "a-token-of-the-tests";

/// Which database a story is told on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    Sqlite,
    Postgres,
}

/// One story, on both databases.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($base:ident: Base) $body:block)+) => {
        $(mod $name {
            #[allow(unused_imports, reason = "stories use what they need")]
            use super::*;
            $(#[$meta])*
            async fn story($base: Base) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                story(Base::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            #[ignore = "needs Postgres: run ./scripts/test"]
            async fn on_postgres() {
                story(Base::Postgres).await;
            }
        })+
    };
}

/// The program.
pub(crate) struct House {
    pub folder: TempDir,
    pub url: String,
    pub database: String,
    env: Vec<(String, String)>,
    process: Option<Child>,
    pub client: Client,
    shell: Option<String>,
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .expect("a free port")
        .local_addr()
        .expect("bound")
        .port()
}

impl House {
    /// Starts the program on a fresh database.
    pub(crate) async fn open(base: Base) -> Self {
        Self::open_with(base, &[]).await
    }

    /// The same, with more settings.
    pub(crate) async fn open_with(base: Base, settings: &[(&str, &str)]) -> Self {
        let mut house = Self::prepare(base, settings).await;
        house.start().await;
        house
    }

    /// Everything but the start.
    pub(crate) async fn prepare(base: Base, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = match base {
            Base::Sqlite => format!("sqlite://{}/nohold.db", folder.path().display()),
            Base::Postgres => fresh_postgres().await,
        };
        Self::on(database, folder, settings)
    }

    /// A program on that database, not started yet.
    pub(crate) fn on(database: String, folder: TempDir, settings: &[(&str, &str)]) -> Self {
        let port = free_port();
        let mut env = vec![
            ("NOHOLD_LISTEN".to_owned(), format!("127.0.0.1:{port}")),
            ("NOHOLD_DATABASE".to_owned(), database.clone()),
            ("NOHOLD_HTTP_TOKEN".to_owned(), TOKEN.to_owned()),
            ("NOHOLD_METRICS_TOKEN".to_owned(), TOKEN.to_owned()),
        ];
        let owned = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
        env.extend(settings.iter().map(owned));
        let client = Client::builder()
            .timeout(Duration::from_mins(1))
            .build()
            .expect("a client");
        Self {
            folder,
            url: format!("http://127.0.0.1:{port}"),
            database,
            env,
            process: None,
            client,
            shell: None,
        }
    }

    /// Starts the program from a shell line that ends in `exec "$@"`; for limits.
    pub(crate) fn in_shell(&mut self, line: &str) {
        self.shell = Some(line.to_owned());
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = match &self.shell {
            None => Command::new(BIN),
            Some(line) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", line, "sh", BIN]);
                shell
            }
        };
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(self.env.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Starts it and waits until it takes messages.
    pub(crate) async fn start(&mut self) {
        let first = !self.log_path().exists();
        self.spawn();
        let mut up = self.comes_up().await;
        // A port that was free may be somebody else's a moment later; nobody knows ours yet.
        while !up && first && self.log().contains("Address already in use") {
            std::fs::remove_file(self.log_path()).expect("the log of this start");
            let port = free_port();
            self.url = format!("http://127.0.0.1:{port}");
            self.env[0].1 = format!("127.0.0.1:{port}");
            self.spawn();
            up = self.comes_up().await;
        }
        assert!(up, "the program does not come up:\n{}", self.log());
    }

    fn spawn(&mut self) {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log_path())
            .expect("a log");
        let out = log.try_clone().expect("a log");
        let child = self
            .command(&["serve"])
            .stdout(Stdio::from(out))
            .stderr(Stdio::from(log))
            .spawn()
            .expect("the program starts");
        self.process = Some(child);
    }

    /// Waits until it takes messages; false where it has ended instead.
    async fn comes_up(&mut self) -> bool {
        for _ in 0..2_000 {
            if let Ok(answer) = self.client.get(format!("{}/readyz", self.url)).send().await
                && answer.status() == StatusCode::OK
            {
                return true;
            }
            if self
                .process
                .as_mut()
                .is_some_and(|p| p.try_wait().expect("a child").is_some())
            {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("program.log")
    }

    /// Everything that it has printed.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.as_ref().expect("running").id()
    }

    /// Kills it where it stands.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("killed");
            process.wait().expect("gone");
        }
    }

    /// One more setting, for the next start.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.env.push((name.to_owned(), value.to_owned()));
    }

    /// Asks it to stop; its exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let mut process = self.process.take()?;
        let asked = Command::new("kill")
            .args(["-TERM", &process.id().to_string()])
            .status()
            .expect("kill");
        assert!(asked.success());
        process.wait().expect("gone").code()
    }

    /// Runs a command beside it.
    pub(crate) fn run(&self, args: &[&str], input: &str) -> Output {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes())
            .expect("written");
        child.wait_with_output().expect("ended")
    }

    /// An account with a password, and a token for it.
    pub(crate) fn agent(&self, name: &str, role: &str) -> String {
        let added = self.run(
            &["agents", "add", name, "--role", role, "--password-stdin"],
            "a long password\n",
        );
        assert!(
            added.status.success(),
            "{}",
            String::from_utf8_lossy(&added.stderr)
        );
        let made = self.run(&["tokens", "create", "--agent", name], "");
        String::from_utf8(made.stdout)
            .expect("text")
            .split_whitespace()
            .last()
            .expect("a token")
            .to_owned()
    }

    pub(crate) async fn call(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Response {
        let mut request = self
            .client
            .request(method, format!("{}/api/v1/{path}", self.url))
            .bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.expect("an answer")
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Value {
        let answer = self.call(token, Method::GET, path, None).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let answer = self.call(token, Method::POST, path, Some(body)).await;
        let status = answer.status();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Asks again until the answer is as looked for.
    pub(crate) async fn until(
        &self,
        token: &str,
        path: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> Value {
        let asking = async {
            loop {
                let value = self.get(token, path).await;
                if fits(&value) {
                    return value;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), asking)
            .await
            .unwrap_or_else(|_| panic!("{path} never became what was looked for:\n{}", self.log()))
    }

    /// One column of the database, as it stands.
    pub(crate) async fn rows(&self, sql: &'static str) -> Vec<String> {
        sqlx::any::install_default_drivers();
        let mut db = <sqlx::AnyConnection as sqlx::Connection>::connect(&self.database)
            .await
            .expect("the database opens");
        sqlx::query_scalar(sql)
            .fetch_all(&mut db)
            .await
            .expect("rows")
    }

    /// Asks the database again until a column is as looked for.
    pub(crate) async fn until_rows(
        &self,
        sql: &'static str,
        fits: impl Fn(&[String]) -> bool,
    ) -> Vec<String> {
        let asking = async {
            loop {
                let rows = self.rows(sql).await;
                if fits(&rows) {
                    return rows;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), asking)
            .await
            .unwrap_or_else(|_| panic!("{sql} never gave what was looked for"))
    }

    /// Changes the database behind the program's back.
    pub(crate) async fn change(&self, sql: &str) {
        sqlx::any::install_default_drivers();
        let mut db = <sqlx::AnyConnection as sqlx::Connection>::connect(&self.database)
            .await
            .expect("the database opens");
        let done = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut db);
        done.await.expect("changed");
    }

    /// A person's message through the inbox for programs.
    pub(crate) async fn says(&self, person: &str, id: &str, text: &str) -> Value {
        let sent = json!({"id": id, "sender": {"id": person}, "text": text});
        let (status, body) = self.post(TOKEN, "inboxes/http/messages", sent).await;
        assert_eq!(status, StatusCode::OK, "{text}: {body}");
        body
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) use crate::answers::{lines, reviewed, words};
pub(crate) use crate::cluster::{cluster, fresh_postgres};
