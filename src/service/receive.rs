//! A person's message, read before it is taken; and what happens around a conversation.

use super::{Service, SubmitError, owner_of};
use crate::{
    domain::{Borrowed, BorrowedHow, ConversationId, EventKind, Remark, event::Inbound, seen_name},
    store::{Job, Outcome, Target},
};

/// Seconds after which the time at which a message was written is not believed any more: no channel holds messages for
/// longer.
const LONGEST_HELD: i64 = 14 * 86_400;

/// Longest name that people give themselves, in characters.
const LONGEST_NAME: usize = 200;

/// The writer's country, as in `en-GB`, where the channel tells it: dates and numbers are written as there.
pub(super) fn region(locale: Option<&str>) -> Option<String> {
    locale
        .and_then(|l| l.split(['-', '_']).nth(1))
        .filter(|r| r.len() == 2)
        .map(str::to_uppercase)
}

impl Service {
    /// Takes a person's message in: reads it, then as [`Service::submit`]. `locale` is the writer's, as in `en-GB`.
    ///
    /// # Errors
    /// As there.
    pub async fn receive(
        &self,
        inbox: &str,
        sender: &str,
        dedupe: String,
        mut inbound: Inbound,
        locale: Option<&str>,
    ) -> Result<Outcome, SubmitError> {
        let watch = self.clock.stopwatch();
        // Postgres cannot keep the NUL character, and no writing system has one.
        if inbound.text.contains('\0') {
            inbound.text = inbound.text.replace('\0', "\u{fffd}");
        }
        // What people call themselves turns no line of the desk about.
        inbound.sender_name = inbound
            .sender_name
            .map(|name| seen_name(&name, LONGEST_NAME))
            .filter(|name| !name.is_empty());
        let now = self.clock.now();
        // A clock that is ahead, or a day long gone, says nothing of "this morning".
        inbound.written = inbound
            .written
            .filter(|w| *w <= now && now.seconds_since(*w) <= LONGEST_HELD);
        self.read_borrowed(&owner_of(inbox, sender), &mut inbound.borrowed)
            .await;
        inbound.hide_secrets();
        if let (Some(value), None) = (&inbound.choice, &inbound.choice_title) {
            // For the desk: where it cannot be looked up, the value is shown.
            let title = self.store.offered(inbox, sender, value, None).await;
            inbound.choice_title = title.unwrap_or_default();
        }
        let region = region(locale);
        inbound.signals = self.runtime().rules.read_from(
            &inbound.text,
            inbound.written.unwrap_or(now),
            region.as_deref(),
        );
        let job = Job {
            target: Target::Sender {
                inbox: inbox.to_owned(),
                sender: sender.to_owned(),
            },
            kind: EventKind::Message(Box::new(inbound)),
            dedupe: Some(dedupe),
        };
        let mut outcome = self.submit(job).await?;
        for (_, reply) in &mut outcome.replies {
            // Where it cannot be read now, the page that asks again gets it.
            let _ = self.store.reveal(reply).await;
        }
        if !outcome.replies.is_empty() && !outcome.repeated {
            self.metrics.first_reply(watch.elapsed());
        }
        Ok(outcome)
    }

    /// Words beside a message's own are bounded, and read for danger where nobody has heard them yet.
    async fn read_borrowed(&self, whose: &str, borrowed: &mut Vec<Borrowed>) {
        borrowed.truncate(Borrowed::MOST);
        // Read before it is cut.
        for words in borrowed.iter_mut().filter(|b| b.how.is_read_for_danger()) {
            let danger = self.danger_in(whose, &words.text).await;
            words.danger = danger.map(|(flag, _)| flag);
        }
        borrowed.iter_mut().for_each(Borrowed::bound);
        // A picture that was passed on without a word is somebody else's all the same.
        let passed_on = |b: &Borrowed| matches!(b.how, BorrowedHow::Forwarded | BorrowedHow::Own);
        borrowed.retain(|b| passed_on(b) || !b.text.is_empty());
    }

    /// Takes something that happened around a conversation: the desk sees it as a note.
    ///
    /// # Errors
    /// See [`SubmitError`]; nothing was written then.
    pub async fn remark(
        &self,
        conversation: ConversationId,
        remark: Remark,
        detail: Option<String>,
        dedupe: Option<String>,
    ) -> Result<Outcome, SubmitError> {
        self.submit(Job {
            target: Target::Conversation(conversation),
            kind: EventKind::Remarked { remark, detail },
            dedupe,
        })
        .await
    }
}
