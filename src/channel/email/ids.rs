//! What our mails are known by: their Message-IDs, which tell conversation and message, and the part of our address
//! behind the plus, which tells to whom it was given. Both are signed, so that nobody can make one up.

use crate::domain::{ConversationId, MessageId};
use hmac::{Hmac, KeyInit, Mac};
use regex::Regex;
use sha2::Sha256;
use std::{fmt::Write, sync::LazyLock};
use uuid::Uuid;

/// How many bytes of a signature are written.
const SIGNED: usize = 10;

/// One of our mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ours {
    /// In which conversation it was said.
    pub(super) conversation: ConversationId,
    /// What was said.
    pub(super) message: MessageId,
}

static OURS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"nh\.([0-9a-f]{32})\.([0-9a-f]{32})\.([0-9a-f]{20})@")
        .expect("written here, and tried by the tests")
});

/// Makes and knows them.
pub(super) struct Ids {
    key: Vec<u8>,
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ids(…)")
    }
}

impl Ids {
    /// Signed with this key.
    pub(super) fn new(key: &str) -> Self {
        Self {
            key: key.as_bytes().to_vec(),
        }
    }

    fn signed(&self, what: &str, content: &str) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("a key of any length is taken");
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(content.as_bytes());
        mac
    }

    fn signature(&self, what: &str, content: &str) -> String {
        let bytes = self.signed(what, content).finalize().into_bytes();
        bytes[..SIGNED].iter().fold(String::new(), |mut text, b| {
            let _ = write!(text, "{b:02x}");
            text
        })
    }

    /// Compared in constant time.
    fn is_signed(&self, what: &str, content: &str, signature: &str) -> bool {
        let byte = |at: usize| u8::from_str_radix(signature.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..SIGNED).map(|n| byte(2 * n)).collect();
        signature.len() == 2 * SIGNED
            && bytes.is_some_and(|b| self.signed(what, content).verify_truncated_left(&b).is_ok())
    }

    /// The Message-ID of one of our mails, without its brackets: the same each time it is sent.
    pub(super) fn message_id(&self, ours: Ours, domain: &str) -> String {
        let (conversation, message) = (ours.conversation.0.simple(), ours.message.0.simple());
        let content = format!("{conversation}.{message}");
        format!("nh.{content}.{}@{domain}", self.signature("mail", &content))
    }

    /// Those of our mails whose Message-IDs stand in a text, in their order.
    pub(super) fn found_in(&self, text: &str) -> Vec<Ours> {
        let ours = |c: regex::Captures<'_>| {
            let content = format!("{}.{}", &c[1], &c[2]);
            let signed = self.is_signed("mail", &content, &c[3]);
            signed.then(|| {
                Some(Ours {
                    conversation: ConversationId(Uuid::parse_str(&c[1]).ok()?),
                    message: MessageId(Uuid::parse_str(&c[2]).ok()?),
                })
            })?
        };
        OURS.captures_iter(text).filter_map(ours).collect()
    }

    /// What stands behind the plus in the address that is given to a person.
    pub(super) fn token(&self, person: &str) -> String {
        self.signature("person", person)
    }

    /// Whether that was given to that person, by mail to their address.
    pub(super) fn is_token_of(&self, person: &str, token: &str) -> bool {
        self.is_signed("person", person, token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Ours {
        Ours {
            conversation: ConversationId(Uuid::from_u128(7)),
            message: MessageId(Uuid::from_u128(8)),
        }
    }

    #[test]
    fn a_mail_of_ours_is_known_and_a_made_up_one_is_not() {
        let (ids, others) = (Ids::new("a"), Ids::new("b"));
        let id = ids.message_id(ours(), "care.example");
        assert_eq!(ids.message_id(ours(), "care.example"), id);
        assert_eq!(ids.found_in(&format!("<x@y> <{id}>")), [ours()]);
        assert_eq!(others.found_in(&id), []);
        let forged = id.replacen('7', "9", 1);
        assert_eq!(ids.found_in(&forged), []);
    }

    #[test]
    fn what_one_was_given_is_no_proof_for_another() {
        let ids = Ids::new("a");
        let token = ids.token("ann@home.example");
        assert!(ids.is_token_of("ann@home.example", &token));
        assert!(!ids.is_token_of("tom@home.example", &token));
        assert!(!ids.is_token_of("ann@home.example", &token[..18]));
        assert!(!ids.is_token_of("ann@home.example", "zz"));
    }
}
