//! Trying settings of mail, step by step, up to a mail that arrives; and what the steps found, in words.

use std::time::Duration;

use chancery_protocol::Micros;
use chancery_protocol::ids::{Id as _, PersonId};
use chancery_protocol::mail_settings::{MailOutcome, MailStep, MailTask, MailTested, TestMail};
use jiff::Timestamp;
use lettre::Address;
use zeroize::Zeroizing;

use super::change::{merged, wrong};
use super::letters::{House, Kind, Letter, OffKey, Reader, minutes_east, write};
use super::mail::{Failure, Finding, Moment, Outcome, PostOffice, Reach, Step, Task};
use super::settings::Settings;
use super::{MailDesk, Signature};
use crate::ground::config::Mail;
use crate::ground::db::blocking;
use crate::ground::error::Error;

/// Nobody waits in front of a page for as long as a mail may take.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

impl MailDesk {
    /// Tries what is set with these texts on top of it; nothing is kept.
    pub(super) async fn test(&self, form: TestMail) -> Result<MailTested, Error> {
        let to = recipient(&form.to)?;
        let here = self.clone();
        let (settings, office) = blocking(move || {
            let was = here.shared.document(&mut *here.journal.db().reader()?)?;
            let (_, settings) = merged(here.shared.base(), &was.kept, &form.texts)?;
            let Some(server) = &settings.server else {
                return Err(wrong("mail.host", "Name the mail server first: there is nothing to try."));
            };
            let patient = Mail { answer: server.answer.min(LONGEST_ANSWER), ..(**server).clone() };
            let office = here.shared.base().office(&patient);
            Ok((settings.clone(), office.map_err(|what| wrong("mail.authorities", what))?))
        })
        .await?;
        let (id, at) = (self.journal.random().bytes()?, self.journal.clock().now());
        let steps = run(&office, &settings, &self.signature, &to, id, at).await?;
        office.close().await;
        Ok(MailTested { steps: steps.iter().map(told).collect() })
    }
}

/// Where a test mail goes.
///
/// # Errors
/// `settings_invalid` with the field `to`.
pub fn recipient(text: &str) -> Result<Address, Error> {
    let text = text.trim();
    let address = text.parse().ok().filter(|_| text.is_ascii() && !text.chars().any(char::is_control));
    address.ok_or_else(|| wrong("to", "This is no address of mail. Write one, such as you@example.com."))
}

/// Takes every step and hands over a test mail.
///
/// # Errors
/// When the mail cannot be written, which is a defect.
pub async fn run(
    office: &PostOffice,
    settings: &Settings,
    signature: &Signature,
    to: &Address,
    id: [u8; 16],
    at: Micros,
) -> Result<Vec<Step>, Error> {
    let server = office.settings();
    let house = House {
        organisation: &signature.organisation,
        service_desk: signature.service_desk.as_deref(),
        public_url: &signature.public_url,
        from: &server.from,
        reply_to: server.reply_to.as_ref(),
        bounce: &server.bounce,
        content: settings.content,
        // Test mails are not turned off; nothing is made with this key.
        off: &OffKey::new(Zeroizing::new([0; 32])),
    };
    let reader = Reader {
        id: PersonId::from_bytes(id),
        name: "",
        address: to,
        language: settings.house.language.into(),
        minutes_east: minutes_east(&settings.house.zone, at),
    };
    let written = write(&house, &Letter { id, at, reader, kind: Kind::Test }).map_err(Error::internal)?;
    Ok(office.test(to, &written.bytes).await)
}

/// A step in words.
pub fn told(step: &Step) -> MailStep {
    let (outcome, text, mend) = match &step.outcome {
        Outcome::Done(finding) => (MailOutcome::Done, found(finding), ""),
        Outcome::Failed(failure) => (MailOutcome::Failed, failure.to_string(), mend(failure)),
        Outcome::NotRun => (MailOutcome::NotRun, String::new(), ""),
    };
    MailStep { task: task(step.task), outcome, text, mend: mend.to_owned(), milliseconds: step.milliseconds }
}

fn task(task: Task) -> MailTask {
    match task {
        Task::Resolve => MailTask::Resolve,
        Task::Connect => MailTask::Connect,
        Task::Tls => MailTask::Tls,
        Task::Greet => MailTask::Greet,
        Task::SignIn => MailTask::SignIn,
        Task::Announce => MailTask::Announce,
        Task::Send => MailTask::Send,
    }
}

fn found(finding: &Finding) -> String {
    match finding {
        Finding::Nothing => String::new(),
        Finding::Addresses(addresses) => addresses.join(", "),
        Finding::Said(said) => said.to_string(),
        Finding::Tls(peer) => {
            let ends = peer.ends.and_then(|at| Timestamp::from_microsecond(at).ok());
            let ends = ends.map(|at| format!(", until {}", at.strftime("%Y-%m-%d"))).unwrap_or_default();
            let names = peer.names.join(", ");
            format!("{}; certificate for {names}, issued by {}{ends}", peer.version, peer.issuer)
        }
    }
}

