//! Bodies of the plain HTTP interface, under `/api/v1`. Errors are [`crate::problem::Problem`].
//!
//! | Method and path | Body | Answer |
//! |---|---|---|
//! | `GET /server` | | [`ServerInfo`] |
//! | `POST /session` | [`SignIn`] | [`SessionInfo`], sets the cookie; 202 [`SecondStep`] for an account with second factors |
//! | `POST /session/second` | [`FinishSecondStep`] | [`SessionInfo`], sets the cookie |
//! | `GET /session` | | [`SessionInfo`] |
//! | `DELETE /session` | | [`SignedOut`], ends this session |
//! | `GET /session/confirm` | | [`ConfirmWays`] |
//! | `POST /session/confirm` | [`Confirm`] | 204, the same session goes on; or 202 [`SecondStep`] |
//! | `POST /session/begin` | [`BeginSignIn`] | [`SignInBegun`], sets a cookie for the way back |
//! | `POST /session/return` | [`FinishSignIn`] | [`SignInFinished`], sets the cookie |
//! | `GET /sessions` | | [`Sessions`] of oneself |
//! | `DELETE /sessions/{session}` | | 204 |
//! | `GET /tokens` | | [`AccessTokens`] of oneself |
//! | `POST /tokens` | [`IssueAccessToken`] | 201 [`AccessTokenIssued`] |
//! | `DELETE /tokens/{token}` | | 204 |
//! | `GET /policy/text` | | [`PolicyStanding`] |
//! | `POST /policy/accept` | [`AnswerPolicy`] | [`PolicyStanding`] |
//! | `POST /policy/decline` | [`AnswerPolicy`] | [`SignedOut`], ends this session |
//! | `GET /policy/text/versions` | | [`PolicyTexts`] (IT admin, officer, lead) |
//! | `GET /policy/acceptances` | [`AcceptanceQuery`] in the address | [`Acceptances`] (IT admin, officer, lead) |
//! | `GET /policy/acceptances/file` | `version` in the address, or the newest | CSV (IT admin, officer, lead) |
//! | `POST /password` | [`ChangePassword`] | 204, ends the other sessions |
//! | `POST /links/inspect` | [`LinkToken`] | [`LinkInfo`] |
//! | `POST /links/redeem` | [`RedeemLink`] | [`SessionInfo`], sets the cookie; 202 [`SecondStep`] for an account with second factors |
//! | `GET /factors` | | [`Factors`] of oneself |
//! | `POST /factors/totp` | [`AddFactor`] | [`TotpBegun`] |
//! | `POST /factors/totp/finish` | [`FinishTotp`] | 201 [`Factor`] |
//! | `POST /factors/passkeys` | [`AddFactor`] | [`PasskeyBegun`] |
//! | `POST /factors/passkeys/finish` | [`FinishPasskey`] | 201 [`Factor`] |
//! | `POST /factors/{factor}/remove` | [`RemoveFactor`] | 204 |
//! | `GET /people` | [`AccountQuery`] in the address | [`Accounts`] (IT admin, officer, lead) |
//! | `POST /people` | [`Invite`] | 201 [`Invited`] (IT admin) |
//! | `POST /people/bulk` | [`Bulk`] | [`BulkAnswer`] (IT admin) |
//! | `GET /people/{person}` | | [`Account`] (IT admin, officer, lead) |
//! | `PUT /people/{person}` | [`ChangePerson`] | 204: the name, the e-mail address (IT admin) |
//! | `POST /people/{person}/reset` | [`IssueLink`] in the address | 201 [`IssuedLink`] (IT admin) |
//! | `PUT /people/{person}/guest` | [`GuestTerms`] | 204 (IT admin) |
//! | `PUT /people/{person}/roles` | [`SetRoles`] | 204 (IT admin) |
//! | `POST /people/{person}/suspend` | | 204 (IT admin) |
//! | `POST /people/{person}/reinstate` | | 204 (IT admin) |
//! | `GET /people/{person}/photo` | | a JPEG of 128 by 128 pixels; `ETag` and `If-None-Match` ([`Person::photo`]); 404 without a picture, and for guests of people they share no conversation with |
//! | `GET /people/{person}/sessions` | | [`Sessions`] (IT admin, recorded) |
//! | `DELETE /people/{person}/sessions` | | 204, all of them (IT admin) |
//! | `DELETE /people/{person}/sessions/{session}` | | 204 (IT admin) |
//! | `GET /people/{person}/tokens` | | [`AccessTokens`] (IT admin) |
//! | `POST /people/{person}/tokens` | [`IssueAccessToken`] | 201 [`AccessTokenIssued`], bots only (IT admin) |
//! | `DELETE /people/{person}/tokens/{token}` | | 204 (IT admin) |
//! | `POST /bots` | [`MakeBot`] | 201 [`BotMade`] (IT admin) |
//! | `PUT /bots/{bot}/owner` | [`SetBotOwner`] | 204 (IT admin) |
//! | `GET /people/{person}/factors` | | [`Factors`] (IT admin) |
//! | `DELETE /people/{person}/factors` | | 204, all of them; ends the sessions (IT admin) |
//! | `PUT /people/{person}/emergency` | [`SetEmergency`] | 204 (IT admin) |
//! | `GET /people/{person}/identities` | | [`Identities`] (IT admin, officer, lead) |
//! | `POST /identities` | [`NewIdentity`] | 204 linked; 202 [`RequestMade`] where a second person has to agree (IT admin) |
//! | `POST /identities/remove` | [`LinkIdentity`] | 204 (IT admin) |
//! | `GET /sources` | | [`Sources`] (IT admin) |
//! | `POST /sources` | [`SetSource`] | 201 [`SourceMade`] (IT admin) |
//! | `POST /sources/test` | [`TestSource`] | [`SourceTested`] (IT admin) |
//! | `PUT /sources/{source}` | [`SetSource`] | 204 (IT admin) |
//! | `DELETE /sources/{source}` | | 204 (IT admin) |
//! | `GET /sources/{source}/syncs` | | [`Syncs`] (IT admin) |
//! | `POST /sources/{source}/syncs` | [`StartSync`] | 202 [`SyncStarted`] (IT admin) |
//! | `GET /syncs/{sync}` | | [`SyncReport`] (IT admin) |
//! | `GET /sources/{source}/tokens` | | [`SourceTokens`] (IT admin) |
//! | `POST /sources/{source}/tokens` | [`IssueToken`] | 201 [`TokenIssued`] (IT admin) |
//! | `DELETE /sources/{source}/tokens/{token}` | | 204 (IT admin) |
//! | `POST /sources/{source}/logout` | a form with `logout_token` | 200; from the provider itself |
//! | `GET /groups` | | [`Groups`] (IT admin, officer, lead) |
//! | `GET /groups/{group}/members` | | [`GroupMembers`] (IT admin, officer, lead) |
//! | `POST /groups` | [`MakeGroup`] | 201 [`GroupMade`] (IT admin) |
//! | `PUT /groups/{group}` | [`RenameGroup`] | 204 (IT admin) |
//! | `DELETE /groups/{group}` | | 204 (IT admin) |
//! | `POST /groups/{group}/members` | [`ChangeGroupMembers`] | 204 (IT admin) |
//! | `PUT /groups/{group}/roles` | [`SetGroupRoles`] | 204 (IT admin) |
//! | `GET /mail/mine` | | [`OwnMail`] |
//! | `GET /mail/decisions` | [`DecisionQuery`] in the address | [`Decisions`] |
//! | `GET /mail/decisions/{person}` | [`DecisionQuery`] in the address | [`Decisions`] (IT admin, recorded) |
//! | `GET /mail/outbox` | [`OutboxQuery`] in the address | [`Outbox`] (IT admin) |
//! | `POST /mail/outbox/{mail}/retry` | | 204 (IT admin) |
//! | `GET /mail/settings` | | [`MailSettings`] (IT admin) |
//! | `PUT /mail/settings` | [`SetMail`] | [`MailSettings`] (IT admin) |
//! | `POST /mail/test` | [`TestMail`] | [`MailTested`] (IT admin) |
//! | `GET /mail/preview` | [`MailPreviewQuery`] in the address | [`MailPreview`] (IT admin) |
//! | `GET /mail/preview/page` | [`MailPreviewQuery`] in the address | the HTML of it, under a policy of its own (IT admin) |
//! | `POST /search` | [`OwnSearch`] | [`OwnFound`] |
//! | `GET /review/waiting` | [`WaitingQuery`] in the address | [`WaitingPage`] (officer, lead, recorded) |
//! | `GET /review/waiting/count` | | [`WaitingCount`] (officer, lead) |
//! | `GET /review/waiting/{attempt}/context` | | [`WaitingContext`] (officer, lead, recorded) |
//! | `POST /review/waiting/{attempt}/release` | [`Release`] | 204 (officer, lead; not the author) |
//! | `POST /review/waiting/{attempt}/refuse` | [`Refuse`] | 204 (officer, lead; not the author) |
//! | `GET /review/backtests` | [`BacktestQuery`] in the address | [`Backtests`] (officer, lead) |
//! | `POST /review/backtests` | [`StartBacktest`] | 202 [`Backtest`] (officer, lead, recorded) |
//! | `GET /review/backtests/{backtest}` | | [`Backtest`] (officer, lead) |
//! | `DELETE /review/backtests/{backtest}` | | 204 (officer, lead) |
//! | `GET /review/backtests/{backtest}/samples` | | [`BacktestSamples`] (officer, lead, recorded) |
//! | `POST /compliance/searches` | [`ComplianceSearch`] | [`ComplianceFound`] (officer, lead, recorded) |
//! | `POST /compliance/searches/{search}/pages` | [`NextPage`] | [`ComplianceFound`] (officer, lead, recorded) |
//! | `POST /compliance/searches/{search}/context` | [`ContextRequest`] | [`Context`] (officer, lead, recorded) |
//! | `POST /compliance/conversations` | [`FindConversations`] | [`ConversationsFound`] (officer, lead, recorded) |
//! | `GET /policy/items` | | [`crate::policy::Items`] (officer, lead) |
//! | `GET /policy/items/{kind}/{name}` | | [`crate::policy::Item`] (officer, lead) |
//! | `GET /policy/items/{kind}/{name}/versions` | | [`crate::policy::Versions`] (officer, lead) |
//! | `PUT /policy/items/{kind}/{name}/draft` | [`crate::policy::SaveDraft`], up to 4 MiB | [`crate::policy::DraftSaved`] (officer, lead) |
//! | `DELETE /policy/items/{kind}/{name}/draft` | [`crate::policy::DropDraft`] in the address | 204 (officer, lead) |
//! | `GET /policy/packs` | | [`crate::policy::Packs`] (officer, lead) |
//! | `POST /policy/packs/{pack}` | | [`crate::policy::PackTaken`] (officer, lead) |
//! | `POST /policy/requests` | [`crate::policy::AskForPolicy`] | 201 [`crate::approvals::RequestMade`] (officer, lead) |
//! | `GET /approvals` | [`crate::approvals::ApprovalQuery`] in the address | [`crate::approvals::Approvals`] (officer, lead: all; IT admin: of identities) |
//! | `GET /approvals/count` | | [`crate::approvals::ApprovalCount`] (as above) |
//! | `GET /approvals/{request}` | | [`crate::approvals::ApprovalDetail`] (as above) |
//! | `POST /approvals/{request}/agree` | | 204, done (lead; of administrators' identities IT admin; not the asker, not the owner) |
//! | `POST /approvals/{request}/refuse` | [`crate::approvals::RefuseRequest`] | 204 (as above) |
//! | `POST /approvals/{request}/withdraw` | | 204, one's own (officer, lead, IT admin) |
//! | `GET /audit` | query [`AuditQuery`] | [`AuditPage`]; on record (officers, IT admins: their own acts; leads, auditors: all) |
//! | `GET /audit/news` | query [`AuditQuery`] | [`AuditNews`] (as above) |
//! | `GET /audit/{position}` | | [`AuditDetail`]; on record (as above) |
//! | `POST /audit/export` | [`AuditExport`] | a file, CSV or JSON Lines; on record (as above) |
//! | `GET /overview` | [`OverviewQuery`] in the address | [`Overview`] (officer, lead, IT admin, auditor) |
//! | `GET /health` | | [`Health`] (officer, lead, IT admin) |
//! | `GET /socket` | upgrade | the protocol |
//!
//! Programs send `Authorization: Bearer …` with an access token instead of the cookie; they need neither `Origin` nor the CSRF token, on
//! the socket only the subprotocol. What a token's scopes do not name answers `scope_missing`.
//!
//! Under `/scim/v2`, identity providers write by SCIM 2.0 who there is; tokens say for which source.
//!
//! [`PolicyStanding`]: crate::acceptance::PolicyStanding
//! [`AnswerPolicy`]: crate::acceptance::AnswerPolicy
//! [`PolicyTexts`]: crate::acceptance::PolicyTexts
//! [`AcceptanceQuery`]: crate::acceptance::AcceptanceQuery
//! [`Acceptances`]: crate::acceptance::Acceptances
//! [`AccessTokens`]: crate::tokens::AccessTokens
//! [`IssueAccessToken`]: crate::tokens::IssueAccessToken
//! [`AccessTokenIssued`]: crate::tokens::AccessTokenIssued
//! [`MakeBot`]: crate::tokens::MakeBot
//! [`BotMade`]: crate::tokens::BotMade
//! [`SetBotOwner`]: crate::tokens::SetBotOwner
//! [`SecondStep`]: crate::factors::SecondStep
//! [`FinishSecondStep`]: crate::factors::FinishSecondStep
//! [`Factors`]: crate::factors::Factors
//! [`Factor`]: crate::factors::Factor
//! [`AddFactor`]: crate::factors::AddFactor
//! [`TotpBegun`]: crate::factors::TotpBegun
//! [`FinishTotp`]: crate::factors::FinishTotp
//! [`PasskeyBegun`]: crate::factors::PasskeyBegun
//! [`FinishPasskey`]: crate::factors::FinishPasskey
//! [`RemoveFactor`]: crate::factors::RemoveFactor
//! [`SetEmergency`]: crate::factors::SetEmergency
//! [`Identities`]: crate::sources::Identities
//! [`LinkIdentity`]: crate::sources::LinkIdentity
//! [`NewIdentity`]: crate::sources::NewIdentity
//! [`RequestMade`]: crate::approvals::RequestMade
//! [`Sources`]: crate::sources::Sources
//! [`SetSource`]: crate::sources::SetSource
//! [`SourceMade`]: crate::sources::SourceMade
//! [`TestSource`]: crate::sources::TestSource
//! [`SourceTested`]: crate::sources::SourceTested
//! [`Syncs`]: crate::sources::Syncs
//! [`StartSync`]: crate::sources::StartSync
//! [`SyncStarted`]: crate::sources::SyncStarted
//! [`SyncReport`]: crate::sources::SyncReport
//! [`SourceTokens`]: crate::sources::SourceTokens
//! [`IssueToken`]: crate::sources::IssueToken
//! [`TokenIssued`]: crate::sources::TokenIssued
//! [`Groups`]: crate::groups::Groups
//! [`GroupMembers`]: crate::groups::GroupMembers
//! [`MakeGroup`]: crate::groups::MakeGroup
//! [`GroupMade`]: crate::groups::GroupMade
//! [`RenameGroup`]: crate::groups::RenameGroup
//! [`ChangeGroupMembers`]: crate::groups::ChangeGroupMembers
//! [`SetGroupRoles`]: crate::groups::SetGroupRoles
//! [`OwnMail`]: crate::mail::OwnMail
//! [`DecisionQuery`]: crate::mail::DecisionQuery
//! [`Decisions`]: crate::mail::Decisions
//! [`OutboxQuery`]: crate::mail::OutboxQuery
//! [`Outbox`]: crate::mail::Outbox
//! [`MailSettings`]: crate::mail_settings::MailSettings
//! [`SetMail`]: crate::mail_settings::SetMail
//! [`TestMail`]: crate::mail_settings::TestMail
//! [`MailTested`]: crate::mail_settings::MailTested
//! [`MailPreviewQuery`]: crate::mail_settings::MailPreviewQuery
//! [`MailPreview`]: crate::mail_settings::MailPreview
//! [`AccountQuery`]: crate::accounts::AccountQuery
//! [`Bulk`]: crate::accounts::Bulk
//! [`BulkAnswer`]: crate::accounts::BulkAnswer
//! [`ChangePerson`]: crate::accounts::ChangePerson
//! [`OwnSearch`]: crate::search::OwnSearch
//! [`OwnFound`]: crate::search::OwnFound
//! [`WaitingQuery`]: crate::review::WaitingQuery
//! [`WaitingPage`]: crate::review::WaitingPage
//! [`WaitingCount`]: crate::review::WaitingCount
//! [`WaitingContext`]: crate::review::WaitingContext
//! [`Release`]: crate::review::Release
//! [`Refuse`]: crate::review::Refuse
//! [`BacktestQuery`]: crate::review::BacktestQuery
//! [`Backtests`]: crate::review::Backtests
//! [`StartBacktest`]: crate::review::StartBacktest
//! [`Backtest`]: crate::review::Backtest
//! [`BacktestSamples`]: crate::review::BacktestSamples
//! [`ComplianceSearch`]: crate::search::ComplianceSearch
//! [`ComplianceFound`]: crate::search::ComplianceFound
//! [`NextPage`]: crate::search::NextPage
//! [`ContextRequest`]: crate::search::ContextRequest
//! [`Context`]: crate::search::Context
//! [`FindConversations`]: crate::search::FindConversations
//! [`ConversationsFound`]: crate::search::ConversationsFound
//! [`AuditQuery`]: crate::audit::AuditQuery
//! [`AuditPage`]: crate::audit::AuditPage
//! [`AuditNews`]: crate::audit::AuditNews
//! [`AuditDetail`]: crate::audit::AuditDetail
//! [`AuditExport`]: crate::audit::AuditExport
//! [`OverviewQuery`]: crate::operations::OverviewQuery
//! [`Overview`]: crate::operations::Overview
//! [`Health`]: crate::operations::Health

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::ids::{SessionId, SourceId};
use crate::person::{Person, Role};
use crate::sources::{SignInWay, SignInWays};

