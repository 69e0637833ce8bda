//! The line: what is new in the mailbox is kept, then the place in it moves on, then the mail is marked as read.

use super::{
    Email, INBOX,
    connect::{self, Session, Trouble},
    hear::{self, Heard, hear},
    imap::{self, Folder, Mail},
    plus,
};
use crate::{
    service::{Channel, Down, DownReason, Service},
    store::Arrival,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{convert::Infallible, sync::Arc, time::Duration};

/// After a refused password, the next attempt: servers lock out who tries too often.
const AFTER_REFUSAL: Duration = Duration::from_mins(5);

/// Where we stand in the mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    /// Which numbering of the mails.
    validity: u32,
    /// The last mail that is kept.
    uid: u32,
    /// The day when this mailbox was first read, as IMAP writes it; older mail is left alone.
    since: String,
}

pub(super) async fn listen(email: &Email, service: &Arc<Service>, line: &Arc<dyn Channel>) -> Down {
    match hold(email, service, line).await {
        Ok(never) => match never {},
        Err(trouble) => down(email, trouble),
    }
}

async fn hold(
    email: &Email,
    service: &Arc<Service>,
    line: &Arc<dyn Channel>,
) -> Result<Infallible, Trouble> {
    let settings = &email.settings;
    let mut session = connect::open(&settings.imap, &email.tls).await?;
    let (folder, idles) = imap::folder(&mut session, &settings.folder).await?;
    let mut warnings = Vec::new();
    let mut mark = stand(email, service, line, &mut session, folder, &mut warnings).await?;
    let mut shown = None;
    loop {
        let new = imap::after(&mut session, mark.uid).await?;
        take(email, service, line, &mut session, &new, &mut mark, None).await?;
        let mut all = warnings.clone();
        all.extend(email.warnings().await);
        if shown.as_ref() != Some(&all) {
            service.line_up(INBOX, all.clone());
            if shown.replace(all).is_none() {
                plus::ask(email, service).await;
            }
        }
        if !new.is_empty() {
            // Taking them took time: more may have come.
            continue;
        }
        if idles {
            session = imap::idle(session, settings.idle, email.rung.notified()).await?;
        } else {
            tokio::select! {
                () = tokio::time::sleep(settings.poll) => {}
                () = email.rung.notified() => {}
            }
        }
    }
}

/// Where we stand in the folder that was opened. What was in it before it was first read is left alone; where its mails
/// were numbered anew, what nobody has read is taken up.
async fn stand(
    email: &Email,
    service: &Arc<Service>,
    line: &Arc<dyn Channel>,
    session: &mut Session,
    folder: Folder,
    warnings: &mut Vec<String>,
) -> Result<Mark, Trouble> {
    let disk = |_| Trouble::Disk;
    let known = service.store.mark(&mark_name(email)).await.map_err(disk)?;
    let known = known.and_then(|text| serde_json::from_str::<Mark>(&text).ok());
    let newest = folder.next.saturating_sub(1);
    match known {
        Some(mark) if mark.validity == folder.validity => Ok(mark),
        Some(mark) => {
            let mut anew = Mark {
                validity: folder.validity,
                uid: newest,
                since: mark.since.clone(),
            };
            let unread = imap::unread_since(session, &anew.since).await?;
            // Until all of them are kept the old numbering stays noted: after a break they are looked for anew, and
            // what is there twice is known.
            let old = Some(mark);
            take(email, service, line, session, &unread, &mut anew, old).await?;
            anew.uid = anew.uid.max(newest);
            keep(email, service, Vec::new(), line, &anew).await?;
            Ok(anew)
        }
        None => {
            let mark = Mark {
                validity: folder.validity,
                uid: newest,
                since: today(service),
            };
            if folder.mails > 0 {
                warnings.push(format!(
                    "{} mail(s) were in the folder before nohold first read it, and are left alone",
                    folder.mails
                ));
            }
            keep(email, service, Vec::new(), line, &mark).await?;
            Ok(mark)
        }
    }
}

/// Today as IMAP writes it.
fn today(service: &Service) -> String {
    let now = jiff::Timestamp::from_microsecond(service.clock.now().0).unwrap_or_default();
    now.strftime("%-d-%b-%Y").to_string()
}

/// The mark's name: another mailbox has another one.
fn mark_name(email: &Email) -> String {
    let s = &email.settings;
    let which = format!("{}\0{}\0{}", s.imap.host, s.imap.user, s.folder);
    let digest = Sha256::digest(which.as_bytes());
    format!(
        "email:mark:{:02x}{:02x}{:02x}{:02x}",
        digest[0], digest[1], digest[2], digest[3]
    )
}

