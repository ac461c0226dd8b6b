//! What may be done, and by whom: the one fixed table, and the one function that decides by it.
//!
//! Roles add up. Duties are separated: whoever runs accounts reads no messages by that role. Reading comes from
//! membership; officers read by searching, for a reason, and every reading of theirs is on record.

use chancery_protocol::person::Role;
use chancery_protocol::tokens::Scope;

use crate::directory::Roles;

/// An act as a type, for [`super::Guard`].
pub trait Marker: 'static {
    /// Which.
    const ACT: Act;
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident: $roles:ident;)*) => {
        /// Something a signed-in person may want to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act { $($(#[$doc])* $name,)* }

        impl Act {
            /// Every act.
            pub const ALL: &'static [Act] = &[$(Act::$name,)*];

            /// Who may: anybody with one of these roles.
            pub const fn roles(self) -> Roles { match self { $(Act::$name => $roles,)* } }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl Marker for $name { const ACT: Act = Act::$name; }
        )*
    };
}

const EVERYBODY: Roles = Roles::of(&Role::ALL);
const CHATTING: Roles = Roles::of(&[Role::Employee, Role::Guest]);
const EMPLOYEES: Roles = Roles::of(&[Role::Employee]);
const IT_ADMINS: Roles = Roles::of(&[Role::ItAdmin]);
const OFFICERS: Roles = Roles::of(&[Role::ComplianceOfficer, Role::ComplianceLead]);
const LEADS: Roles = Roles::of(&[Role::ComplianceLead]);
const LEADS_AND_ADMINS: Roles = Roles::of(&[Role::ItAdmin, Role::ComplianceLead]);
const AUDITORS: Roles = Roles::of(&[Role::ComplianceLead, Role::Auditor]);
const OVERSEERS: Roles =
    Roles::of(&[Role::ItAdmin, Role::ComplianceOfficer, Role::ComplianceLead, Role::Auditor]);
const OFFICERS_AND_ADMINS: Roles = Roles::of(&[Role::ItAdmin, Role::ComplianceOfficer, Role::ComplianceLead]);

