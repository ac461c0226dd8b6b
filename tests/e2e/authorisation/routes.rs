//! Every route, with a body that is understood, and who may.

use chancery_protocol::person::Role;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Anybody,
    SignedIn,
    /// Those who may read accounts: IT admins and both kinds of officers.
    Reader,
    ItAdmin,
    /// Compliance officers and leads.
    Officer,
    /// Compliance leads.
    Lead,
    /// Whoever chats; in this matrix everybody is an employee too.
    Chatting,
    /// Whoever looks after the server or over it: readers and auditors.
    Overseer,
}

impl Who {
    /// Whether somebody with this role is among them.
    pub fn has(self, role: Role) -> bool {
        match self {
            Self::Anybody | Self::SignedIn | Self::Chatting => true,
            Self::Reader => matches!(role, Role::ItAdmin | Role::ComplianceOfficer | Role::ComplianceLead),
            Self::ItAdmin => role == Role::ItAdmin,
            Self::Officer => matches!(role, Role::ComplianceOfficer | Role::ComplianceLead),
            Self::Lead => role == Role::ComplianceLead,
            Self::Overseer => !matches!(role, Role::Employee | Role::Guest),
        }
    }
}

/// Nobody has a picture in this house, so it is there for nobody; who sees the one somebody has is told in `profiles`.
pub const PHOTO: &str = "/people/{target}/photo";