async fn keep(
    email: &Email,
    service: &Arc<Service>,
    arrivals: Vec<Arrival>,
    line: &Arc<dyn Channel>,
    mark: &Mark,
) -> Result<(), Trouble> {
    let value = serde_json::to_string(mark).map_err(|_| Trouble::Disk)?;
    let name = mark_name(email);
    service
        .arrive(line, arrivals, Some((&name, &value)))
        .await
        .map_err(|_| Trouble::Disk)
}

/// Fetches mails and keeps them; each is marked as read only when it is kept. What is not for us (our own, automatic, a
/// list's) stays unread, for people.
async fn take(
    email: &Email,
    service: &Arc<Service>,
    line: &Arc<dyn Channel>,
    session: &mut Session,
    mails: &[(u32, u32)],
    mark: &mut Mark,
    noted: Option<Mark>,
) -> Result<(), Trouble> {
    let most = email.settings.most_bytes;
    let mut rest = mails;
    while !rest.is_empty() {
        let wanted = imap::batch(rest, most);
        rest = &rest[wanted.len()..];
        let fetched = imap::mails(session, wanted, most).await?;
        let came = |uid: u32| fetched.iter().any(|m| m.uid == uid);
        let missing: Vec<u32> = wanted
            .iter()
            .map(|(uid, _)| *uid)
            .filter(|u| !came(*u))
            .collect();
        if !missing.is_empty() {
            // Gone meanwhile, or kept back by the server: then it is asked again, and after some times passed over, so
            // that it holds up no other.
            let kept_back = imap::there(session, &missing).await?;
            if email.asks_again(&kept_back) {
                return Err(Trouble::Server);
            }
        }
        let (mut arrivals, mut taken) = (Vec::new(), Vec::new());
        for mail in &fetched {
            if plus::came_back(email, service, &mail.raw).await {
                taken.push(mail.uid);
            } else if hear(&mail.raw, &email.mailbox) != Heard::Nothing {
                taken.push(mail.uid);
                arrivals.extend(arrival(mark.validity, mail));
            }
        }
        let last = wanted.last().map_or(0, |(uid, _)| *uid);
        mark.uid = mark.uid.max(last);
        let stands = noted.as_ref().unwrap_or(mark);
        keep(email, service, arrivals, line, stands).await?;
        if !imap::mark_read(session, &taken).await? {
            email.cannot_mark();
        }
    }
    Ok(())
}

fn arrival(validity: u32, mail: &Mail) -> Option<Arrival> {
    Some(Arrival {
        id: format!("{validity}-{}", mail.uid),
        lane: hear::lane(&mail.raw),
        body: serde_json::to_string(&mail.kept()).ok()?,
        note: None,
    })
}

/// What is wrong, and what to do about it.
fn down(email: &Email, trouble: Trouble) -> Down {
    let host = &email.settings.imap.host;
    match trouble {
        Trouble::Network => Down::new(
            DownReason::Network,
            format!(
                "the mail server {host} cannot be reached: look at the network, or at NOHOLD_EMAIL_IMAP_HOST and NOHOLD_EMAIL_IMAP_PORT"
            ),
        ),
        Trouble::Tls => Down::new(
            DownReason::Address,
            format!(
                "the connection to {host} cannot be protected: its certificate is not accepted, or it speaks another way; look at NOHOLD_EMAIL_IMAP_TLS, the port, and NOHOLD_EMAIL_CA"
            ),
        ),
        Trouble::NotTheServer => Down::new(
            DownReason::Address,
            format!(
                "what answers at {host} is no IMAP server: look at NOHOLD_EMAIL_IMAP_HOST, NOHOLD_EMAIL_IMAP_PORT and NOHOLD_EMAIL_IMAP_TLS"
            ),
        ),
        Trouble::SignIn => Down {
            after: Some(AFTER_REFUSAL),
            ..Down::new(
                DownReason::Token,
                "the mail server does not accept the user or the password: look at NOHOLD_EMAIL_USER and NOHOLD_EMAIL_PASSWORD (many providers want a password made for programs)",
            )
        },
        Trouble::NoPasswords => Down::new(
            DownReason::Permission,
            "the mail server takes no password over this connection: look at NOHOLD_EMAIL_IMAP_TLS, or switch sign-in by password on at the provider",
        ),
        Trouble::Folder => Down::new(
            DownReason::Permission,
            "the mail server does not open the folder: look at NOHOLD_EMAIL_FOLDER",
        ),
        Trouble::Server => Down::new(
            DownReason::Trouble,
            "the mail server is in trouble, or refuses what is asked of it",
        ),
        Trouble::Disk => Down::new(
            DownReason::Trouble,
            "nothing can be written; what waits in the mailbox is taken when it can",
        ),
    }
}
