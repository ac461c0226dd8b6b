//! What a test of a source found, in the words of the console.

use chancery_protocol::Micros;
use chancery_protocol::sources::{
    LdapSettings, OidcSettings, SettingProblem, SkippedEntry, SourcePerson, SourceTested, StepOutcome,
    TestStep,
};
use serde::Serialize;

use crate::directory::ldap::{Finding, Outcome, Report, Task};
use crate::directory::oidc::{self, Status};
use crate::directory::{ldap, names};
use crate::ground::config::Secret;

/// Tries a provider.
pub(super) async fn oidc(settings: &OidcSettings, has_secret: bool) -> SourceTested {
    let steps = oidc::test_connection(settings, has_secret).await.into_iter().map(|step| TestStep {
        server: None,
        step: name(&step.check),
        outcome: match step.status {
            Status::Ok => StepOutcome::Ok,
            Status::Warning => StepOutcome::Warning,
            Status::Failed => StepOutcome::Failed,
            Status::NotRun => StepOutcome::NotRun,
        },
        text: step.text,
        mend: step.mend,
        milliseconds: step.milliseconds,
    });
    SourceTested { steps: steps.collect(), ..SourceTested::default() }
}

/// Tries a directory.
pub(super) async fn ldap(settings: LdapSettings, secret: Option<Secret>, now: Micros) -> SourceTested {
    match ldap::Client::new(settings, secret) {
        Ok(client) => found(client.test(now).await),
        Err(problems) => SourceTested { problems: ldap_problems(&problems), ..SourceTested::default() },
    }
}

/// What is wrong with a provider's settings.
pub(super) fn oidc_problems(settings: &OidcSettings) -> Vec<SettingProblem> {
    let problem = |problem: oidc::Problem| SettingProblem {
        code: problem.code.to_owned(),
        setting: problem.setting.to_owned(),
        text: problem.text,
    };
    oidc::check(settings).into_iter().map(problem).collect()
}

/// What is wrong with a directory's settings.
pub(super) fn ldap_problems(problems: &[ldap::Problem]) -> Vec<SettingProblem> {
    let problem = |problem: &ldap::Problem| SettingProblem {
        code: problem.code.to_owned(),
        setting: problem.path.clone(),
        text: format!("{}: {}", problem.what, problem.mend),
    };
    problems.iter().map(problem).collect()
}

fn found(report: Report) -> SourceTested {
    let steps = report.steps.into_iter().map(|step| {
        let (outcome, text, mend) = match step.outcome {
            Outcome::Done(finding) => (StepOutcome::Ok, words(&finding), String::new()),
            Outcome::Failed(fault) => (StepOutcome::Failed, fault.to_string(), fault.mend().to_owned()),
            Outcome::NotRun => (StepOutcome::NotRun, String::new(), String::new()),
        };
        let server = Some(step.server);
        TestStep {
            server,
            step: task(step.task).to_owned(),
            outcome,
            text,
            mend,
            milliseconds: step.milliseconds,
        }
    });
    let person = |person: ldap::Person| SourcePerson {
        subject: person.id,
        name: names::name_from(&person.display_name).unwrap_or_default(),
        login: person.login,
        email: person.email,
        title: person.title,
        department: person.department,
        active: person.state == ldap::State::Active,
    };
    SourceTested {
        problems: Vec::new(),
        steps: steps.collect(),
        people: report.people.into_iter().map(person).collect(),
        groups: report.groups.into_iter().map(|group| group.name).collect(),
        skipped: report.skipped.into_iter().map(|it| SkippedEntry { dn: it.dn, why: it.why }).collect(),
    }
}

fn task(task: Task) -> &'static str {
    match task {
        Task::Resolve => "resolve",
        Task::Connect => "connect",
        Task::Tls => "tls",
        Task::Bind => "bind",
        Task::PeopleBase => "people_base",
        Task::People => "people",
        Task::GroupsBase => "groups_base",
        Task::Groups => "groups",
    }
}

fn words(finding: &Finding) -> String {
    match finding {
        Finding::Nothing => String::new(),
        Finding::Addresses(addresses) => addresses.join(", "),
        Finding::Tls { version, subject, issuer, .. } => format!("{version}, {subject}, issued by {issuer}"),
        Finding::Page { taken, skipped, more } => {
            let more = if *more { " on the first page" } else { "" };
            match skipped {
                0 => format!("{taken} found{more}"),
                skipped => format!("{taken} found{more}, {skipped} cannot be taken"),
            }
        }
    }
}

/// As it is written in JSON.
fn name(check: &impl Serialize) -> String {
    let name = serde_json::to_value(check).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
