//! Which part of the outbox is looked at, as the address says.

use chancery_protocol::mail::{MailState, OutboxQuery};

/// The name of a state in addresses, and at the server.
pub fn state_name(state: MailState) -> &'static str {
    match state {
        MailState::Waiting => "waiting",
        MailState::Leaving => "leaving",
        MailState::Sent => "sent",
        MailState::Dropped => "dropped",
        MailState::Refused => "refused",
        MailState::Expired => "expired",
        MailState::NoServer => "no_server",
    }
}

/// Reads an address.
pub fn looked_at(get: impl Fn(&str) -> Option<String>) -> OutboxQuery {
    let named = |name: String| MailState::ALL.into_iter().find(|state| state_name(*state) == name);
    OutboxQuery {
        state: get("state").and_then(named),
        person: get("person").and_then(|text| text.parse().ok()),
        before: get("before").and_then(|text| text.parse().ok()),
    }
}

/// The part of the address behind `?`; the server takes it as it is.
pub fn outbox_text(query: &OutboxQuery) -> String {
    let mut parts = Vec::new();
    parts.extend(query.state.map(|state| format!("state={}", state_name(state))));
    parts.extend(query.person.map(|person| format!("person={person}")));
    parts.extend(query.before.map(|before| format!("before={before}")));
    parts.join("&")
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::{Id as _, MailId, PersonId};

    use super::*;

    #[test]
    fn an_address_says_what_is_looked_at() {
        for state in MailState::ALL {
            let query = OutboxQuery {
                state: Some(state),
                person: Some(PersonId::from_bytes([1; 16])),
                before: Some(MailId::from_bytes([2; 16])),
            };
            let text = outbox_text(&query);
            let get = |name: &str| {
                let part = text.split('&').find_map(|part| part.strip_prefix(&format!("{name}=")));
                part.map(str::to_owned)
            };
            assert_eq!(looked_at(get), query);
            let wire = serde_json::to_value(state).unwrap();
            assert_eq!(wire, state_name(state), "as the server calls it");
        }
        assert_eq!(outbox_text(&OutboxQuery::default()), "");
        assert_eq!(looked_at(|_| Some("nonsense".to_owned())), OutboxQuery::default());
    }
}
