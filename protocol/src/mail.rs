//! Mails about what somebody has not read: what people choose, why a mail went or did not, and what administrators see of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::conversation::ConversationKind;
use crate::ids::{ConversationId, MailId, PersonId};

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;
/// Longest name of a time zone, in characters.
pub const MAX_ZONE_CHARS: usize = 64;
/// Longest time something may stay unread before a mail goes, in minutes.
pub const MAX_AFTER_MINUTES: u16 = DAY_MINUTES;
/// Decisions on a page.
pub const DECISIONS_PAGE: u16 = 50;
/// Mails on a page of the outbox.
pub const OUTBOX_PAGE: u16 = 50;
/// Days for which mails that are done with, and decisions, are kept.
pub const KEPT_DAYS: u16 = 30;

/// Which mails a person wants, and when. What is absent is as the house has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mailing {
    /// How often.
    #[serde(default)]
    pub mode: MailMode,
    /// How long something must have been unread, in minutes; never shorter than the house's, at most [`MAX_AFTER_MINUTES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_minutes: Option<u16>,
    /// When the daily mail goes, in minutes after midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_at: Option<u16>,
    /// When no mail goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// Whether urgent messages wait for the end of quiet hours too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent_waits: bool,
    /// Name of the time zone of all this, as in the IANA database: `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// What the mails are written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<MailLanguage>,
}

impl Mailing {
    /// Whether nothing is chosen.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How often a person is mailed about unread messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailMode {
    /// About each conversation, at most once in the house's window.
    #[default]
    Each,
    /// Once a day, about all of them.
    Daily,
    /// Not at all.
    Never,
}

/// A language mails are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum MailLanguage {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
}

/// When no mail goes, by the clock of a time zone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// First minute of the quiet, after midnight. The same as `until`: no hours are quiet.
    pub from: u16,
    /// First minute after it; before `from` when it goes over midnight.
    pub until: u16,
    /// Days that are quiet as a whole, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Weekday>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are days")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// What holds for whoever has chosen nothing. `GET /mail/mine` answers it with [`OwnMail`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HouseMail {
    /// How long something must have been unread, in minutes.
    pub after_minutes: u16,
    /// About one conversation at most one mail in so many minutes.
    pub window_minutes: u16,
    /// When the daily mail goes, in minutes after midnight.
    pub digest_at: u16,
    /// When no mail goes.
    pub quiet: QuietHours,
    /// Time zone of those who have not said theirs.
    pub zone: String,
    /// What mails are written in.
    pub language: MailLanguage,
}

/// What a person is told about their mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnMail {
    /// Where mails go; nowhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether a mail server is set up.
    pub sends: bool,
    /// What a mail may say, here: nobody can choose more.
    pub content: MailContent,
    /// What holds unless they choose otherwise.
    pub house: HouseMail,
}

/// How much a mail may say. It holds for every kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailContent {
    /// That something waits.
    Nothing,
    /// Who wrote.
    Sender,
    /// Who wrote what, and where.
    Full,
}

impl MailContent {
    /// Every policy, from the least to the most.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Sender, Self::Full];
}

/// Asks why mails went or did not: `GET /mail/decisions` for oneself, `GET /mail/decisions/{person}` for administrators.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionQuery {
    /// Only about this conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// Those before this one: the `id` of the last of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<MailId>,
}

/// How things stand, and what was decided, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decisions {
    /// How each conversation with something new in the last days stands now, newest first; only on the first page.
    pub now: Vec<Standing>,
    /// What was decided, newest first, at most [`DECISIONS_PAGE`].
    pub decided: Vec<Decided>,
    /// Whether there are older ones.
    pub more: bool,
}

/// How a conversation stands for a person: what would come of what is unread in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// Which conversation.
    pub conversation: ConversationId,
    /// What sort.
    pub kind: ConversationKind,
    /// When its newest message was written.
    pub newest_at: Micros,
    /// Why no mail goes about it just now.
    pub why: Why,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decided {
    /// It.
    pub id: MailId,
    /// When.
    pub at: Micros,
    /// About which conversation; absent for a daily mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// What sort of conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ConversationKind>,
    /// How it was decided, and why.
    pub why: Why,
}

