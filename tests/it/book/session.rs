//! A reader of the book at a terminal: a shell in a folder of its own, and the program on a free port.

use super::{
    compare::Names,
    page::{Act, How, Step},
};
use crate::house::{BIN, free_port};
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// Longer than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);
/// Before the exit code of a command, on a line of its own.
const END: &str = "\u{1e}end of command ";

/// A reader at work.
pub(super) struct Session {
    /// Where they are; goes with them.
    folder: TempDir,
    /// The address on which the program listens here, for the one that pages name.
    address: String,
    shell: Child,
    typing: ChildStdin,
    printed: Receiver<String>,
    /// The process that serves, and what it prints.
    server: Option<String>,
    log: Option<Receiver<String>>,
    names: Names,
}

/// Where pages say that the program listens.
const ADDRESS: &str = "127.0.0.1:8080";

impl Session {
    /// A reader in a folder with what the project ships for copying.
    pub(super) fn begin(root: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let copied = Command::new("cp")
            .arg("-R")
            .args([root.join("flows"), root.join("nohold.example.toml")])
            .arg(folder.path())
            .status()
            .expect("cp");
        assert!(copied.success(), "the flows are copied");
        let address = format!("127.0.0.1:{}", free_port());
        let mut shell = terminal("bash", &folder, &address)
            .args(["--noprofile", "--norc", "-s"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("bash");
        let typing = shell.stdin.take().expect("piped");
        let printed = listen(shell.stdout.take().expect("piped"));
        Self {
            folder,
            address,
            shell,
            typing,
            printed,
            server: None,
            log: None,
            names: Names::default(),
        }
    }

    /// Does one thing.
    ///
    /// # Errors
    /// What is not as the page says.
    pub(super) fn take(&mut self, step: &Step) -> Result<(), String> {
        match &step.act {
            Act::Write {
                path,
                content,
                at_its_end,
            } => {
                let path = self.folder.path().join(path);
                std::fs::create_dir_all(path.parent().expect("in the folder")).expect("made");
                let content = self.names.typed(content).replace(ADDRESS, &self.address);
                OpenOptions::new()
                    .create(!at_its_end)
                    .append(*at_its_end)
                    .truncate(!at_its_end)
                    .write(true)
                    .open(&path)
                    .and_then(|mut file| file.write_all(content.as_bytes()))
                    .map_err(|e| format!("{}: {e}", path.display()))
            }
            Act::Type {
                command,
                prints,
                how,
            } => {
                let typed = self.names.typed(command).replace(ADDRESS, &self.address);
                match how {
                    How::Serves => return self.serve(&typed, prints),
                    How::Stopped => self.stop()?,
                    How::Ends | How::Fails => {}
                }
                let (printed, code) = self.run(&typed)?;
                if !self.names.fits(prints, &printed) {
                    return Err(differs(command, prints, &printed));
                }
                if (code == 0) == (*how == How::Fails) {
                    return Err(format!("`{command}` ended with {code}:\n{printed}"));
                }
                Ok(())
            }
        }
    }

    /// Gives a command to the shell; what it printed, and its exit code.
    fn run(&mut self, command: &str) -> Result<(String, i32), String> {
        // Braces, so that a variable that it sets is there for the next one.
        writeln!(
            self.typing,
            "{{\n{command}\n}} </dev/null 2>&1\nprintf '\\n{END}%s\\n' \"$?\""
        )
        .map_err(|e| format!("the shell is gone: {e}"))?;
        let mut printed = String::new();
        loop {
            let line = next(&self.printed, command, &printed)?;
            if let Some(code) = line.strip_prefix(END) {
                let code = code.parse().map_err(|_| format!("no exit code: {code}"))?;
                return Ok((printed.replace(&self.address, ADDRESS), code));
            }
            printed.push_str(&line);
            printed.push('\n');
        }
    }

    /// Starts a command that goes on, in place of the one before, and waits until it has printed what the page says.
    fn serve(&mut self, command: &str, prints: &str) -> Result<(), String> {
        self.stop()?;
        // By the shell, so that it gets the variables that were exported there; its output by a pipe with a name. `env`
        // takes what stands before the command as `NAME=value`.
        let pipe = self.folder.path().join(".server");
        let log = self.folder.path().join(".server.log");
        let start = format!(
            "rm -f {pipe} && mkfifo {pipe}\nexec env {command} >{pipe} 2>{log} &\necho $!",
            pipe = pipe.display(),
            log = log.display()
        );
        let (pid, _) = self.run(&start)?;
        self.server = Some(pid.trim().to_owned());
        self.log = Some(listen(File::open(&pipe).expect("the shell has made it")));
        let mut printed = String::new();
        for said in prints.lines() {
            let lines = self.log.as_ref().expect("just opened");
            let line = next(lines, command, &printed).map_err(|why| {
                let log = std::fs::read_to_string(&log).unwrap_or_default();
                format!("{why}\n{log}")
            })?;
            let line = line.replace(&self.address, ADDRESS);
            printed.push_str(&line);
            printed.push('\n');
            if !self.names.fits(said, &line) {
                return Err(differs(command, prints, &printed));
            }
        }
        Ok(())
    }

    /// Ends the server and waits until it is gone.
    fn stop(&mut self) -> Result<(), String> {
        let Some(pid) = self.server.take() else {
            return Ok(());
        };
        let (said, code) = self.run(&format!("kill -TERM {pid} && wait {pid}"))?;
        match code {
            0 => Ok(()),
            code => Err(format!("the server ended with {code}: {said}")),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(pid) = &self.server {
            let _ = Command::new("kill").args(["-KILL", pid]).status();
        }
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// A program in the reader's folder, with the program under test at hand and nothing of the test's own settings.
fn terminal(program: &str, folder: &TempDir, address: &str) -> Command {
    let bin = Path::new(BIN).parent().expect("in a folder");
    let mut command = Command::new(program);
    command
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .env("HOME", folder.path())
        .env("LC_ALL", "C.UTF-8")
        .env("NOHOLD_LISTEN", address);
    command
}

/// The lines of a stream, as they come.
fn listen(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

fn next(lines: &Receiver<String>, command: &str, before: &str) -> Result<String, String> {
    lines.recv_timeout(PATIENCE).map_err(|why| match why {
        RecvTimeoutError::Timeout => format!("`{command}` prints no more than:\n{before}"),
        RecvTimeoutError::Disconnected => format!("`{command}` ended, having printed:\n{before}"),
    })
}

fn differs(command: &str, said: &str, printed: &str) -> String {
    format!("`{command}` prints\n\n{printed}\nand the page says\n\n{said}")
}