acts! {
    /// See and end one's own sessions.
    OwnSessions: EVERYBODY;
    /// Change one's own password.
    OwnPassword: EVERYBODY;
    /// See, issue and revoke one's own access tokens.
    OwnTokens: EVERYBODY;
    /// See, add and remove one's own second factors.
    OwnFactors: EVERYBODY;
    /// Read the policy text, and accept or decline it.
    OwnPolicy: EVERYBODY;
    /// See pictures of people whom one may see.
    SeePhotos: EVERYBODY;
    /// See accounts: who there is, what they may do, whether they sign in.
    ReadAccounts: OFFICERS_AND_ADMINS;
    /// Make an account and issue its invitation.
    InvitePerson: IT_ADMINS;
    /// Issue a link with which a person chooses a new password.
    ResetPassword: IT_ADMINS;
    /// Change what a person is called.
    RenamePerson: IT_ADMINS;
    /// Say who answers for a guest, and until when the guest is here.
    SetGuest: IT_ADMINS;
    /// Give and take roles.
    SetRoles: IT_ADMINS;
    /// Do to several people at once what may be done to one.
    BulkAccounts: IT_ADMINS;
    /// Suspend and reinstate accounts.
    SuspendPerson: IT_ADMINS;
    /// Read where another person is signed in; recorded.
    ReadSessions: IT_ADMINS;
    /// End another person's sessions.
    EndSessions: IT_ADMINS;
    /// See which second factors another person has.
    ReadFactors: IT_ADMINS;
    /// Remove the second factors of somebody who lost them.
    RemoveFactors: IT_ADMINS;
    /// Say which accounts are for the day the sources are away.
    SetEmergency: IT_ADMINS;
    /// See where people come from besides accounts made here.
    ReadSources: IT_ADMINS;
    /// Set up where people come from, and try it out.
    SetSources: IT_ADMINS;
    /// See how mail is set up, without its secrets, and what mails look like.
    ReadMail: IT_ADMINS;
    /// Set up mail, and try it out.
    SetMail: IT_ADMINS;
    /// Link people's ways of signing in elsewhere to their accounts, and take them off.
    LinkIdentities: IT_ADMINS;
    /// See other people's access tokens, and revoke them.
    RevokeTokens: IT_ADMINS;
    /// Make bots, say who answers for them, and issue their tokens.
    RunBots: IT_ADMINS;
    /// Make groups, say who is in those made here, and what the members of any may do.
    SetGroups: IT_ADMINS;
    /// See where one's own mails go, and why they went or did not.
    OwnMail: CHATTING;
    /// Hold a socket open.
    OpenSocket: CHATTING;
    /// Read conversations one is a member of.
    ReadConversation: CHATTING;
    /// Write, change, react and acknowledge in conversations one is a member of.
    WriteMessage: CHATTING;
    /// Keep one's own marks and drafts, say that one is typing, set presence and status.
    OwnState: CHATTING;
    /// Look people up by id, and see their presence.
    SeePeople: CHATTING;
    /// Search all colleagues.
    FindPeople: EMPLOYEES;
    /// Begin direct talks and groups.
    BeginConversation: EMPLOYEES;
    /// Find and join open groups.
    JoinOpenGroup: EMPLOYEES;
    /// Change a group one owns: name, members, roles.
    ManageGroup: EMPLOYEES;
    /// Leave a group, or take a member out of one that one owns.
    LeaveGroup: CHATTING;
    /// Read the audit log: what one did oneself, and with [`Act::ReadWholeAudit`] all of it; recorded.
    ReadAudit: OVERSEERS;
    /// Read in the audit log what others did.
    ReadWholeAudit: AUDITORS;
    /// Search what one may see.
    SearchOwn: CHATTING;
    /// Search whatever was said, and look conversations up for it; recorded.
    SearchArchive: OFFICERS;
    /// Read a message that was found among its neighbours; recorded.
    ReadContext: OFFICERS;
    /// Read rules of acceptable use, the word lists they share and the policy text: what counts, drafts, what was, and what was
    /// asked for.
    ReadPolicy: OFFICERS;
    /// Write them, and ask that what was written counts.
    DraftPolicy: OFFICERS;
    /// Agree that what somebody else asked for counts, or refuse it.
    ApprovePolicy: LEADS;
    /// See what was asked for and needs a second person, as far as one may see what it is about.
    ReadRequests: OFFICERS_AND_ADMINS;
    /// Agree to what somebody else asked for, or refuse it. What exactly it is has an act of its own.
    DecideRequests: LEADS_AND_ADMINS;
    /// Agree that an identity is linked to the account of an officer, a lead or an auditor.
    ApproveIdentity: LEADS;
    /// Agree that an identity is linked to the account of an administrator who is none of these.
    ApproveAdminIdentity: IT_ADMINS;
    /// See what waits for review, and run rules over the archive; figures only.
    ReadReview: OFFICERS;
    /// Read texts that wait and what rules found, and decide; recorded.
    ReviewContent: OFFICERS;
    /// See every version of the policy text, and who accepted it.
    ReadPolicyText: OFFICERS_AND_ADMINS;
    /// See the server's figures.
    ReadOverview: OVERSEERS;
    /// See what is not protected, late or off.
    ReadHealth: OFFICERS_AND_ADMINS;
}

