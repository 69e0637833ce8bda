//! How the mailbox is reached.

use super::{Reader, Secret, channels::secret};
use std::{net::IpAddr, path::PathBuf, time::Duration};

/// The names of these settings.
pub(super) const NAMES: &[&str] = &[
    "email_address",
    "email_user",
    "email_password",
    "email_folder",
    "email_imap_host",
    "email_imap_port",
    "email_imap_tls",
    "email_smtp_host",
    "email_smtp_port",
    "email_smtp_tls",
    "email_smtp_user",
    "email_smtp_password",
    "email_ca",
    "email_authserv_id",
    "email_require_authentication",
    "email_bytes",
    "email_idle_seconds",
    "email_poll_seconds",
];

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// From the first byte.
    Implicit,
    /// Begun in plain text and upgraded before anything private is said; refused where the server does not.
    StartTls,
    /// Not at all: only on this very machine.
    None,
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Its name, as in its certificate.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// Who we are to it.
    pub user: String,
    /// The password, or an app password.
    pub password: Secret,
}

/// How the mailbox is reached.
#[derive(Clone, Debug)]
pub struct EmailSettings {
    /// The address that people write to, in small letters.
    pub address: String,
    /// Where new mail is read.
    pub imap: MailServer,
    /// Where our mail is handed in.
    pub smtp: MailServer,
    /// The folder that is read.
    pub folder: String,
    /// Certificates (PEM) of an authority of one's own, trusted beside the public ones.
    pub ca: Option<PathBuf>,
    /// The name by which the receiving server signs what it found out about a sender (RFC 8601).
    pub authserv_id: Option<String>,
    /// Whether only senders of whom the receiving server says that they are who they say are told anything.
    pub require_authentication: bool,
    /// Largest mail that is fetched whole, in bytes.
    pub most_bytes: u32,
    /// How long one IDLE may last before it is renewed.
    pub idle: Duration,
    /// How often the server is asked where it has no IDLE.
    pub poll: Duration,
}

/// The parts of the names of one server's settings.
struct Names {
    host: &'static str,
    port: &'static str,
    tls: &'static str,
    /// The port for each way of protection.
    ports: [u16; 3],
}

const IMAP: Names = Names {
    host: "email_imap_host",
    port: "email_imap_port",
    tls: "email_imap_tls",
    ports: [993, 143, 143],
};
const SMTP: Names = Names {
    host: "email_smtp_host",
    port: "email_smtp_port",
    tls: "email_smtp_tls",
    ports: [465, 587, 25],
};

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A server's name, port and protection.
fn place(r: &mut Reader, names: &Names) -> Option<(String, u16, MailTls)> {
    let Some(host) = r.text(names.host) else {
        r.mistakes
            .push(format!("{}: must be set with email_address", names.host));
        return None;
    };
    let tls = match r.text(names.tls).as_deref() {
        None | Some("implicit") => MailTls::Implicit,
        Some("starttls") => MailTls::StartTls,
        Some("none") => MailTls::None,
        Some(other) => {
            r.mistakes.push(format!(
                "{}: '{other}' is none of implicit, starttls, none",
                names.tls
            ));
            return None;
        }
    };
    if tls == MailTls::None && !is_this_machine(&host) {
        r.mistakes.push(format!(
            "{}: none is for a server on this very machine only, or everybody on the way could read along",
            names.tls
        ));
    }
    let usual = names.ports[match tls {
        MailTls::Implicit => 0,
        MailTls::StartTls => 1,
        MailTls::None => 2,
    }];
    let port = r.number(names.port, usual.into(), 1, u16::MAX.into()) as u16;
    Some((host, port, tls))
}

/// A password in one line.
fn password(r: &mut Reader, name: &str) -> Option<Secret> {
    secret(
        r,
        name,
        |p| !p.contains(char::is_control),
        "a password in one line",
    )
}

