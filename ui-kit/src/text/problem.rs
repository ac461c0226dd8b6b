//! What went wrong, what is safe, what to do: the one place that maps codes to text.

use chancery_protocol::problem::Problem;

use super::{grouped, time};
use crate::api::ClientError;

/// The sentence for an error.
pub fn of(error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) => of_problem(problem),
        ClientError::Network => "The server was not reached. Check your connection and try again.".to_owned(),
        ClientError::Decode => {
            "The server's answer could not be read. Reload the page and try again.".to_owned()
        }
        ClientError::Aborted => "This was interrupted. Try again.".to_owned(),
    }
}

/// The sentence for a code alone, for what a page finds out before the server does.
pub fn of_code(code: &str) -> String {
    of_problem(&Problem {
        kind: String::new(),
        code: code.to_owned(),
        status: 422,
        title: String::new(),
        detail: None,
        field: None,
        errors: Vec::new(),
        notices: Vec::new(),
        token: None,
        retry_after: None,
        position: None,
    })
}

/// The sentence for a refusal. A code that is not known here shows what the server says.
pub fn of_problem(problem: &Problem) -> String {
    let wait = || problem.retry_after.map(|seconds| time::wait(seconds.into()));
    match problem.code.as_str() {
        "sign_in_failed" => "Username or password is not right. Check both and try again.".to_owned(),
        "too_many_attempts" => match wait() {
            Some(wait) => format!("Too many attempts. You can try again in {wait}."),
            None => "Too many attempts. Wait a little and try again.".to_owned(),
        },
        "rate_limited" => match wait() {
            Some(wait) => format!("That was too fast. Try again in {wait}."),
            None => "That was too fast. Wait a little and try again.".to_owned(),
        },
        "not_fresh" => "You have not signed in again, so no messages are shown.".to_owned(),
        "another_person" => super::confirm::ANOTHER.to_owned(),
        "signed_out" => "Your session has ended. Sign in again.".to_owned(),
        "suspended" => "This account is suspended. Ask your administrator.".to_owned(),
        "sign_in_interrupted" => super::sign_in::INTERRUPTED.to_owned(),
        "provider_refused" => super::sign_in::REFUSED.to_owned(),
        "provider_mistake" => super::sign_in::MISTAKEN.to_owned(),
        "source_unavailable" => super::sign_in::AWAY.to_owned(),
        "not_admitted" => super::sign_in::NOT_ADMITTED.to_owned(),
        "csrf_failed" | "foreign_origin" => {
            "This page is no longer trusted by the server. Reload it and try again.".to_owned()
        }
        "link_invalid" => super::link::INVALID_BODY.to_owned(),
        "username_invalid" => "Use lower-case letters, digits, dots, hyphens and underscores.".to_owned(),
        "username_taken" => "This username is taken. Choose another.".to_owned(),
        "password_too_short" => {
            "Use at least 12 characters. Several words are easiest to remember.".to_owned()
        }
        "text_empty" => "There is nothing to send yet. Write something first.".to_owned(),
        "text_too_long" | "payload_too_large" => too_long(),
        "name_empty" => "Give it a name.".to_owned(),
        "name_too_long" => {
            format!("The name is too long. Up to {} characters work.", chancery_protocol::MAX_NAME_CHARS)
        }
        "topic_too_long" => {
            format!("The topic is too long. Up to {} characters work.", chancery_protocol::MAX_TOPIC_CHARS)
        }
        "too_many_people" => {
            format!(
                "These are too many people. Up to {} work.",
                grouped(chancery_protocol::MAX_PEOPLE as u64)
            )
        }
        "conversation_not_found" | "not_found" => {
            "This conversation does not exist or is not open to you.".to_owned()
        }
        "message_not_found" => "This message does not exist or is not open to you.".to_owned(),
        "person_not_found" => "This person was not found, or no longer has an account.".to_owned(),
        "not_author" => "Only the author can change this message.".to_owned(),
        "not_owner" => "Only an owner can do this.".to_owned(),
        "may_not_post" => "Only those named write here.".to_owned(),
        "last_owner" => "Somebody has to own it. Make another member owner first.".to_owned(),
        "members_changed" => {
            "Somebody else changed the members just now. Look at the list and try again.".to_owned()
        }
        "outdated" => "This was changed on another of your devices just now. Try again.".to_owned(),
        "direct_talk" => "A direct message has its two people and no name of its own.".to_owned(),
        "control_character" => {
            "There are characters in it that cannot be shown. Type it instead of pasting it.".to_owned()
        }
        "already_deleted" => "This message is deleted already.".to_owned(),
        "not_deleted" => "This message is not deleted.".to_owned(),
        "restore_too_late" => {
            "The 30 seconds to take this back are over. A copy stays in the archive.".to_owned()
        }
        "record_damaged" => match problem.position {
            Some(position) => super::chat::damaged(position),
            None => "The stored copy does not verify.".to_owned(),
        },
        "storage_unavailable" => {
            "The archive cannot be reached right now. Nothing was changed. Try again soon.".to_owned()
        }
        "storage_full" => {
            "The archive has no room left. Nothing was changed. Tell your administrator.".to_owned()
        }
        "blocked_by_rule" => super::rules::blocked(&problem.notices),
        "rules_changed" => "The rules were changed just now. Try again.".to_owned(),
        "internal" => "Something went wrong on the server. Nothing was changed. Try again.".to_owned(),
        _ => match &problem.detail {
            Some(detail) => format!("{} {detail}", problem.title),
            None => problem.title.clone(),
        },
    }
}

/// A message that does not fit.
pub fn too_long() -> String {
    format!(
        "The message is too long. Up to {} characters work.",
        grouped(chancery_protocol::MAX_TEXT_CHARS as u64)
    )
}

#[cfg(test)]
mod tests {
    use super::of_problem;
    use chancery_protocol::problem::Problem;

    fn problem(code: &str) -> Problem {
        Problem {
            kind: format!("urn:chancery:problem:{code}"),
            code: code.to_owned(),
            status: 400,
            title: "A title.".to_owned(),
            detail: Some("A detail.".to_owned()),
            field: None,
            errors: Vec::new(),
            notices: Vec::new(),
            token: None,
            retry_after: Some(30),
            position: Some(17_902_114),
        }
    }

    #[test]
    fn known_codes_have_their_own_words() {
        assert!(of_problem(&problem("too_many_attempts")).contains("30 s"));
        assert!(of_problem(&problem("record_damaged")).contains("#17,902,114"));
    }

    #[test]
    fn unknown_codes_show_what_the_server_says() {
        assert_eq!(of_problem(&problem("brand_new")), "A title. A detail.");
    }
}