/// What to do about a failure, where its own words do not say it.
fn mend(failure: &Failure) -> &'static str {
    match failure {
        Failure::Temporary(..) => {
            "Try again in a few minutes: servers put off whom they do not know yet. If it stays, ask whoever runs the server."
        }
        Failure::Permanent(Moment::Recipient, _) => {
            "Try another recipient. If every one is refused, the server does not relay for us: it has to let this account, or this machine, send."
        }
        Failure::Permanent(..) => "Ask whoever runs the mail server what it does not like about this mail.",
        Failure::Silent => {
            "Look whether the mail arrived. If it did, the server is slow: raise mail.answer_seconds."
        }
        Failure::Credentials(_) => {
            "Check mail.user and its password or token. Many providers want a password for applications, or XOAUTH2."
        }
        Failure::Settings(_) => {
            "Check mail.from, mail.bounce and the way to sign in; the server has to accept them."
        }
        Failure::Unreachable(reach) => match reach {
            Reach::TimedOut(_) => {
                "Check mail.port and the firewall. If the server is slow, raise mail.connect_seconds."
            }
            Reach::Clear(_) => "Choose mail.security = \"starttls\" or \"tls\".",
            Reach::Meddling => {
                "Find out what stands between this machine and the mail server. Nothing was sent."
            }
            Reach::OtherName(_) => {
                "Write a name the certificate is for as mail.host, or have one issued for this name."
            }
            Reach::NotValidNow => "Have the certificate renewed, and check the clock of this machine.",
            Reach::Name
            | Reach::Port(_)
            | Reach::NoStartTls
            | Reach::Issuer
            | Reach::Tls(_)
            | Reach::Tokens(_) => "",
        },
    }
}

/// A step as a line for the command line.
pub fn line(step: &Step) -> String {
    let told = told(step);
    let words: Vec<&str> =
        [told.text.as_str(), &told.mend].into_iter().filter(|text| !text.is_empty()).collect();
    let (head, words) = (step.task, words.join(" "));
    match (told.outcome, words.as_str()) {
        (MailOutcome::NotRun, _) => format!("{head}: not run"),
        (MailOutcome::Done, "") => format!("{head}: done ({} ms)", told.milliseconds),
        (MailOutcome::Done, words) => format!("{head}: done ({} ms): {words}", told.milliseconds),
        (MailOutcome::Failed, words) => format!("{head}: failed: {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::mail::Said;

    #[test]
    fn a_failure_says_what_to_do() {
        let said = || Said { code: 535, words: "no".to_owned() };
        let failures = [
            Failure::Temporary(Moment::Content, said()),
            Failure::Permanent(Moment::Recipient, said()),
            Failure::Permanent(Moment::Content, said()),
            Failure::Silent,
            Failure::Credentials(said()),
            Failure::Settings("The server refuses the sender: 550 no".to_owned()),
            Failure::Unreachable(Reach::Name),
            Failure::Unreachable(Reach::Port("refused".to_owned())),
            Failure::Unreachable(Reach::TimedOut("connecting")),
            Failure::Unreachable(Reach::Clear("10.0.0.1:25".to_owned())),
            Failure::Unreachable(Reach::NoStartTls),
            Failure::Unreachable(Reach::Meddling),
            Failure::Unreachable(Reach::Issuer),
            Failure::Unreachable(Reach::OtherName(vec!["other.example".to_owned()])),
            Failure::Unreachable(Reach::NotValidNow),
            Failure::Unreachable(Reach::Tls("alert".to_owned())),
            Failure::Unreachable(Reach::Tokens("401".to_owned())),
        ];
        for failure in failures {
            let step = Step { task: Task::Tls, outcome: Outcome::Failed(failure), milliseconds: 1 };
            let told = told(&step);
            let words = format!("{} {}", told.text, told.mend);
            let verbs =
                ["Check", "Try", "Ask", "Look", "Choose", "choose", "Find", "Name", "Write", "Have", "raise"];
            assert!(verbs.iter().any(|verb| words.contains(verb)), "{words}");
        }
    }

    #[test]
    fn a_recipient_is_one_address() {
        assert!(recipient(" lena@example.org ").is_ok());
        for bad in [
            "",
            "lena",
            "a@b.example, c@d.example",
            "Lena <lena@example.org>",
            "grüße@example.org",
            "a\r\nb@c.de",
        ] {
            assert!(recipient(bad).is_err(), "{bad}");
        }
    }
}