pub(super) fn email(r: &mut Reader) -> Option<EmailSettings> {
    let address = r.text("email_address")?.to_lowercase();
    if !address.is_ascii() || !email_address::EmailAddress::is_valid(&address) {
        r.mistakes.push(
            "email_address: must be an address like support@care.example, without a name"
                .to_owned(),
        );
    }
    let user = r.text("email_user").unwrap_or_else(|| address.clone());
    let own = password(r, "email_password");
    if own.is_none() {
        r.mistakes
            .push("email_password: must be set with email_address".to_owned());
    }
    let smtp_user = r.text("email_smtp_user");
    let smtp_password = password(r, "email_smtp_password");
    let (imap, smtp) = (place(r, &IMAP), place(r, &SMTP));
    let ca = r.text("email_ca").map(PathBuf::from);
    if let Some(file) = ca.as_ref().filter(|f| !f.is_file()) {
        r.mistakes
            .push(format!("email_ca: there is no file {}", file.display()));
    }
    let authserv_id = r.text("email_authserv_id").map(|id| id.to_lowercase());
    let require_authentication = r.parse("email_require_authentication", true, "true or false");
    if require_authentication && authserv_id.is_none() {
        r.mistakes.push("email_authserv_id: must be set, since without it no sender can be told from a forged one; docs/email.md says where to read it. To answer everybody all the same, set email_require_authentication = false".to_owned());
    }
    let folder = r.text("email_folder").unwrap_or_else(|| "INBOX".to_owned());
    if !folder.is_ascii() || folder.contains(char::is_control) {
        r.mistakes.push(
            "email_folder: must be a folder's name as the server writes it, in ASCII".to_owned(),
        );
    }
    let most_bytes = r.number("email_bytes", 25 << 20, 64 << 10, 100 << 20) as u32;
    let idle = Duration::from_secs(r.number("email_idle_seconds", 540, 1, 28 * 60));
    let poll = Duration::from_secs(r.number("email_poll_seconds", 30, 1, 3600));
    let server = |(host, port, tls), user: &str, password: &Secret| MailServer {
        host,
        port,
        tls,
        user: user.to_owned(),
        password: password.clone(),
    };
    let own = own?;
    Some(EmailSettings {
        imap: server(imap?, &user, &own),
        smtp: server(
            smtp?,
            smtp_user.as_deref().unwrap_or(&user),
            smtp_password.as_ref().unwrap_or(&own),
        ),
        address,
        folder,
        ca,
        authserv_id,
        require_authentication,
        most_bytes,
        idle,
        poll,
    })
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    const RIGHT: [(&str, &str); 5] = [
        ("email_address", "Support@Care.example"),
        ("email_password", "s3cret"),
        ("email_imap_host", "imap.care.example"),
        ("email_smtp_host", "smtp.care.example"),
        ("email_authserv_id", "mx.care.example"),
    ];

    fn mistakes(changes: &[(&str, &str)]) -> String {
        let pairs = RIGHT.into_iter().chain(changes.iter().copied());
        Settings::from_pairs(pairs).expect_err("wrong").to_string()
    }

    #[test]
    fn the_usual_ports_and_protection_are_taken_where_none_are_set() {
        let settings = Settings::from_pairs(RIGHT).expect("right");
        let email = settings.email.expect("set");
        assert_eq!((email.imap.port, email.smtp.port), (993, 465));
        assert_eq!(email.address, "support@care.example");
        assert_eq!(email.smtp.user, "support@care.example");
        assert!(email.require_authentication);
    }

    #[test]
    fn plain_text_is_refused_but_on_this_very_machine() {
        let away = mistakes(&[("email_imap_tls", "none")]);
        assert!(away.contains("email_imap_tls"), "{away}");
        let here = [
            ("email_imap_host", "127.0.0.1"),
            ("email_imap_tls", "none"),
            ("email_smtp_host", "localhost"),
            ("email_smtp_tls", "none"),
        ];
        let pairs = RIGHT.into_iter().chain(here);
        assert!(Settings::from_pairs(pairs).is_ok());
    }

    #[test]
    fn without_the_servers_word_on_senders_it_must_be_said_that_everybody_is_answered() {
        let wrong = mistakes(&[("email_authserv_id", "")]);
        assert!(wrong.contains("email_require_authentication"), "{wrong}");
        let pairs = RIGHT.into_iter().chain([
            ("email_authserv_id", ""),
            ("email_require_authentication", "false"),
        ]);
        assert!(Settings::from_pairs(pairs).is_ok());
    }

    #[test]
    fn no_password_is_ever_shown() {
        let settings = Settings::from_pairs(RIGHT).expect("right");
        assert!(!format!("{settings:?}").contains("s3cret"));
        let wrong = mistakes(&[("email_password", "two\nlines-s3cret")]);
        assert!(!wrong.contains("s3cret"), "{wrong}");
    }
}
