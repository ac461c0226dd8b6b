//! The table of addresses (DESIGN.md section 7.1). Pages never write a path; they name a [`Place`].

use chancery_protocol::ids::{ConversationId, PersonId};

/// Where one can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Sign-in.
    SignIn,
    /// Back from signing in at a provider; what it gave the browser stands behind `?`.
    Return,
    /// A one-time link; its token stands behind `#`.
    Link,
    /// Turns mails off; the token stands at the end of the address ([`mail_token`]).
    MailOff,
    /// The policy text, to be accepted before anything else is shown.
    Welcome,
    /// The policy text, to be read again.
    Policy,
    /// The list, and on wide screens the last conversation.
    Chats,
    /// A new direct talk or group.
    NewConversation,
    /// Open groups to join.
    Join,
    /// A conversation.
    Conversation(ConversationId),
    /// The details of a conversation, beside it or on a page of their own.
    Details(ConversationId),
    /// What was said in one's own conversations; what is looked for stands behind `?`.
    Search,
    /// Colleagues.
    People,
    /// A colleague.
    Person(PersonId),
    /// Sounds, notifications, keys: what this device does.
    Notifications,
    /// Own devices, password, appearance.
    Devices,
    /// No such page.
    Nowhere,
}

impl Place {
    /// Reads an address.
    pub fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] | ["chats"] => Self::Chats,
            ["sign-in"] => Self::SignIn,
            ["sign-in", "return"] => Self::Return,
            ["link"] => Self::Link,
            ["mail", "off"] | ["mail", "off", _] => Self::MailOff,
            ["welcome", "policy"] => Self::Welcome,
            ["policy"] => Self::Policy,
            ["chats", "new"] => Self::NewConversation,
            ["chats", "join"] => Self::Join,
            ["chats", id] => id.parse().map_or(Self::Nowhere, Self::Conversation),
            ["chats", id, "details"] => id.parse().map_or(Self::Nowhere, Self::Details),
            ["search"] => Self::Search,
            ["people"] => Self::People,
            ["people", id] => id.parse().map_or(Self::Nowhere, Self::Person),
            ["settings", "notifications"] => Self::Notifications,
            ["settings", "devices"] => Self::Devices,
            _ => Self::Nowhere,
        }
    }

    /// The address.
    pub fn path(self) -> String {
        match self {
            Self::SignIn => "/sign-in".to_owned(),
            Self::Return => "/sign-in/return".to_owned(),
            Self::Link => "/link".to_owned(),
            Self::MailOff => "/mail/off/".to_owned(),
            Self::Welcome => "/welcome/policy".to_owned(),
            Self::Policy => "/policy".to_owned(),
            Self::Chats | Self::Nowhere => "/chats".to_owned(),
            Self::NewConversation => "/chats/new".to_owned(),
            Self::Join => "/chats/join".to_owned(),
            Self::Conversation(id) => format!("/chats/{id}"),
            Self::Details(id) => format!("/chats/{id}/details"),
            Self::Search => "/search".to_owned(),
            Self::People => "/people".to_owned(),
            Self::Person(id) => format!("/people/{id}"),
            Self::Notifications => "/settings/notifications".to_owned(),
            Self::Devices => "/settings/devices".to_owned(),
        }
    }

    /// The conversation that is open here.
    pub fn conversation(self) -> Option<ConversationId> {
        match self {
            Self::Conversation(id) | Self::Details(id) => Some(id),
            _ => None,
        }
    }

    /// Whether one must be signed in to be here.
    pub fn needs_session(self) -> bool {
        !matches!(self, Self::SignIn | Self::Return | Self::Link | Self::MailOff)
    }
}

/// The token in the address of a link that turns mails off; nothing for one that lost a part on its way.
pub fn mail_token(path: &str) -> Option<&str> {
    const CHARS: usize = 46;
    let token = path.strip_prefix("/mail/off/")?;
    let whole =
        token.len() == CHARS && token.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    whole.then_some(token)
}

#[cfg(test)]
mod tests {
    use super::{Place, mail_token};
    use chancery_protocol::ids::{ConversationId, Id, PersonId};

    #[test]
    fn addresses_come_back() {
        let id = ConversationId::from_bytes([7; 16]);
        for place in [
            Place::SignIn,
            Place::Return,
            Place::Link,
            Place::MailOff,
            Place::Welcome,
            Place::Policy,
            Place::Chats,
            Place::NewConversation,
            Place::Join,
            Place::Conversation(id),
            Place::Details(id),
            Place::People,
            Place::Person(PersonId::from_bytes([8; 16])),
            Place::Notifications,
            Place::Devices,
        ] {
            assert_eq!(Place::of(&place.path()), place);
        }
    }

    #[test]
    fn what_is_not_an_address_is_nowhere() {
        assert_eq!(Place::of("/"), Place::Chats);
        assert_eq!(Place::of("/chats/42"), Place::Nowhere);
        assert_eq!(Place::of("/calls"), Place::Nowhere);
        assert_eq!(Place::of("/sign-in/back"), Place::Nowhere);
    }

    #[test]
    fn a_link_in_a_mail_is_whole_or_says_so() {
        let token = "AQEHBwcHBwcHBwcHBwcHBwcHxV1-_yJ8o0s1mTq2pWc9aA";
        let path = format!("/mail/off/{token}");
        assert_eq!((Place::of(&path), mail_token(&path)), (Place::MailOff, Some(token)));
        for broken in [
            &path[..path.len() - 1],
            "/mail/off/",
            "/mail/off",
            &format!("{path}>"),
            &format!("{}é", &path[..54]),
        ] {
            assert_eq!(mail_token(broken), None, "{broken}");
        }
    }

    #[test]
    fn nobody_is_signed_in_in_front_of_the_door() {
        for place in [Place::SignIn, Place::Return, Place::Link, Place::MailOff] {
            assert!(!place.needs_session(), "{place:?}");
        }
        assert!(Place::Nowhere.needs_session());
    }
}
