//! The policy text, and one's own answer to it.

use chancery_protocol::acceptance::{AnswerPolicy, CurrentPolicy, PolicyStanding};
use chancery_protocol::http::SignedOut;
use chancery_protocol::policy::{PolicyText, Section};
use chancery_ui_kit::api::{ApiClient, ClientError, decode};
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;

/// What is in force, and where one stands.
pub async fn text(api: ApiClient) -> Result<PolicyStanding, ClientError> {
    let answer = api.get_for_text("/api/v1/policy/text").await?;
    // The browser reads it: code that is made for each type that is read would be a half percent of the download.
    JSON::parse(&answer).ok().and_then(|answer| standing(&answer)).ok_or(ClientError::Decode)
}

/// Accepts it, or declines it, which ends the session.
pub async fn answer(
    api: ApiClient,
    shown: &AnswerPolicy,
    accept: bool,
) -> Result<Option<SignedOut>, ClientError> {
    let path = if accept { "/api/v1/policy/accept" } else { "/api/v1/policy/decline" };
    let answer = api.post_for_text(path, shown).await?;
    if accept { Ok(None) } else { decode(&answer).map(Some) }
}

fn standing(answer: &JsValue) -> Option<PolicyStanding> {
    let current = match part(answer, "current") {
        Some(current) => Some(in_force(&current)?),
        None => None,
    };
    let due = part(answer, "due")?.as_bool()?;
    Some(PolicyStanding { current, due, accepted_at: number(answer, "accepted_at") })
}

fn in_force(current: &JsValue) -> Option<CurrentPolicy> {
    let text = part(current, "text")?;
    let list = |name: &str| part(&text, name).map(|list| Array::from(&list)).unwrap_or_default();
    let section =
        |one: JsValue| Some(Section { heading: words(&one, "heading")?, text: words(&one, "text")? });
    Some(CurrentPolicy {
        version: u32::try_from(number(current, "version")?).ok()?,
        fingerprint: words(current, "fingerprint")?,
        text: PolicyText {
            title: words(&text, "title")?,
            sections: list("sections").iter().map(section).collect::<Option<_>>()?,
            essence: list("essence").iter().map(|line| line.as_string()).collect::<Option<_>>()?,
            every_days: u32::try_from(number(&text, "every_days")?).ok()?,
        },
    })
}

fn part(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|part| !part.is_undefined() && !part.is_null())
}

fn words(of: &JsValue, name: &str) -> Option<String> {
    part(of, name)?.as_string()
}

/// Numbers of JSON are exact up to 2^53, which times in microseconds reach in the year 2255.
fn number(of: &JsValue, name: &str) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers far below 2^53")]
    part(of, name)?.as_f64().map(|number| number as i64)
}