/// What came of unread messages, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Why {
    /// Everything was read.
    Read {
        /// When the newest of it was, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Micros>,
        /// On which device, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<String>,
    },
    /// It is looked at again later.
    Waits {
        /// When.
        until: Micros,
        /// What for.
        wait: Wait,
    },
    /// The conversation is muted.
    Muted,
    /// Only mentions make themselves heard, and none of it is one.
    NotMentioned,
    /// The person wants no mails.
    Off,
    /// The person is no member any more.
    Left,
    /// What was unread was deleted meanwhile.
    Deleted,
    /// The account is suspended.
    Suspended,
    /// The account has no address.
    NoAddress,
    /// It was written before mails about unread messages were looked after.
    Before,
    /// A mail was written; the outbox says how it fared.
    Mail {
        /// Which.
        mail: MailId,
        /// How it fares.
        state: MailState,
        /// When it was taken by the mail server.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent_at: Option<Micros>,
    },
}

/// What a decision waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// It has not been unread for long enough.
    Unread,
    /// There was a mail about this conversation a short while ago.
    Window,
    /// It is quiet hours.
    Quiet,
    /// It goes with the daily mail.
    Daily,
}

/// How a mail fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Waits for its turn, or to be tried again.
    Waiting,
    /// Is being handed over.
    Leaving,
    /// The mail server took it.
    Sent,
    /// It was not wanted any more when its turn came: read, deleted, turned off.
    Dropped,
    /// The mail server refuses it for good.
    Refused,
    /// It could not be handed over in time.
    Expired,
    /// There was no mail server: this is what would have gone.
    NoServer,
}

impl MailState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Leaving,
        Self::Sent,
        Self::Dropped,
        Self::Refused,
        Self::Expired,
        Self::NoServer,
    ];
}

/// What a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Unread messages of one conversation.
    Missed,
    /// The daily mail.
    Daily,
    /// A link with which somebody chooses their first password.
    Invitation,
    /// A link with which somebody chooses a new password.
    Reset,
    /// All second factors were taken off the account.
    FactorsRemoved,
}

/// A mail in the outbox, as administrators see it: never what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OutboxMail {
    /// Which.
    pub id: MailId,
    /// What it is.
    pub kind: MailKind,
    /// To whom.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where it goes, or went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When it was decided on.
    pub at: Micros,
    /// How it fares.
    pub state: MailState,
    /// How often handing it over was begun.
    pub attempts: u32,
    /// When that was last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<Micros>,
    /// When it is tried next, while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Micros>,
    /// Why it stands as it does: why it was dropped, or what the mail server said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<MailReason>,
    /// When the server took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Micros>,
}

/// Why a mail stands as it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MailReason {
    /// What it is about was decided otherwise when its turn came.
    Decided {
        /// How.
        why: Box<Why>,
    },
    /// The link it carries was used, or is not valid any more.
    LinkOver,
    /// The mail server, or the way to it, said no.
    Failed {
        /// What to do about it.
        fault: MailFault,
        /// In words, for administrators; the server's words are cut and cleaned.
        words: String,
    },
}

/// What is to be done about a mail that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailFault {
    /// Nothing: it is tried again.
    Temporary,
    /// The address or the mail is refused for good.
    Permanent,
    /// Nothing: the server said nothing after the last byte, and it is sent again with the same `Message-ID`.
    Silent,
    /// The server is not reached.
    Unreachable,
    /// The account at the mail server must be mended.
    Credentials,
    /// The settings must be mended.
    Settings,
}

/// Asks for the outbox: `GET /mail/outbox`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OutboxQuery {
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<MailState>,
    /// Only those to this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Those before this one: the last of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<MailId>,
}

/// A page of the outbox, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outbox {
    /// At most [`OUTBOX_PAGE`].
    pub mails: Vec<OutboxMail>,
    /// Whether there are older ones.
    pub more: bool,
    /// How many are in each state, in the order of [`MailState::ALL`]; states without mails are left out.
    pub counts: Vec<MailCount>,
    /// What keeps every mail from leaving, when something does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stuck: Option<Stuck>,
}

/// How many mails are in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailCount {
    /// The state.
    pub state: MailState,
    /// How many.
    pub count: u64,
}

/// No mail leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stuck {
    /// Since when.
    pub since: Micros,
    /// What to do about it.
    pub fault: MailFault,
    /// In words, for administrators.
    pub words: String,
}