/// Method, path, body, who may.
pub const ROUTES: [(&str, &str, Option<&str>, Who); 123] = [
    ("GET", "/server", None, Who::Anybody),
    ("POST", "/session", Some(r#"{"username":"target","password":"a long enough password"}"#), Who::Anybody),
    // A ticket nobody was given.
    ("POST", "/session/second", Some(r#"{"ticket":"none","code":"000000"}"#), Who::Anybody),
    ("POST", "/links/inspect", Some(r#"{"token":"none"}"#), Who::Anybody),
    ("POST", "/links/redeem", Some(r#"{"token":"none","password":"a long enough password"}"#), Who::Anybody),
    ("GET", "/session", None, Who::SignedIn),
    ("GET", "/session/confirm", None, Who::SignedIn),
    ("POST", "/session/confirm", Some(r#"{"password":"a long enough password"}"#), Who::SignedIn),
    ("GET", "/sessions", None, Who::SignedIn),
    (
        "POST",
        "/password",
        Some(r#"{"current":"a long enough password","new":"a long enough password"}"#),
        Who::SignedIn,
    ),
    ("DELETE", "/sessions/{own session}", None, Who::SignedIn),
    ("GET", "/tokens", None, Who::SignedIn),
    // 422: it may be used for nothing.
    ("POST", "/tokens", Some(r#"{"name":"Token","scopes":[],"expires_at":1}"#), Who::SignedIn),
    ("DELETE", "/tokens/{own token}", None, Who::SignedIn),
    ("GET", "/people/{target}/tokens", None, Who::ItAdmin),
    ("POST", "/people/{target}/tokens", Some(r#"{"name":"Token","scopes":[],"expires_at":1}"#), Who::ItAdmin),
    ("DELETE", "/people/{target}/tokens/{target token}", None, Who::ItAdmin),
    ("POST", "/bots", Some(r#"{"username":"{fresh}","name":"Fresh","owner":"{target}"}"#), Who::ItAdmin),
    // 409: it is none.
    ("PUT", "/bots/{target}/owner", Some(r#"{"owner":"{target}"}"#), Who::ItAdmin),
    ("GET", "/factors", None, Who::SignedIn),
    ("POST", "/factors/totp", Some(r#"{"name":"Phone","password":"a long enough password"}"#), Who::SignedIn),
    ("POST", "/factors/totp/finish", Some(r#"{"ticket":"none","code":"000000"}"#), Who::SignedIn),
    // 409: the server is reached by an address.
    (
        "POST",
        "/factors/passkeys",
        Some(r#"{"name":"Key","password":"a long enough password"}"#),
        Who::SignedIn,
    ),
    ("POST", "/factors/passkeys/finish", Some(r#"{"ticket":"none","credential":{}}"#), Who::SignedIn),
    ("POST", "/factors/{factor}/remove", Some(r#"{"password":"a long enough password"}"#), Who::SignedIn),
    ("GET", "/policy/text", None, Who::SignedIn),
    // 409: no text is in force.
    ("POST", "/policy/accept", Some(r#"{"version":1,"fingerprint":"x"}"#), Who::SignedIn),
    ("POST", "/policy/decline", Some(r#"{"version":1,"fingerprint":"x"}"#), Who::SignedIn),
    ("GET", "/policy/text/versions", None, Who::Reader),
    ("GET", "/mail/mine", None, Who::Chatting),
    ("GET", "/mail/decisions", None, Who::Chatting),
    ("GET", "/mail/decisions/{target}", None, Who::ItAdmin),
    ("GET", "/mail/outbox", None, Who::ItAdmin),
    // 409: no such mail waits.
    ("POST", "/mail/outbox/{target}/retry", None, Who::ItAdmin),
    ("GET", "/mail/settings", None, Who::ItAdmin),
    // 409: there was no such revision.
    ("PUT", "/mail/settings", Some(r#"{"was":9,"texts":{}}"#), Who::ItAdmin),
    // 422: there is no mail server.
    ("POST", "/mail/test", Some(r#"{"texts":{},"to":"a@example.org"}"#), Who::ItAdmin),
    ("GET", "/mail/preview?template=test&language=en&content=full", None, Who::ItAdmin),
    ("GET", "/mail/preview/page?template=test&language=de&content=nothing", None, Who::ItAdmin),
    // 400: whose is not said.
    ("GET", "/policy/acceptances", None, Who::Reader),
    ("GET", "/policy/acceptances/file", None, Who::Reader),
    ("DELETE", "/session", None, Who::SignedIn),
    ("GET", "/people", None, Who::Reader),
    ("GET", "/people/{target}", None, Who::Reader),
    (
        "PUT",
        "/people/{target}",
        Some(r#"{"name":"Other","was":"Nobody","email":{"address":"","was":""}}"#),
        Who::ItAdmin,
    ),
    (
        "POST",
        "/people/bulk",
        Some(r#"{"act":{"type":"add_role","role":"auditor"},"people":["{target}"]}"#),
        Who::ItAdmin,
    ),
    ("POST", "/people", Some(r#"{"username":"{fresh}","name":"Fresh","roles":["employee"]}"#), Who::ItAdmin),
    ("POST", "/people/{target}/reset", None, Who::ItAdmin),
    ("PUT", "/people/{target}/roles", Some(r#"{"roles":["employee"]}"#), Who::ItAdmin),
    // 409: the target is no guest.
    (
        "PUT",
        "/people/{target}/guest",
        Some(r#"{"sponsor":"{target}","ends_at":1900000000000000}"#),
        Who::ItAdmin,
    ),
    ("POST", "/people/{target}/suspend", None, Who::ItAdmin),
    ("POST", "/people/{target}/reinstate", None, Who::ItAdmin),
    ("GET", PHOTO, None, Who::SignedIn),
    ("GET", "/people/{target}/sessions", None, Who::ItAdmin),
    ("DELETE", "/people/{target}/sessions/{target session}", None, Who::ItAdmin),
    ("DELETE", "/people/{target}/sessions", None, Who::ItAdmin),
    ("GET", "/people/{target}/factors", None, Who::ItAdmin),
    ("DELETE", "/people/{target}/factors", None, Who::ItAdmin),
    ("PUT", "/people/{target}/emergency", Some(r#"{"emergency":false}"#), Who::ItAdmin),
    ("GET", "/sources", None, Who::ItAdmin),
    // What is missing or wrong answers 422 to those who may, so that it is not mistaken for the 404 of those who may not.
    ("POST", "/sources", Some(SOURCE), Who::ItAdmin),
    ("POST", "/sources/test", Some(SOURCE), Who::ItAdmin),
    ("PUT", "/sources/{source}", Some(SOURCE), Who::ItAdmin),
    ("DELETE", "/sources/{source}", None, Who::ItAdmin),
    ("GET", "/sources/{source}/syncs", None, Who::ItAdmin),
    // 422: there is no such word.
    ("POST", "/sources/{source}/syncs", Some(r#"{"dry":"perhaps"}"#), Who::ItAdmin),
    ("GET", "/syncs/{sync}", None, Who::ItAdmin),
    ("GET", "/sources/{writing}/tokens", None, Who::ItAdmin),
    // 422: it would be over before it begins.
    (
        "POST",
        "/sources/{writing}/tokens",
        Some(r#"{"name":"{fresh}","write":false,"expires_at":1}"#),
        Who::ItAdmin,
    ),
    ("DELETE", "/sources/{writing}/tokens/{token}", None, Who::ItAdmin),
    // Nobody's provider: it proves nothing, and learns nothing.
    ("POST", "/sources/{source}/logout", Some("logout_token=x"), Who::Anybody),
    ("POST", "/session/begin", Some(r#"{"source":"{source}"}"#), Who::Anybody),
    ("POST", "/session/return", Some(r#"{"code":"x","state":"x"}"#), Who::Anybody),
    ("GET", "/people/{target}/identities", None, Who::Reader),
    (
        "POST",
        "/identities",
        Some(r#"{"source":"{source}","subject":"{fresh}","person":"{target}"}"#),
        Who::ItAdmin,
    ),
    (
        "POST",
        "/identities/remove",
        Some(r#"{"source":"{source}","subject":"{linked}","person":"{target}"}"#),
        Who::ItAdmin,
    ),
    ("GET", "/groups", None, Who::Reader),
    ("POST", "/groups", Some(r#"{"name":"{fresh}"}"#), Who::ItAdmin),
    ("PUT", "/groups/{group}", Some(r#"{"name":"A group","was":"A group"}"#), Who::ItAdmin),
    ("DELETE", "/groups/{group}", None, Who::ItAdmin),
    ("GET", "/groups/{group}/members", None, Who::Reader),
    ("POST", "/groups/{group}/members", Some(r#"{"add":["{target}"]}"#), Who::ItAdmin),
    ("PUT", "/groups/{group}/roles", Some(r#"{"roles":[]}"#), Who::ItAdmin),
    ("POST", "/search", Some(r#"{"query":"hello"}"#), Who::Chatting),
    ("GET", "/review/waiting", None, Who::Officer),
    ("GET", "/review/waiting/count", None, Who::Officer),
    ("GET", "/review/waiting/{attempt}/context", None, Who::Officer),
    ("POST", "/review/waiting/{attempt}/release", Some(r#"{"unknown":1}"#), Who::Officer),
    ("POST", "/review/waiting/{attempt}/refuse", Some(r#"{"words":""}"#), Who::Officer),
    ("GET", "/review/backtests?rule=cards", None, Who::Officer),
    ("POST", "/review/backtests", Some(r#"{"rule":{},"days":1,"reason":""}"#), Who::Officer),
    ("GET", "/review/backtests/{backtest}", None, Who::Officer),
    ("GET", "/review/backtests/{backtest}/samples", None, Who::Officer),
    ("DELETE", "/review/backtests/{backtest}", None, Who::Officer),
    ("POST", "/compliance/searches", Some(r#"{"reason":"audit","query":"hello"}"#), Who::Officer),
    // Without a reason: 422 for those who may, so that it is not mistaken for the 404 of those who may not.
    ("POST", "/compliance/conversations", Some(r#"{"reason":""}"#), Who::Officer),
    ("POST", "/compliance/searches/{search}/pages", Some(r#"{"after":"{message}"}"#), Who::Officer),
    ("POST", "/compliance/searches/{search}/context", Some(r#"{"message":"{message}"}"#), Who::Officer),
    ("GET", "/policy/items", None, Who::Officer),
    ("GET", "/policy/items/{kind}/{list}", None, Who::Officer),
    ("GET", "/policy/items/{kind}/{list}/versions", None, Who::Officer),
    (
        "PUT",
        "/policy/items/{kind}/{fresh}/draft",
        Some(r#"{"content":{"kind":"list","entries":["{fresh}"]}}"#),
        Who::Officer,
    ),
    // 409: it has no draft.
    ("DELETE", "/policy/items/{kind}/{list}/draft?expected=1", None, Who::Officer),
    ("GET", "/policy/packs", None, Who::Officer),
    ("POST", "/policy/packs/{pack}", None, Who::Officer),
    // Without a reason: 422.
    ("POST", "/policy/requests", Some(r#"{"items":[],"reason":""}"#), Who::Officer),
    ("GET", "/approvals", None, Who::Reader),
    ("GET", "/approvals/count", None, Who::Reader),
    // Of the policy, and that an identity be linked to the account of an officer, or of an administrator.
    ("GET", "/approvals/{request}", None, Who::Officer),
    ("GET", "/approvals/{officer's}", None, Who::Reader),
    ("GET", "/approvals/{admin's}", None, Who::Reader),
    ("POST", "/approvals/{request}/agree", None, Who::Lead),
    ("POST", "/approvals/{officer's}/agree", None, Who::Lead),
    ("POST", "/approvals/{admin's}/agree", None, Who::ItAdmin),
    // Without words: 422.
    ("POST", "/approvals/{request}/refuse", Some(r#"{"words":""}"#), Who::Lead),
    // 409: somebody else asked.
    ("POST", "/approvals/{request}/withdraw", None, Who::Officer),
    ("POST", "/approvals/{officer's}/withdraw", None, Who::Reader),
    ("GET", "/overview", None, Who::Overseer),
    ("GET", "/health", None, Who::Reader),
    ("GET", "/audit", None, Who::Overseer),
    ("GET", "/audit/news", None, Who::Overseer),
    ("GET", "/audit/{seen}", None, Who::Overseer),
    ("POST", "/audit/export", Some(r#"{"form":"csv"}"#), Who::Overseer),
];

/// A source without an issuer.
const SOURCE: &str = r#"{"name":"{fresh}","enabled":false,"admission":{"create":false,"roles":["employee"]},"kind":"oidc","settings":{}}"#;