mod accounts;

pub use accounts::{Account, Accounts, GroupName, Invite, Invited, IssueLink, IssuedLink, SetRoles};

/// What anyone may know before signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerInfo {
    /// Name of the organisation, as configured.
    pub organisation: String,
    /// Host name people see, from `public_url`.
    pub host: String,
    /// Version of the server.
    pub version: String,
    /// Whether this is a demo with invented people.
    pub demo: bool,
    /// Whom to ask when one cannot sign in, as configured (an address or a sentence).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_desk: Option<String>,
    /// Hours a kept session lasts.
    pub session_hours: u32,
    /// The ways to sign in besides accounts made here.
    #[serde(default)]
    pub sign_in: SignInWays,
}

/// Sign in with a local account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The handle.
    pub username: String,
    /// The password.
    pub password: String,
    /// Whether the cookie outlives the browser window.
    #[serde(default)]
    pub keep: bool,
}

/// Sign in at a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginSignIn {
    /// Which.
    pub source: SourceId,
    /// The page to go on to, as a path; anything else is the first page.
    #[serde(default)]
    pub to: String,
    /// Whether the cookie outlives the browser window.
    #[serde(default)]
    pub keep: bool,
    /// Whether it confirms the session there is, instead of beginning one: the provider asks again who it is, whatever it
    /// remembers, and it must be the same person.
    #[serde(default)]
    pub confirm: bool,
    /// What the person typed already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
}