impl Act {
    /// The scope a token needs for it. Acts without one are done by people in a browser only: what shows messages to somebody who is
    /// no member, and what leads to more rights than the token has.
    pub const fn scope(self) -> Option<Scope> {
        Some(match self {
            Self::OpenSocket | Self::ReadConversation | Self::SearchOwn => Scope::MessagesRead,
            Self::WriteMessage | Self::OwnState => Scope::MessagesWrite,
            Self::BeginConversation | Self::JoinOpenGroup | Self::ManageGroup | Self::LeaveGroup => {
                Scope::ConversationsWrite
            }
            Self::SeePeople | Self::FindPeople | Self::SeePhotos => Scope::PeopleRead,
            Self::ReadAccounts => Scope::AccountsRead,
            Self::RenamePerson | Self::SuspendPerson | Self::EndSessions => Scope::AccountsWrite,
            Self::ReadAudit | Self::ReadWholeAudit => Scope::AuditRead,
            Self::ReadOverview | Self::ReadHealth => Scope::HealthRead,
            Self::OwnSessions
            | Self::OwnPassword
            | Self::OwnTokens
            | Self::OwnFactors
            | Self::ReadFactors
            | Self::RemoveFactors
            | Self::SetEmergency
            | Self::InvitePerson
            | Self::BulkAccounts
            | Self::ResetPassword
            | Self::SetGuest
            | Self::SetRoles
            | Self::ReadSessions
            | Self::ReadSources
            | Self::SetSources
            | Self::ReadMail
            | Self::SetMail
            | Self::LinkIdentities
            | Self::RevokeTokens
            | Self::RunBots
            | Self::SetGroups
            | Self::OwnMail
            | Self::OwnPolicy
            | Self::ReadPolicyText
            | Self::ReadPolicy
            | Self::DraftPolicy
            | Self::ApprovePolicy
            | Self::ReadRequests
            | Self::DecideRequests
            | Self::ApproveIdentity
            | Self::ApproveAdminIdentity
            | Self::SearchArchive
            | Self::ReadContext
            | Self::ReadReview
            | Self::ReviewContent => return None,
        })
    }

    /// Whether it is done in chatting only: not before the policy text is accepted.
    pub const fn chats(self) -> bool {
        !self.roles().meets(OVERSEERS)
    }

    /// Whether it shows messages to somebody who is no member. Where a fresh sign-in is wanted, it is wanted for these.
    pub const fn shows_content(self) -> bool {
        matches!(self, Self::SearchArchive | Self::ReadContext | Self::ReviewContent)
    }
}

/// Whether roles allow an act. Everything is decided here.
pub const fn decide(roles: Roles, act: Act) -> bool {
    roles.meets(act.roles())
}

/// Whether roles let somebody do more than chat.
pub const fn has_duty(roles: Roles) -> bool {
    roles.meets(OVERSEERS)
}

/// The acts that open a page of the console.
const CONSOLE: &[Act] = &[Act::ReadOverview, Act::ReadAccounts, Act::SearchArchive, Act::ReadAudit];

/// Whether roles open any page of the console.
pub fn opens_console(roles: Roles) -> bool {
    CONSOLE.iter().any(|act| decide(roles, *act))
}

/// What every command of the socket is an act of, by its tag.
pub const SOCKET_ACTS: &[(&str, Act)] = &[
    ("ping", Act::OpenSocket),
    ("history", Act::ReadConversation),
    ("fill", Act::ReadConversation),
    ("members", Act::ReadConversation),
    ("find_people", Act::FindPeople),
    ("people", Act::SeePeople),
    ("send", Act::WriteMessage),
    ("edit", Act::WriteMessage),
    ("confirm", Act::WriteMessage),
    ("attempts", Act::ReadConversation),
    ("take_back", Act::WriteMessage),
    ("delete", Act::WriteMessage),
    ("restore", Act::WriteMessage),
    ("react", Act::WriteMessage),
    ("acknowledge", Act::WriteMessage),
    ("open_direct", Act::BeginConversation),
    ("line", Act::ReadConversation),
    ("find_open", Act::JoinOpenGroup),
    ("create_group", Act::BeginConversation),
    ("describe", Act::ManageGroup),
    ("add_members", Act::ManageGroup),
    ("join", Act::JoinOpenGroup),
    ("remove_member", Act::LeaveGroup),
    ("set_member_role", Act::ManageGroup),
    ("mark", Act::OwnState),
    ("received", Act::OwnState),
    ("watch_marks", Act::ReadConversation),
    ("typing", Act::WriteMessage),
    ("watch", Act::SeePeople),
    ("set_presence", Act::OwnState),
    ("set_status", Act::OwnState),
    ("save_preferences", Act::OwnState),
    ("save_draft", Act::OwnState),
];

/// The act of a command, by its tag; a command without one may be used by nobody.
pub fn socket_act(tag: &str) -> Option<Act> {
    SOCKET_ACTS.iter().find(|(known, _)| *known == tag).map(|(_, act)| *act)
}

#[cfg(test)]
mod tests {
    use chancery_protocol::command::Command;

    use super::*;

    fn allowed(role: Role) -> Vec<Act> {
        Act::ALL.iter().copied().filter(|act| decide(Roles::of(&[role]), *act)).collect()
    }

