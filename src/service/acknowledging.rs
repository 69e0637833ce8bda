//! Acknowledgements: drafted in the person's language, sent by their channel, and at once where the owner wants that.

use super::{Service, SubmitError};
use crate::{
    complaint::{LetterKind, Writing},
    domain::{
        ActionName, AgentRef, Complaint, ComplaintPatch, Conversation, ConversationId, EventKind,
        Status, complaint::Reference,
    },
    store::{Job, JobError, StoreError, Target},
};
use std::collections::HashSet;

/// For how many seconds after its receipt a complaint is acknowledged at once: whoever turns the setting on does not
/// write to everybody of years ago.
const FRESH: i64 = 3 * 86_400;

/// A draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its words.
    pub text: String,
    /// In which language.
    pub language: String,
    /// The conversation in which they wrote last: there it is sent.
    pub conversation: Conversation,
}

/// Why there is no draft.
#[derive(Debug, thiserror::Error)]
pub enum NoDraft {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The template is wrong, or there is none.
    #[error("the template of this letter is wrong")]
    Template,
    /// The conversation is gone.
    #[error("the conversation is gone")]
    Conversation,
}

impl Service {
    /// Drafts the acknowledgement of a complaint, in the language in which they wrote, signed by that name.
    ///
    /// # Errors
    /// See [`NoDraft`].
    pub async fn draft_acknowledgement(
        &self,
        complaint: &Complaint,
        signed: &str,
    ) -> Result<Draft, NoDraft> {
        let home = complaint.conversation;
        let place = self.store.writes_last(home).await?;
        let mut conversation = self.store.conversation(place).await?;
        if conversation
            .as_ref()
            .is_none_or(|c| c.complaint.as_ref() != Some(&complaint.reference))
        {
            // There it is about something else by now.
            conversation = self.store.conversation(home).await?;
        }
        let conversation = conversation.ok_or(NoDraft::Conversation)?;
        let runtime = self.runtime();
        let known = runtime.letters.get_key_value(&conversation.language);
        let letters = known.or_else(|| runtime.letters.get_key_value("en"));
        let (language, letters) = letters.ok_or(NoDraft::Template)?;
        let writing = Writing {
            agent: signed,
            organisation: &runtime.rules.flows.facts.organisation,
            zone: &runtime.rules.profile.zone,
        };
        let text = letters
            .draft(LetterKind::Acknowledgement, complaint, &writing)
            .map_err(|why| {
                tracing::error!(why, "a letter's template is wrong");
                NoDraft::Template
            })?;
        Ok(Draft {
            text,
            language: language.clone(),
            conversation,
        })
    }

    /// Sends an acknowledgement by the person's channel; its clock is met by that.
    ///
    /// # Errors
    /// It was acknowledged before, or nothing can be written.
    pub async fn send_acknowledgement(
        &self,
        reference: &Reference,
        place: ConversationId,
        agent: AgentRef,
        text: String,
    ) -> Result<(), SubmitError> {
        let patch = ComplaintPatch {
            action: Some(ActionName::Acknowledge.into()),
            tell: Some(text),
            ..ComplaintPatch::default()
        };
        self.submit(Job {
            target: Target::Conversation(place),
            kind: EventKind::ComplaintAmended {
                agent,
                reference: reference.clone(),
                patch: Box::new(patch),
                older: None,
            },
            dedupe: None,
        })
        .await?;
        Ok(())
    }

    /// Acknowledges what is fresh and told to its end. What needs a person's look first (somebody may need protection,
    /// or may be in danger, or nobody can tell who reads it) waits for one. `tried` has those that did not work out.
    pub(super) async fn acknowledge_at_once(&self, tried: &mut HashSet<String>) {
        let since = self.clock.now().plus_seconds(-FRESH);
        let Ok(fresh) = self.store.unacknowledged(since).await else {
            return;
        };
        for reference in fresh {
            if tried.contains(reference.as_str()) || self.acknowledges(&reference).await {
                continue;
            }
            tried.insert(reference.to_string());
        }
    }

    /// Acknowledges it. Whether that is done, or may work at the next look.
    async fn acknowledges(&self, reference: &Reference) -> bool {
        let complaint = match self.store.complaint(reference).await {
            Ok(Some(complaint)) => complaint,
            Ok(None) => return false,
            Err(_) => return true,
        };
        let draft = match self.draft_acknowledgement(&complaint, "").await {
            Ok(draft) => draft,
            Err(NoDraft::Store(_)) => return true,
            Err(_) => return false,
        };
        let state = &draft.conversation;
        if state.status == Status::Assigned {
            return true;
        }
        let waits = complaint.safeguarding
            || complaint.case.protected
            || state.unproven
            || state.unreachable
            || state.red_flag.is_some();
        if waits {
            return false;
        }
        let agent = AgentRef::program(self.organisation());
        let sent = self.send_acknowledgement(reference, state.id, agent, draft.text);
        match sent.await {
            Ok(()) | Err(SubmitError::Busy | SubmitError::Stopping) => true,
            Err(SubmitError::Job(failed)) => matches!(failed, JobError::Unavailable(_)),
        }
    }
}
