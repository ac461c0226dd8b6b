//! Searching what one may see.

use chancery_protocol::search::{OwnFound, OwnSearch};
use chancery_ui_kit::api::{ApiClient, ClientError};
use serde::Deserialize;

/// The answer. Flattened, its messages and people are read by the code that reads them out of frames, which is in the
/// bundle anyway; reading them directly would be a second copy of all of it.
#[derive(Deserialize)]
struct Answer {
    #[serde(flatten)]
    found: OwnFound,
}

/// A page of what was found.
pub async fn own(api: ApiClient, asked: &OwnSearch) -> Result<OwnFound, ClientError> {
    let Answer { found } = api.post("/api/v1/search", asked).await?;
    Ok(found)
}
