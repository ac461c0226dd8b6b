//! Two who put rules in force and decide on what waits: an officer asks, a lead agrees.

use chancery_protocol::ids::RecordId;
use chancery_protocol::person::Role;
use chancery_protocol::policy::Content;
use chancery_protocol::review::{Refuse, Release, WaitingPage};
use reqwest::Method;
use serde_json::Value;

use crate::house::House;
use crate::http::{Caller, Refusal};
use crate::policy::put_in_force;

/// The two who put rules in force.
pub struct Officers {
    /// Asks.
    pub officer: Caller,
    /// Agrees.
    pub lead: Caller,
}

impl Officers {
    /// Two new people, called `olive` and `leo`.
    pub async fn of(house: &House) -> Self {
        Self {
            officer: house.invite_and_redeem("olive", &[Role::ComplianceOfficer]).await,
            lead: house.invite_and_redeem("leo", &[Role::ComplianceLead]).await,
        }
    }

    /// Puts rules in force, or new versions of them. A rule is JSON as in a pack.
    pub async fn put_in_force(&self, rules: &[Value]) {
        let named = |rule: &Value| rule["id"].as_str().unwrap_or_default().to_owned();
        let names: Vec<String> = rules.iter().map(named).collect();
        let contents: Vec<(&str, Content)> = names
            .iter()
            .zip(rules)
            .map(|(name, rule)| (name.as_str(), Content::Rule { rule: rule.clone() }))
            .collect();
        put_in_force(&self.officer, &self.lead, &contents).await;
    }

    /// The texts that wait, oldest first.
    ///
    /// # Errors
    /// The refusal.
    pub async fn waiting(&self) -> Result<Vec<RecordId>, Refusal> {
        let page: WaitingPage = self.officer.call(Method::GET, "/review/waiting", None::<&()>).await?;
        Ok(page.texts.into_iter().map(|text| text.attempt).collect())
    }

    /// Delivers a text that waits.
    ///
    /// # Errors
    /// The refusal.
    pub async fn release(&self, attempt: RecordId) -> Result<(), Refusal> {
        let path = format!("/review/waiting/{attempt}/release");
        self.officer.tell(Method::POST, &path, Some(&Release::default())).await
    }

    /// Refuses a text that waits.
    ///
    /// # Errors
    /// The refusal.
    pub async fn refuse(&self, attempt: RecordId, words: &str) -> Result<(), Refusal> {
        let path = format!("/review/waiting/{attempt}/refuse");
        self.officer.tell(Method::POST, &path, Some(&Refuse { words: words.to_owned() })).await
    }
}
