//! Rules of acceptable use through the front door: one officer asks, a lead agrees.

use chancery_protocol::approvals::RequestMade;
use chancery_protocol::ids::RecordId;
use chancery_protocol::person::Role;
use chancery_protocol::policy::{AskForPolicy, AskItem, Content, DraftSaved, Item, ItemKind, SaveDraft};
use chancery_protocol::review::{Refuse, Release, WaitingPage};
use reqwest::Method;
use serde_json::Value;

use crate::house::House;
use crate::http::{Caller, Refusal};

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
    ///
    /// # Errors
    /// The refusal.
    pub async fn put_in_force(&self, rules: &[Value]) -> Result<(), Refusal> {
        let mut items = Vec::new();
        for rule in rules {
            let name = rule["id"].as_str().unwrap().to_owned();
            let path = format!("/policy/items/rule/{name}");
            let known: Result<Item, Refusal> = self.officer.call(Method::GET, &path, None::<&()>).await;
            let version = known.map_or(0, |item| item.line.version);
            let form = SaveDraft { content: Content::Rule { rule: rule.clone() }, expected: None };
            let draft: DraftSaved =
                self.officer.call(Method::PUT, &format!("{path}/draft"), Some(&form)).await?;
            items.push(AskItem {
                kind: ItemKind::Rule,
                name,
                version,
                in_force: true,
                place: None,
                draft: Some(draft.at),
            });
        }
        let form = AskForPolicy { items, reason: "As agreed in the committee".to_owned() };
        let made: RequestMade = self.officer.call(Method::POST, "/policy/requests", Some(&form)).await?;
        self.lead.tell(Method::POST, &format!("/approvals/{}/agree", made.id), None::<&()>).await
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