/// Where to go to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignInBegun {
    /// At the provider.
    pub url: String,
}

/// What the provider gave the browser to bring back: the query of the address it was sent to.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishSignIn {
    /// To be exchanged for who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Which sign-in it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Which provider it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Why there is no code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A sign-in at a provider that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignInFinished {
    /// The session.
    pub session: SessionInfo,
    /// The page to go on to.
    pub to: String,
    /// Whether it confirmed the session there was.
    #[serde(default)]
    pub confirmed: bool,
}

/// How the caller can prove again who they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ConfirmWays {
    /// Whether with their password, of an account made here or of a directory.
    pub password: bool,
    /// Providers they can be sent to.
    pub providers: Vec<SignInWay>,
}

/// Prove again who one is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The password.
    pub password: String,
}

/// Signed out here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SignedOut {
    /// Where to go to sign out at the provider too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The session of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionInfo {
    /// Which.
    pub session: SessionId,
    /// Whose.
    pub me: Person,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether any page of the console is open to them.
    #[serde(default)]
    pub console: bool,
    /// To be sent as `X-Chancery-CSRF` with every request that changes something, and on the socket.
    pub csrf: String,
    /// When it ends by itself.
    pub expires_at: Micros,
}

/// A person's sessions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sessions {
    /// They.
    pub sessions: Vec<Session>,
}

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// What it called itself (browser and system), shortened.
    pub device: String,
    /// Where it signed in from.
    pub address: String,
    /// When it began.
    pub created_at: Micros,
    /// When it was last heard of, to the minute.
    pub seen_at: Micros,
    /// When it ends by itself.
    pub expires_at: Micros,
    /// Whether it is the caller's own.
    pub current: bool,
}

/// A new password for oneself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present one.
    pub current: String,
    /// The new one.
    pub new: String,
}

/// What a one-time link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Makes the first administrator.
    Setup,
    /// Lets an invited person choose a password.
    Invitation,
    /// Lets a person choose a new password.
    Reset,
}

/// The secret part of a one-time link; it stands behind `#` in the address, so it is never in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    /// As in the address.
    pub token: String,
}

/// What a link would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkInfo {
    /// What for.
    pub kind: LinkKind,
    /// For whom; absent for set-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// Until when.
    pub expires_at: Micros,
}

/// Use a link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemLink {
    /// As in the address.
    pub token: String,
    /// The password chosen.
    pub password: String,
    /// Set-up only: handle of the first administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Set-up only: name of the first administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
