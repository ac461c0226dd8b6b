//! What mails say, in English and German.

use super::Language::{self, English, German};

impl Language {
    /// For `lang` and `Content-Language`.
    pub(super) fn tag(self) -> &'static str {
        match self {
            English => "en",
            German => "de",
        }
    }

    fn pick(self, english: &'static str, german: &'static str) -> &'static str {
        match self {
            English => english,
            German => german,
        }
    }

    /// `Priya Raman, Tomasz Wrona and 2 others`.
    pub(super) fn people(self, who: &[String]) -> String {
        let and = self.pick("and", "und");
        match who {
            [] => String::new(),
            [one] => one.clone(),
            [one, two] => format!("{one} {and} {two}"),
            [one, two, three] => format!("{one}, {two} {and} {three}"),
            [one, two, rest @ ..] => {
                format!("{one}, {two} {and} {} {}", rest.len(), self.pick("others", "weitere"))
            }
        }
    }

    pub(super) fn new_in(self, name: &str) -> String {
        match self {
            English => format!("New messages in {name}"),
            German => format!("Neue Nachrichten in „{name}“"),
        }
    }

    pub(super) fn new_from(self, people: &str) -> String {
        match self {
            English => format!("New messages from {people}"),
            German => format!("Neue Nachrichten von {people}"),
        }
    }

    pub(super) fn new_messages(self) -> &'static str {
        self.pick("New messages", "Neue Nachrichten")
    }

    pub(super) fn digest(self) -> &'static str {
        self.pick("Your unread messages", "Ihre ungelesenen Nachrichten")
    }

    pub(super) fn wrote(self, people: &str, several: bool) -> String {
        match (self, several) {
            (English, _) => format!("{people} wrote to you"),
            (German, false) => format!("{people} hat Ihnen geschrieben"),
            (German, true) => format!("{people} haben Ihnen geschrieben"),
        }
    }

    pub(super) fn waiting(self) -> &'static str {
        self.pick("Unread messages wait for you.", "Ungelesene Nachrichten warten auf Sie.")
    }

    pub(super) fn not_here(self) -> &'static str {
        self.pick(
            "Your organisation does not send messages themselves by e-mail.",
            "Ihre Organisation verschickt die Nachrichten selbst nicht per E-Mail.",
        )
    }

    pub(super) fn older(self, count: u32) -> String {
        match (self, count) {
            (English, 1) => "1 older unread message is not shown here.".to_owned(),
            (English, n) => format!("{n} older unread messages are not shown here."),
            (German, 1) => "1 ältere ungelesene Nachricht ist hier nicht gezeigt.".to_owned(),
            (German, n) => format!("{n} ältere ungelesene Nachrichten sind hier nicht gezeigt."),
        }
    }

    pub(super) fn more(self, count: usize) -> String {
        match (self, count) {
            (English, 1) => "There is 1 more conversation with unread messages.".to_owned(),
            (English, n) => format!("There are {n} more conversations with unread messages."),
            (German, 1) => "Es gibt 1 weitere Unterhaltung mit ungelesenen Nachrichten.".to_owned(),
            (German, n) => format!("Es gibt {n} weitere Unterhaltungen mit ungelesenen Nachrichten."),
        }
    }

    pub(super) fn edited(self) -> &'static str {
        self.pick("edited", "bearbeitet")
    }

    pub(super) fn open_conversation(self) -> &'static str {
        self.pick("Open conversation", "Unterhaltung öffnen")
    }

    pub(super) fn open_messages(self) -> &'static str {
        self.pick("Open messages", "Nachrichten öffnen")
    }

    pub(super) fn user_name(self) -> &'static str {
        self.pick("User name", "Benutzername")
    }

    pub(super) fn account(self, organisation: &str) -> String {
        match self {
            English => format!("Your account at {organisation}"),
            German => format!("Ihr Konto bei {organisation}"),
        }
    }

    pub(super) fn made_account(self, by: Option<&str>) -> String {
        match (self, by) {
            (English, None) => "An account was made for you.".to_owned(),
            (English, Some(by)) => format!("{by} made an account for you."),
            (German, None) => "Für Sie wurde ein Konto angelegt.".to_owned(),
            (German, Some(by)) => format!("{by} hat für Sie ein Konto angelegt."),
        }
    }

    pub(super) fn choose_password(self) -> &'static str {
        self.pick("Choose a password", "Passwort wählen")
    }

    pub(super) fn choose_new(self) -> &'static str {
        self.pick("Choose a new password", "Neues Passwort wählen")
    }

    pub(super) fn made_reset(self, by: Option<&str>) -> String {
        match (self, by) {
            (English, None) => "You can choose a new password.".to_owned(),
            (English, Some(by)) => format!("{by} lets you choose a new password."),
            (German, None) => "Sie können ein neues Passwort wählen.".to_owned(),
            (German, Some(by)) => format!("{by} lässt Sie ein neues Passwort wählen."),
        }
    }

    pub(super) fn until_then(self) -> &'static str {
        self.pick(
            "Your present password works until you use the link; then all your sessions end.",
            "Ihr jetziges Passwort gilt, bis Sie den Link benutzen; dann enden alle Ihre Sitzungen.",
        )
    }

    pub(super) fn works_until(self, when: &str, zone: &str) -> String {
        match self {
            English => format!(
                "The link works once, until {when} ({zone}). Whoever has it can use it: pass it to nobody."
            ),
            German => format!(
                "Der Link gilt einmal, bis {when} ({zone}). Wer ihn hat, kann ihn benutzen: Geben Sie ihn niemandem."
            ),
        }
    }

    pub(super) fn factors_removed(self) -> &'static str {
        self.pick("Your second factors were removed", "Ihre zweiten Faktoren wurden entfernt")
    }

    pub(super) fn who_removed(self, by: Option<&str>) -> String {
        match (self, by) {
            (English, None) => "All second factors were removed from your account.".to_owned(),
            (English, Some(by)) => format!("{by} removed all second factors from your account."),
            (German, None) => "Alle zweiten Faktoren Ihres Kontos wurden entfernt.".to_owned(),
            (German, Some(by)) => format!("{by} hat alle zweiten Faktoren Ihres Kontos entfernt."),
        }
    }

    pub(super) fn add_another(self) -> &'static str {
        self.pick(
            "Sign in with your password and add a new one.",
            "Melden Sie sich mit Ihrem Passwort an und fügen Sie einen neuen hinzu.",
        )
    }

    pub(super) fn open_front(self, organisation: &str) -> String {
        match self {
            English => format!("Open {organisation}"),
            German => format!("{organisation} öffnen"),
        }
    }

    pub(super) fn unexpected(self, desk: Option<&str>) -> String {
        match (self, desk) {
            (English, None) => "If you did not expect this, tell your administrator.".to_owned(),
            (English, Some(desk)) => format!("If you did not expect this, ask: {desk}"),
            (German, None) => "Haben Sie das nicht erwartet, sagen Sie es Ihrer Administration.".to_owned(),
            (German, Some(desk)) => format!("Haben Sie das nicht erwartet, fragen Sie: {desk}"),
        }
    }

    pub(super) fn test(self) -> &'static str {
        self.pick("Test mail", "Testmail")
    }

    pub(super) fn arrives(self, organisation: &str) -> String {
        match self {
            English => format!("Mail from {organisation} arrives. There is nothing to do."),
            German => format!("E-Mail von {organisation} kommt an. Es ist nichts zu tun."),
        }
    }

    pub(super) fn greeting(self, name: &str) -> String {
        match self {
            English => format!("Hello {name},"),
            German => format!("Guten Tag {name},"),
        }
    }

    pub(super) fn sent_by(self, organisation: &str, address: &str) -> String {
        match self {
            English => format!("Sent by {organisation}, {address}."),
            German => format!("Gesendet von {organisation}, {address}."),
        }
    }

    pub(super) fn as_of(self, when: &str, zone: &str) -> String {
        match self {
            English => format!(
                "As it stood on {when} ({zone}); what was changed or deleted since is shown in the messenger only."
            ),
            German => format!(
                "Stand: {when} ({zone}). Was seither geändert oder gelöscht wurde, zeigt nur der Messenger."
            ),
        }
    }

    pub(super) fn because_unread(self) -> &'static str {
        self.pick(
            "You get this mail because messages to you stayed unread.",
            "Sie erhalten diese E-Mail, weil Nachrichten an Sie ungelesen blieben.",
        )
    }

    pub(super) fn turn_off(self) -> &'static str {
        self.pick("Turn these mails off", "Diese E-Mails abbestellen")
    }
}
