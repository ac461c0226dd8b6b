//! Searching through the front door.

use chancery_protocol::ids::RecordId;
use chancery_protocol::search::{
    ComplianceFound, ComplianceSearch, Context, ContextRequest, NextPage, OwnFound, OwnSearch, SearchFilters,
};
use reqwest::Method;

use crate::http::{Caller, Refusal};
use crate::patience::until;

/// An officer's search without filters.
pub fn compliance_search(reason: &str, query: &str) -> ComplianceSearch {
    ComplianceSearch {
        reason: reason.to_owned(),
        query: query.to_owned(),
        filters: SearchFilters::default(),
        oldest_first: false,
        limit: None,
    }
}

impl Caller {
    /// Searches what one may see.
    ///
    /// # Errors
    /// The refusal.
    pub async fn search(&self, asked: &OwnSearch) -> Result<OwnFound, Refusal> {
        self.call(Method::POST, "/search", Some(asked)).await
    }

    /// Searches for a query and nothing else.
    ///
    /// # Errors
    /// The refusal.
    pub async fn search_for(&self, query: &str) -> Result<OwnFound, Refusal> {
        self.search(&OwnSearch { query: query.to_owned(), ..OwnSearch::default() }).await
    }

    /// Waits until a query finds so many messages.
    pub async fn until_found(&self, query: &str, total: u64) {
        until(&format!("{query} finds {total}"), async || {
            self.search_for(query).await.is_ok_and(|found| found.total == total)
        })
        .await;
    }

    /// Searches as an officer.
    ///
    /// # Errors
    /// The refusal.
    pub async fn search_archive(&self, asked: &ComplianceSearch) -> Result<ComplianceFound, Refusal> {
        self.call(Method::POST, "/compliance/searches", Some(asked)).await
    }

    /// The next page of an officer's search.
    ///
    /// # Errors
    /// The refusal.
    pub async fn next_page(&self, search: RecordId, after: RecordId) -> Result<ComplianceFound, Refusal> {
        let path = format!("/compliance/searches/{search}/pages");
        self.call(Method::POST, &path, Some(&NextPage { after })).await
    }

    /// A message in its context.
    ///
    /// # Errors
    /// The refusal.
    pub async fn context(
        &self,
        search: RecordId,
        message: RecordId,
        around: u16,
    ) -> Result<Context, Refusal> {
        let path = format!("/compliance/searches/{search}/context");
        self.call(Method::POST, &path, Some(&ContextRequest { message, around: Some(around) })).await
    }
}
