//! What a record is about. Numbers are for ever: a kind may be retired, its number is never used again.

use thiserror::Error;

/// A kind number this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("unknown record kind {0}")]
pub struct UnknownKind(pub u16);

macro_rules! kinds {
    ($(#[doc = $doc:literal] $name:ident = $number:literal, $text:literal;)*) => {
        /// The kind of a record; 1 to 999 belong to conversations, from 1000 on to system streams.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Kind { $(#[doc = $doc] $name = $number,)* }

        impl Kind {
            /// Every kind, in order of number.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];

            /// The number as it stands in a header.
            pub fn number(self) -> u16 { self as u16 }

            /// The stable name used in documents, exports and filters.
            pub fn name(self) -> &'static str { match self { $(Kind::$name => $text,)* } }

            /// What it means, in a sentence; the same as its documentation.
            pub fn meaning(self) -> &'static str { match self { $(Kind::$name => $doc.trim_ascii(),)* } }

            /// Whether it stands in the stream of a conversation, where every member may receive it.
            pub fn in_conversation(self) -> bool { self.number() < 1000 }
        }

        impl TryFrom<u16> for Kind {
            type Error = UnknownKind;
            fn try_from(number: u16) -> Result<Self, UnknownKind> {
                match number { $($number => Ok(Kind::$name),)* other => Err(UnknownKind(other)) }
            }
        }
    };
}

kinds! {
    /// A conversation begins, with its kind, name, topic and first members.
    ConversationCreated = 1, "conversation.created";
    /// Name, topic or openness of a conversation changed.
    ConversationDescribed = 2, "conversation.described";
    /// People became members of a conversation, by others or by themselves.
    MembersJoined = 10, "members.joined";
    /// The target person is no member any more, by others or by themselves.
    MemberLeft = 11, "member.left";
    /// What the target person may do in a conversation changed.
    MemberRoleSet = 12, "member.role";
    /// A message.
    Message = 100, "message";
    /// A new text for the target message.
    Edit = 101, "message.edited";
    /// The target message is no longer shown to members.
    Deletion = 102, "message.deleted";
    /// A deletion of the target message is taken back.
    Restore = 103, "message.restored";
    /// A reaction is put on the target message.
    ReactionAdded = 110, "reaction.added";
    /// A reaction is taken off the target message.
    ReactionRemoved = 111, "reaction.removed";
    /// Somebody says that they have read the target message, which asks for it.
    Acknowledged = 112, "message.acknowledged";
    /// The archive begins; the first record of every archive.
    ArchiveCreated = 1000, "archive.created";
    /// The wall clock stepped against the monotonic one by more than 5 s.
    ClockStepped = 1001, "clock.stepped";
    /// An account was made.
    PersonCreated = 1100, "person.created";
    /// Name, user name or roles of an account changed.
    PersonChanged = 1101, "person.changed";
    /// An account may no longer sign in; its sessions ended.
    PersonSuspended = 1102, "person.suspended";
    /// A suspended account may sign in again.
    PersonReinstated = 1103, "person.reinstated";
    /// A person's own status text changed.
    StatusSet = 1104, "person.status";
    /// Somebody answers for a bot from now on.
    BotOwnerSet = 1105, "bot.owner_set";
    /// Somebody from outside is here on these terms from now on: a sponsor, and an end.
    GuestSet = 1106, "guest.set";
    /// The picture of a person was set or taken away.
    PhotoSet = 1107, "person.photo_set";
    /// A mail to a person is handed to the mail server: from here on a copy of what it says is outside.
    MailHanded = 1108, "mail.handed";
    /// Why mails to a person went or did not was read by somebody else.
    MailDecisionsRead = 1109, "mail.decisions_read";
    /// A one-time link (set-up, invitation, reset) was issued.
    LinkIssued = 1110, "link.issued";
    /// A one-time link was used.
    LinkRedeemed = 1111, "link.redeemed";
    /// A password was set or changed.
    PasswordSet = 1112, "password.set";
    /// Somebody signed in.
    SignedIn = 1120, "session.started";
    /// A session was ended by its owner or by an administrator.
    SessionEnded = 1121, "session.ended";
    /// The list of another person's sessions was read.
    SessionsRead = 1122, "sessions.read";
    /// Somebody who was signed in proved again who they are.
    SessionConfirmed = 1123, "session.confirmed";
    /// An access token was issued: with it a program acts for the person, or as the bot.
    AccessTokenIssued = 1124, "access_token.issued";
    /// A source's way of knowing a person was linked to their account.
    IdentityLinked = 1130, "identity.linked";
    /// A source's way of knowing the target person was taken off their account.
    IdentityUnlinked = 1131, "identity.unlinked";
    /// A source proved who somebody is, and they were not let in.
    SignInRefused = 1132, "sign_in.refused";
    /// A group of people was made, renamed or given other roles.
    GroupSet = 1140, "group.set";
    /// People came into the target group or left it.
    GroupMembers = 1141, "group.members";
    /// A second factor of signing in was added to an account.
    FactorAdded = 1150, "factor.added";
    /// The target factor was removed, by its owner or by an administrator.
    FactorRemoved = 1151, "factor.removed";
    /// It was said whether the target account is one for emergencies, and from where it can be used.
    EmergencySet = 1160, "emergency.set";
    /// Somebody signed in with an account for emergencies.
    EmergencyUsed = 1161, "emergency.used";
    /// Somebody who knew the password tried an account for emergencies from where it cannot be used.
    EmergencyRefused = 1162, "emergency.refused";
    /// An officer searched what was said, and saw the first page.
    SearchRun = 1200, "search.run";
    /// An officer saw the next page of the target search.
    SearchPage = 1201, "search.page";
    /// An officer read the target message among its neighbours.
    ContextRead = 1202, "context.read";
    /// An officer looked conversations up by name or members.
    ConversationsListed = 1203, "conversations.listed";
    /// Somebody read a page of the audit log, or an entry of it.
    AuditRead = 1300, "audit.read";
    /// Somebody took the audit log along as a file.
    AuditExported = 1301, "audit.exported";
    /// A source of people was made or changed.
    SourceSet = 1400, "source.set";
    /// A source of people was removed.
    SourceRemoved = 1401, "source.removed";
    /// The target source was read in the background.
    SourceSynced = 1402, "source.synced";
    /// An administrator has the target source read.
    SyncAsked = 1403, "source.sync_asked";
    /// A token was issued with which the target source writes to us.
    TokenIssued = 1410, "token.issued";
    /// A token of the target source was revoked.
    TokenRevoked = 1411, "token.revoked";
    /// A rule, a word list or the policy text is so from here on.
    PolicySet = 1500, "policy.set";
    /// An officer had a rule run over the archive.
    PolicyTested = 1501, "policy.tested";
    /// An officer read messages that the target test had found.
    PolicySampled = 1502, "policy.sampled";
    /// A text was not accepted because of a rule.
    AttemptBlocked = 1510, "attempt.blocked";
    /// The author of a text was asked for a reason first because of a rule.
    AttemptWarned = 1511, "attempt.warned";
    /// A text waits for an officer because of a rule.
    AttemptWaiting = 1512, "attempt.waiting";
    /// An officer let the target text pass.
    AttemptReleased = 1513, "attempt.released";
    /// An officer refused the target text.
    AttemptRefused = 1514, "attempt.refused";
    /// The author took the target text back before an officer decided.
    AttemptWithdrawn = 1515, "attempt.withdrawn";
    /// An officer read texts that wait.
    AttemptsRead = 1516, "attempts.read";
    /// Rules matched in the target record, which was delivered.
    RuleMatched = 1520, "rule.matched";
    /// Somebody asked for an act that needs a second person.
    RequestAsked = 1530, "request.asked";
    /// A second person agreed to what was asked for.
    RequestAgreed = 1531, "request.agreed";
    /// A second person refused what was asked for.
    RequestRefused = 1532, "request.refused";
    /// Whoever asked took it back.
    RequestWithdrawn = 1533, "request.withdrawn";
    /// Nobody answered what was asked for in time.
    RequestLapsed = 1534, "request.lapsed";
    /// A person accepted the policy text.
    PolicyAccepted = 1540, "policy.accepted";
    /// A person declined the policy text.
    PolicyDeclined = 1541, "policy.declined";
    /// Settings of mail were changed.
    MailSettingsChanged = 1542, "mail.settings_changed";
}
