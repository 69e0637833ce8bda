//! Where somebody wrote to the bot, which is where they are answered.

use std::{fmt, str::FromStr};

/// A chat, and where in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The chat's id.
    pub chat: i64,
    /// Where in the chat.
    pub within: Within,
}

/// Where in a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Within {
    /// A chat without parts.
    #[default]
    Whole,
    /// A topic of a private chat, by its thread's id.
    Topic(i32),
    /// A topic of a channel's direct messages, which is one person's.
    Direct(i64),
    /// A chat of a business account that the bot is connected to, by the connection's id.
    Business(String),
}

impl Place {
    /// The same chat without its topic, where it has one that messages can go past.
    pub(super) fn without_topic(&self) -> Option<Self> {
        matches!(self.within, Within::Topic(_)).then_some(Self {
            chat: self.chat,
            within: Within::Whole,
        })
    }

    /// Whether a refusal there tells about the person: elsewhere it tells about a business account or a channel.
    pub(super) fn is_private(&self) -> bool {
        matches!(self.within, Within::Whole | Within::Topic(_))
    }
}

impl fmt::Display for Place {
    /// As it is kept with a conversation. A chat without parts is its bare id, as all places were before.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.chat)?;
        match &self.within {
            Within::Whole => Ok(()),
            Within::Topic(thread) => write!(f, "/topic/{thread}"),
            Within::Direct(topic) => write!(f, "/direct/{topic}"),
            Within::Business(connection) => write!(f, "/business/{connection}"),
        }
    }
}

/// The text is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (chat, rest) = match text.split_once('/') {
            None => (text, None),
            Some((chat, rest)) => (chat, Some(rest.split_once('/').ok_or(NoPlace)?)),
        };
        let chat = chat.parse().map_err(|_| NoPlace)?;
        let within = match rest {
            None => Within::Whole,
            Some(("topic", thread)) => Within::Topic(thread.parse().map_err(|_| NoPlace)?),
            Some(("direct", topic)) => Within::Direct(topic.parse().map_err(|_| NoPlace)?),
            Some(("business", connection)) if !connection.is_empty() => {
                Within::Business(connection.to_owned())
            }
            Some(_) => return Err(NoPlace),
        };
        Ok(Self { chat, within })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_so_are_those_of_before() {
        for text in ["7", "-100", "7/topic/5", "-100/direct/77", "7/business/a/b"] {
            let place: Place = text.parse().expect("a place");
            assert_eq!(place.to_string(), text);
        }
        for text in ["", "ann", "7/", "7/topic/x", "7/attic/1", "7/business/"] {
            assert_eq!(text.parse::<Place>(), Err(NoPlace), "{text}");
        }
    }
}
