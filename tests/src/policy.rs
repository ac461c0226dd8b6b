//! What officers do with rules, word lists and the policy text, over HTTP.

use chancery_protocol::Micros;
use chancery_protocol::approvals::{
    ApprovalCount, ApprovalDetail, ApprovalQuery, Approvals, RefuseRequest, RequestMade, RequestState,
};
use chancery_protocol::ids::RequestId;
use chancery_protocol::policy::{
    AskForPolicy, AskItem, Content, DraftSaved, Item, ItemKind, ItemLine, Items, PackTaken, SaveDraft,
    Version, Versions,
};
use reqwest::Method;

use crate::http::{Caller, Refusal};

/// That an item be in force, or off, with that draft.
pub fn asks(kind: ItemKind, name: &str, version: u32, in_force: bool, draft: Option<Micros>) -> AskItem {
    AskItem { kind, name: name.to_owned(), version, in_force, place: None, draft }
}

/// A small rule: what it looks for, and what then happens.
pub fn rule(name: &str, outcome: &str, matching: &str) -> Content {
    let rule = serde_json::json!({
        "id": name,
        "name": format!("Rule {name}"),
        "why": "This is looked for in tests.",
        "ask": "Compliance",
        "outcome": outcome,
        "severity": "high",
        "match": matching,
    });
    Content::Rule { rule }
}

/// An officer writes these, asks that they count, and a lead agrees.
pub async fn put_in_force(officer: &Caller, lead: &Caller, contents: &[(&str, Content)]) {
    let mut items = Vec::new();
    for (name, content) in contents {
        let kind = content.kind();
        let now = officer.policy_item(kind, name).await.ok();
        let (version, expected) =
            now.map_or((0, None), |item| (item.line.version, item.line.draft.map(|draft| draft.at)));
        let at = officer.save_policy_draft(name, content, expected).await.unwrap();
        items.push(asks(kind, name, version, true, Some(at)));
    }
    let id = officer.ask_for_policy(items, "So that it counts.").await.unwrap();
    lead.agree(id).await.unwrap();
}

/// An officer takes a delivered pack and asks that it counts, with every other draft of something new, and a lead agrees.
pub async fn put_pack_in_force(officer: &Caller, lead: &Caller, pack: &str) {
    officer.take_pack(pack).await.unwrap();
    let drafts = officer.policy_items().await.unwrap().into_iter().filter(|item| item.version == 0);
    let items = drafts.map(|item| asks(item.kind, &item.name, 0, true, item.draft.map(|draft| draft.at)));
    let id = officer.ask_for_policy(items.collect(), "So that it counts.").await.unwrap();
    lead.agree(id).await.unwrap();
}

impl Caller {
    /// All items.
    ///
    /// # Errors
    /// The refusal.
    pub async fn policy_items(&self) -> Result<Vec<ItemLine>, Refusal> {
        self.call::<Items>(Method::GET, "/policy/items", None::<&()>).await.map(|all| all.items)
    }

    /// One item.
    ///
    /// # Errors
    /// The refusal.
    pub async fn policy_item(&self, kind: ItemKind, name: &str) -> Result<Item, Refusal> {
        self.call(Method::GET, &format!("/policy/items/{kind}/{name}"), None::<&()>).await
    }

    /// The versions of an item, newest first.
    ///
    /// # Errors
    /// The refusal.
    pub async fn policy_versions(&self, kind: ItemKind, name: &str) -> Result<Vec<Version>, Refusal> {
        let path = format!("/policy/items/{kind}/{name}/versions");
        self.call::<Versions>(Method::GET, &path, None::<&()>).await.map(|all| all.versions)
    }

    /// Keeps a draft in the place of the expected one; answers with its time.
    ///
    /// # Errors
    /// The refusal.
    pub async fn save_policy_draft(
        &self,
        name: &str,
        content: &Content,
        expected: Option<Micros>,
    ) -> Result<Micros, Refusal> {
        let path = format!("/policy/items/{}/{name}/draft", content.kind());
        let form = SaveDraft { content: content.clone(), expected };
        self.call::<DraftSaved>(Method::PUT, &path, Some(&form)).await.map(|saved| saved.at)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// The refusal.
    pub async fn drop_policy_draft(
        &self,
        kind: ItemKind,
        name: &str,
        expected: Micros,
    ) -> Result<(), Refusal> {
        let path = format!("/policy/items/{kind}/{name}/draft?expected={expected}");
        self.tell(Method::DELETE, &path, None::<&()>).await
    }

    /// Makes drafts of a delivered pack; answers how many.
    ///
    /// # Errors
    /// The refusal.
    pub async fn take_pack(&self, pack: &str) -> Result<u32, Refusal> {
        let path = format!("/policy/packs/{pack}");
        self.call::<PackTaken>(Method::POST, &path, None::<&()>).await.map(|taken| taken.made)
    }

    /// Asks that items be so.
    ///
    /// # Errors
    /// The refusal.
    pub async fn ask_for_policy(&self, items: Vec<AskItem>, reason: &str) -> Result<RequestId, Refusal> {
        let form = AskForPolicy { items, reason: reason.to_owned() };
        self.call::<RequestMade>(Method::POST, "/policy/requests", Some(&form)).await.map(|made| made.id)
    }

    /// Agrees to a request.
    ///
    /// # Errors
    /// The refusal.
    pub async fn agree(&self, id: RequestId) -> Result<(), Refusal> {
        self.tell(Method::POST, &format!("/approvals/{id}/agree"), None::<&()>).await
    }

    /// Refuses a request.
    ///
    /// # Errors
    /// The refusal.
    pub async fn refuse(&self, id: RequestId, words: &str) -> Result<(), Refusal> {
        let form = RefuseRequest { words: words.to_owned() };
        self.tell(Method::POST, &format!("/approvals/{id}/refuse"), Some(&form)).await
    }

    /// Takes a request back.
    ///
    /// # Errors
    /// The refusal.
    pub async fn withdraw(&self, id: RequestId) -> Result<(), Refusal> {
        self.tell(Method::POST, &format!("/approvals/{id}/withdraw"), None::<&()>).await
    }

    /// A page of requests.
    ///
    /// # Errors
    /// The refusal.
    pub async fn approvals(&self, query: &ApprovalQuery) -> Result<Approvals, Refusal> {
        let state = query.state.map(|state| match state {
            RequestState::Waiting => "waiting",
            RequestState::Agreed => "agreed",
            RequestState::Refused => "refused",
            RequestState::Withdrawn => "withdrawn",
            RequestState::Lapsed => "lapsed",
        });
        let state = state.map(|state| format!("state={state}"));
        let before = query.before.map(|before| format!("before={before}"));
        let query: Vec<String> = [state, before].into_iter().flatten().collect();
        self.call(Method::GET, &format!("/approvals?{}", query.join("&")), None::<&()>).await
    }

    /// A request as a whole.
    ///
    /// # Errors
    /// The refusal.
    pub async fn approval(&self, id: RequestId) -> Result<ApprovalDetail, Refusal> {
        self.call(Method::GET, &format!("/approvals/{id}"), None::<&()>).await
    }

    /// How much waits for the caller.
    ///
    /// # Errors
    /// The refusal.
    pub async fn approvals_waiting(&self) -> Result<u64, Refusal> {
        self.call::<ApprovalCount>(Method::GET, "/approvals/count", None::<&()>)
            .await
            .map(|count| count.waiting)
    }
}
