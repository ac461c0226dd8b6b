//! `docs/protocol.schema.json` is what the types say. After a change of the types:
//! `CHANCERY_REWRITE=1 cargo test -p chancery-protocol --test schema`.

use chancery_protocol::{
    acceptance, accounts, approvals, audit, command, factors, frame, groups, http, mail_settings, operations,
    policy, problem, search, sources, tokens,
};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    macro_rules! types {
        ($($type:ty),* $(,)?) => { $(generator.subschema_for::<$type>();)* };
    }
    types!(
        command::Request,
        frame::Frame,
        problem::Problem,
        http::ServerInfo,
        http::SignIn,
        http::SessionInfo,
        http::BeginSignIn,
        http::SignInBegun,
        http::FinishSignIn,
        http::SignInFinished,
        http::SignedOut,
        http::Confirm,
        http::ConfirmWays,
        tokens::AccessTokens,
        tokens::IssueAccessToken,
        tokens::AccessTokenIssued,
        tokens::MakeBot,
        tokens::BotMade,
        tokens::SetBotOwner,
        sources::Sources,
        sources::SetSource,
        sources::SourceMade,
        sources::TestSource,
        sources::SourceTested,
        sources::IssueToken,
        sources::SourceTokens,
        sources::TokenIssued,
        sources::StartSync,
        sources::SyncReport,
        sources::SyncStarted,
        sources::Syncs,
        sources::Identities,
        sources::LinkIdentity,
        sources::NewIdentity,
        mail_settings::MailSettings,
        mail_settings::SetMail,
        mail_settings::TestMail,
        mail_settings::MailTested,
        mail_settings::MailPreviewQuery,
        mail_settings::MailPreview,
        groups::Groups,
        groups::GroupMembers,
        groups::MakeGroup,
        groups::GroupMade,
        groups::RenameGroup,
        groups::ChangeGroupMembers,
        groups::SetGroupRoles,
        policy::Items,
        policy::Item,
        policy::Versions,
        policy::SaveDraft,
        policy::DraftSaved,
        policy::DropDraft,
        policy::Packs,
        policy::PackTaken,
        policy::AskForPolicy,
        approvals::RequestMade,
        approvals::ApprovalQuery,
        approvals::Approvals,
        approvals::ApprovalDetail,
        approvals::ApprovalCount,
        approvals::RefuseRequest,
        factors::Factors,
        factors::AddFactor,
        factors::TotpBegun,
        factors::FinishTotp,
        factors::PasskeyBegun,
        factors::FinishPasskey,
        factors::RemoveFactor,
        factors::SecondStep,
        factors::FinishSecondStep,
        factors::SetEmergency,
        http::Sessions,
        http::ChangePassword,
        http::LinkToken,
        http::LinkInfo,
        http::RedeemLink,
        accounts::AccountQuery,
        accounts::ChangePerson,
        accounts::Bulk,
        accounts::BulkAnswer,
        http::Accounts,
        http::Invite,
        http::Invited,
        http::IssueLink,
        http::IssuedLink,
        http::SetRoles,
        search::OwnSearch,
        search::OwnFound,
        search::ComplianceSearch,
        search::NextPage,
        search::ComplianceFound,
        search::ContextRequest,
        search::Context,
        search::FindConversations,
        search::ConversationsFound,
        acceptance::PolicyStanding,
        acceptance::AnswerPolicy,
        acceptance::PolicyTexts,
        acceptance::AcceptanceQuery,
        acceptance::Acceptances,
        audit::AuditQuery,
        audit::AuditPage,
        audit::AuditNews,
        audit::AuditDetail,
        audit::AuditExport,
        operations::OverviewQuery,
        operations::Overview,
        operations::Health,
        operations::Readiness,
    );
    let definitions: Map<String, Value> = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Chancery, protocol version 1",
        "description": "A client sends Request over the socket and reads Frame; the other types are bodies of \
                        the HTTP interface. See protocol.md.",
        "$defs": definitions,
    })
}

#[test]
fn the_schema_on_file_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.schema.json");
    let now = schema();
    if std::env::var_os("CHANCERY_REWRITE").is_some() {
        std::fs::write(path, format!("{now:#}\n")).unwrap();
    }
    let on_file = std::fs::read_to_string(path).unwrap_or_default();
    let on_file: Value = serde_json::from_str(&on_file).unwrap_or_default();
    assert!(
        on_file == now,
        "docs/protocol.schema.json differs from the types; rewrite it with CHANCERY_REWRITE=1 and look at the diff"
    );
}

#[test]
fn every_named_type_of_the_socket_is_in_it() {
    let schema = schema();
    for name in ["Request", "Command", "Frame", "Answer", "Event", "Change", "Message", "Content", "Problem"]
    {
        assert!(schema["$defs"].get(name).is_some(), "{name}");
    }
}
