//! Which part of the audit log is looked at, as it stands in the address. A view can be shared.

use chancery_protocol::Micros;
use chancery_protocol::audit::AuditQuery;
use chancery_protocol::ids::PersonId;

/// Lines on a page.
pub const PAGE: u32 = 50;

/// Kinds of entries that belong together: the name in addresses, and the kinds.
pub const GROUPS: [(&str, &str); 9] = [
    (
        "sign-in",
        "session.started,session.confirmed,access_token.issued,session.ended,sign_in.refused,link.issued,link.redeemed,password.set,factor.added,factor.removed,emergency.set,emergency.used,emergency.refused",
    ),
    (
        "users",
        "person.created,person.changed,person.suspended,person.reinstated,person.photo_set,guest.set,bot.owner_set,sessions.read",
    ),
    (
        "sources",
        "source.set,source.removed,source.sync_asked,source.synced,token.issued,token.revoked,identity.linked,identity.unlinked,group.set,group.members",
    ),
    ("search", "search.run,search.page,context.read,conversations.listed"),
    (
        "policy",
        "policy.set,policy.tested,policy.sampled,policy.accepted,policy.declined,attempt.blocked,attempt.warned,attempt.waiting,attempt.released,attempt.refused,attempt.withdrawn,attempts.read,rule.matched,request.asked,request.agreed,request.refused,request.withdrawn,request.lapsed",
    ),
    ("mail", "mail.settings_changed,mail.handed,mail.decisions_read"),
    ("log", "audit.read,audit.exported"),
    ("status", "person.status"),
    ("archive", "archive.created,clock.stepped"),
];

/// How far back is looked: the name in addresses, and how many days; today is none.
pub const SPANS: [(&str, i64); 3] = [("today", 0), ("7d", 7), ("30d", 30)];

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Who {
    /// Anybody.
    #[default]
    Anybody,
    /// Nobody by hand, or somebody on the command line.
    System,
    /// This person.
    Person(PersonId),
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogView {
    /// Words in kind or names, or the number of a record.
    pub text: String,
    /// By whom.
    pub who: Who,
    /// One of [`GROUPS`]; empty for all.
    pub what: String,
    /// One of [`SPANS`]; empty for ever.
    pub when: String,
    /// Older than this record.
    pub before: Option<u64>,
}

impl LogView {
    /// Reads what stands behind `?`, name by name. What is not understood is left out.
    pub fn of(get: impl Fn(&str) -> Option<String>) -> Self {
        let known = |name: &str, names: &[&str]| get(name).filter(|value| names.contains(&value.as_str()));
        Self {
            text: get("text").unwrap_or_default(),
            who: match get("who").as_deref() {
                Some("system") => Who::System,
                Some(id) => id.parse().map_or(Who::Anybody, Who::Person),
                None => Who::Anybody,
            },
            what: known("what", &GROUPS.map(|(name, _)| name)).unwrap_or_default(),
            when: known("when", &SPANS.map(|(name, _)| name)).unwrap_or_default(),
            before: get("before").and_then(|before| before.parse().ok()),
        }
    }

    /// What stands behind `?`; empty for everything.
    pub fn query(&self, encode: impl Fn(&str) -> String) -> String {
        let mut parts = Vec::new();
        if !self.text.is_empty() {
            parts.push(format!("text={}", encode(&self.text)));
        }
        match self.who {
            Who::Anybody => {}
            Who::System => parts.push("who=system".to_owned()),
            Who::Person(id) => parts.push(format!("who={id}")),
        }
        for (name, value) in [("what", &self.what), ("when", &self.when)] {
            if !value.is_empty() {
                parts.push(format!("{name}={value}"));
            }
        }
        parts.extend(self.before.map(|before| format!("before={before}")));
        parts.join("&")
    }

    /// What the server is asked. `today`: when the present day began here.
    pub fn asked(&self, today: Micros) -> AuditQuery {
        const DAY: Micros = 86_400_000_000;
        let days = SPANS.iter().find(|(name, _)| *name == self.when).map(|(_, days)| *days);
        let kinds = GROUPS.iter().find(|(name, _)| *name == self.what).map(|(_, kinds)| *kinds);
        AuditQuery {
            text: self.text.clone(),
            actor: match self.who {
                Who::Person(id) => Some(id),
                Who::Anybody | Who::System => None,
            },
            system: self.who == Who::System,
            kinds: kinds.unwrap_or_default().to_owned(),
            from: days.map(|days| today - days * DAY),
            before: self.before,
            limit: PAGE,
            ..AuditQuery::default()
        }
    }
}

/// A query of the server as it stands behind `?`.
pub fn query_text(query: &AuditQuery, encode: impl Fn(&str) -> String) -> String {
    let mut parts = vec![format!("limit={}", query.limit)];
    if !query.text.is_empty() {
        parts.push(format!("text={}", encode(&query.text)));
    }
    if !query.kinds.is_empty() {
        parts.push(format!("kinds={}", encode(&query.kinds)));
    }
    if query.system {
        parts.push("system=true".to_owned());
    }
    parts.extend(query.actor.map(|actor| format!("actor={actor}")));
    parts.extend(query.on.map(|on| format!("on={on}")));
    parts.extend(query.from.map(|from| format!("from={from}")));
    parts.extend(query.until.map(|until| format!("until={until}")));
    parts.extend(query.before.map(|before| format!("before={before}")));
    parts.extend(query.after.map(|after| format!("after={after}")));
    parts.join("&")
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::Id;

    use super::*;

    fn read(query: &str) -> LogView {
        LogView::of(|name| {
            query
                .split('&')
                .find_map(|part| part.split_once('=').filter(|(found, _)| *found == name))
                .map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn views_come_back() {
        let view = LogView {
            text: "ada".into(),
            who: Who::Person(PersonId::from_bytes([7; 16])),
            what: "search".into(),
            when: "7d".into(),
            before: Some(42),
        };
        assert_eq!(read(&view.query(str::to_owned)), view);
        assert_eq!(read("who=system").who, Who::System);
        assert_eq!(read("who=nobody&what=shoes&when=ever&before=x"), LogView::default());
        assert_eq!(LogView::default().query(str::to_owned), "");
    }

    #[test]
    fn the_server_is_asked_for_what_is_looked_at() {
        let view = LogView { what: "log".into(), when: "7d".into(), ..LogView::default() };
        let asked = view.asked(604_800_000_000 * 2);
        assert_eq!(asked.kinds, "audit.read,audit.exported");
        assert_eq!(asked.from, Some(604_800_000_000));
        let text = query_text(&asked, |text| text.replace(',', "%2C"));
        assert_eq!(text, "limit=50&kinds=audit.read%2Caudit.exported&from=604800000000");
    }
}
