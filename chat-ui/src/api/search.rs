//! Searching what one may see.

use chancery_protocol::search::{OwnFound, OwnSearch};
use chancery_ui_kit::api::{ApiClient, ClientError};

/// A page of what was found.
pub async fn own(api: ApiClient, asked: &OwnSearch) -> Result<OwnFound, ClientError> {
    api.post("/api/v1/search", asked).await
}