    #[test]
    fn every_socket_command_has_exactly_one_act() {
        let known: Vec<&str> = SOCKET_ACTS.iter().map(|(tag, _)| *tag).collect();
        assert_eq!(known, Command::TAGS, "SOCKET_ACTS lists the commands of the protocol, in its order");
        assert_eq!(socket_act("no_such_command"), None);
    }

    #[test]
    fn no_role_allows_nothing() {
        for act in Act::ALL {
            assert!(!decide(Roles::default(), *act), "{act:?}");
        }
    }

    #[test]
    fn duties_are_separated() {
        let own = [
            Act::OwnSessions,
            Act::OwnPassword,
            Act::OwnTokens,
            Act::OwnFactors,
            Act::OwnPolicy,
            Act::SeePhotos,
        ];
        let with_own = |acts: &[Act]| [&own, acts].concat();
        assert_eq!(
            allowed(Role::Auditor),
            with_own(&[Act::ReadAudit, Act::ReadWholeAudit, Act::ReadOverview]),
            "what was done, and figures"
        );
        let searching = [Act::SearchArchive, Act::ReadContext];
        let drafting = [Act::ReadPolicy, Act::DraftPolicy];
        let agreeing = [Act::ApprovePolicy, Act::ReadRequests, Act::DecideRequests, Act::ApproveIdentity];
        let reviewing = [Act::ReadReview, Act::ReviewContent];
        let seeing = [Act::ReadPolicyText, Act::ReadOverview, Act::ReadHealth];
        let reading = [&searching[..], &drafting, &[Act::ReadRequests], &reviewing, &seeing].concat();
        let leading = [&searching[..], &drafting, &agreeing, &reviewing, &seeing].concat();
        assert_eq!(
            allowed(Role::ComplianceOfficer),
            with_own(&[&[Act::ReadAccounts, Act::ReadAudit], &reading[..]].concat()),
            "accounts, messages on record, drafts of rules, how the server is, and their own acts"
        );
        assert_eq!(
            allowed(Role::ComplianceLead),
            with_own(&[&[Act::ReadAccounts, Act::ReadAudit, Act::ReadWholeAudit], &leading[..]].concat()),
            "and everybody's acts, and what others ask for"
        );
        let admin = allowed(Role::ItAdmin);
        assert!(!admin.contains(&Act::ReadConversation) && !admin.contains(&Act::OpenSocket));
        assert!(!admin.contains(&Act::SearchArchive) && !admin.contains(&Act::ReadContext));
        assert!(!admin.contains(&Act::ReadWholeAudit));
        assert!(admin.contains(&Act::SuspendPerson));
        assert!(admin.contains(&Act::ApproveAdminIdentity) && !admin.contains(&Act::ApproveIdentity));
        assert!(!admin.contains(&Act::ReadPolicy) && !admin.contains(&Act::ApprovePolicy));
        let employee = allowed(Role::Employee);
        assert!(employee.contains(&Act::BeginConversation) && !employee.contains(&Act::ReadAccounts));
    }

    #[test]
    fn what_is_done_in_chatting_waits_for_the_policy() {
        for act in
            [Act::OpenSocket, Act::ReadConversation, Act::SearchOwn, Act::FindPeople, Act::JoinOpenGroup]
        {
            assert!(act.chats(), "{act:?}");
        }
        for act in [Act::OwnSessions, Act::OwnPolicy, Act::SeePhotos, Act::SearchArchive, Act::SetRoles] {
            assert!(!act.chats(), "{act:?}");
        }
        for (tag, act) in SOCKET_ACTS {
            assert!(act.chats(), "{tag}");
        }
    }

    #[test]
    fn the_console_opens_for_those_who_find_something_in_it() {
        for role in Role::ALL {
            let opens = !matches!(role, Role::Employee | Role::Guest);
            assert_eq!(opens_console(Roles::of(&[role])), opens, "{role:?}");
        }
    }

    #[test]
    fn guests_chat_where_they_are_named_only() {
        let guest = allowed(Role::Guest);
        assert!(guest.contains(&Act::WriteMessage));
        assert!(!guest.contains(&Act::FindPeople) && !guest.contains(&Act::BeginConversation));
    }
}
