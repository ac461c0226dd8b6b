//! The policy text, over HTTP: put in force by two people, accepted and declined by everybody.

use chancery_protocol::acceptance::{
    AcceptanceState, Acceptances, AnswerPolicy, PolicyStanding, PolicyTexts,
};
use chancery_protocol::approvals::RequestMade;
use chancery_protocol::http::SignedOut;
use chancery_protocol::person::Role;
use chancery_protocol::policy::{
    AskForPolicy, AskItem, Content, DraftSaved, Item, ItemKind, PolicyText, SaveDraft, Section, TEXT_NAME,
};
use reqwest::Method;
use serde_json::Value;

use crate::house::House;
use crate::http::{Caller, Refusal};

/// Two people who put the text in force.
pub struct Officers {
    /// Writes it and asks.
    pub officer: Caller,
    /// Agrees.
    pub lead: Caller,
}

/// A text of two sections.
pub fn text(title: &str, every_days: u32) -> PolicyText {
    let section = |heading: &str, text: &str| Section { heading: heading.to_owned(), text: text.to_owned() };
    PolicyText {
        title: title.to_owned(),
        sections: vec![
            section("Who this covers", "Everybody who writes here."),
            section("What is kept", "All of it."),
        ],
        essence: vec!["Everything is kept. For years.".to_owned()],
        every_days,
    }
}

impl Officers {
    /// An officer and a lead of a house; neither of them chats.
    pub async fn of(house: &House) -> Self {
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let lead = house.invite_and_redeem("lena", &[Role::ComplianceLead]).await;
        Self { officer, lead }
    }

    async fn item(&self) -> Option<Item> {
        self.officer.call(Method::GET, &address(""), None::<&()>).await.ok()
    }

    /// Puts a text in force.
    pub async fn put_in_force(&self, text: PolicyText) {
        let expected = self.item().await.and_then(|item| item.line.draft).map(|draft| draft.at);
        let draft = SaveDraft { content: Content::Text(text), expected };
        let saved: DraftSaved =
            self.officer.call(Method::PUT, &address("/draft"), Some(&draft)).await.unwrap();
        self.ask(true, Some(saved.at)).await;
    }

    /// Takes the text out of force.
    pub async fn switch_off(&self) {
        self.ask(false, None).await;
    }

    async fn ask(&self, in_force: bool, draft: Option<i64>) {
        let version = self.item().await.map_or(0, |item| item.line.version);
        let name = TEXT_NAME.to_owned();
        let item = AskItem { kind: ItemKind::Text, name, version, in_force, place: None, draft };
        let asked = AskForPolicy { items: vec![item], reason: "The house wants it so.".to_owned() };
        let made: RequestMade =
            self.officer.call(Method::POST, "/policy/requests", Some(&asked)).await.unwrap();
        let agree = format!("/approvals/{}/agree", made.id);
        let agreed = self.lead.send(Method::POST, &format!("/api/v1{agree}"), None).await;
        assert!(agreed.status().is_success(), "{agree}: {}", agreed.status());
    }
}

fn address(rest: &str) -> String {
    format!("/policy/items/{}/{TEXT_NAME}{rest}", ItemKind::Text)
}

impl Caller {
    /// The text in force, and where one stands.
    ///
    /// # Errors
    /// The refusal.
    pub async fn policy(&self) -> Result<PolicyStanding, Refusal> {
        self.call(Method::GET, "/policy/text", None::<&()>).await
    }

    /// The answer to what is in force.
    pub async fn policy_answer(&self) -> AnswerPolicy {
        let current = self.policy().await.unwrap().current.expect("no text is in force");
        AnswerPolicy { version: current.version, fingerprint: current.fingerprint }
    }

    /// Accepts what is in force.
    ///
    /// # Errors
    /// The refusal.
    pub async fn accept_policy(&self) -> Result<PolicyStanding, Refusal> {
        let answer = self.policy_answer().await;
        self.call(Method::POST, "/policy/accept", Some(&answer)).await
    }

    /// Declines what is in force.
    ///
    /// # Errors
    /// The refusal.
    pub async fn decline_policy(&self) -> Result<SignedOut, Refusal> {
        let answer = self.policy_answer().await;
        self.call(Method::POST, "/policy/decline", Some(&answer)).await
    }

    /// Who accepted a version, or has yet to; `query` is what follows.
    ///
    /// # Errors
    /// The refusal.
    pub async fn acceptances(&self, state: AcceptanceState, query: &str) -> Result<Acceptances, Refusal> {
        let state = serde_json::to_value(state).unwrap();
        let state = state.as_str().unwrap_or_default();
        self.call(Method::GET, &format!("/policy/acceptances?state={state}{query}"), None::<&()>).await
    }

    /// Every version of the text.
    ///
    /// # Errors
    /// The refusal.
    pub async fn policy_text_versions(&self) -> Result<PolicyTexts, Refusal> {
        self.call(Method::GET, "/policy/text/versions", None::<&()>).await
    }

    /// Whether something answers, and what.
    ///
    /// # Errors
    /// The refusal.
    pub async fn look(&self, path: &str) -> Result<Value, Refusal> {
        self.call(Method::GET, path, None::<&()>).await
    }
}
