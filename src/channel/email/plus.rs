//! The address with something behind the plus, in our `Reply-To`: by it an answer is known, also where a mail program
//! leaves out all else.
//!
//! Not every server delivers such mail. So a mail to ourselves is sent first, and the plus is used only once that has
//! come back: nobody's answer is lost by it.

use super::{Email, ids::Ids, place::plus_address, send};
use crate::service::Service;
use mail_parser::{Addr, Address, MessageParser};
use std::sync::{Arc, atomic::Ordering};

/// Where it is noted that mail to the address with the plus arrives.
const MARK: &str = "email:plus:";
/// Seconds after which one that has not come back is sent anew.
const AGAIN: i64 = 24 * 3600;

fn mark_name(email: &Email) -> String {
    format!("{MARK}{}", email.mailbox.address)
}

/// Finds out whether the plus works, where that is not known. What does not work costs nobody anything.
pub(super) async fn ask(email: &Email, service: &Arc<Service>) {
    let Some(ids) = email.ids(service).await else {
        return;
    };
    let name = mark_name(email);
    let known = service.store.mark(&name).await.ok().flatten();
    if known.as_deref() == Some("works") {
        email.plus.store(true, Ordering::SeqCst);
        return;
    }
    let now = service.clock.now();
    let asked = known.and_then(|at| at.parse::<i64>().ok());
    if asked.is_some_and(|at| now.0 - at < AGAIN * 1_000_000) {
        return;
    }
    let token = ids.token(&email.mailbox.address);
    let to = plus_address(&email.mailbox.address, &token);
    if send::to_ourselves(email, service, &to).await {
        let _ = service.store.set_mark(&name, &now.0.to_string()).await;
    }
}

/// Whether this is the mail that we sent to ourselves; from now on the plus is used.
pub(super) async fn came_back(email: &Email, service: &Arc<Service>, raw: &[u8]) -> bool {
    if email.plus.load(Ordering::SeqCst) {
        return false;
    }
    let Some(ids) = email.ids(service).await else {
        return false;
    };
    if !is_ours(ids, &email.mailbox.address, raw) {
        return false;
    }
    email.plus.store(true, Ordering::SeqCst);
    let _ = service.store.set_mark(&mark_name(email), "works").await;
    true
}

fn is_ours(ids: &Ids, ours: &str, raw: &[u8]) -> bool {
    let Some(mail) = MessageParser::default().parse_headers(raw) else {
        return false;
    };
    let wanted = plus_address(ours, &ids.token(ours));
    mail.to()
        .and_then(Address::first)
        .and_then(Addr::address)
        .is_some_and(|a| a.eq_ignore_ascii_case(&wanted))
}
