//! Groups of people.

use chancery_protocol::groups::{GroupMembers, Groups, SetGroupRoles};
use chancery_protocol::ids::GroupId;
use chancery_ui_kit::api::{ApiClient, ClientError};

const GROUPS: &str = "/api/v1/groups";

/// All of them, by name.
pub async fn list(api: ApiClient) -> Result<Groups, ClientError> {
    api.get(GROUPS).await
}

/// Who is in one.
pub async fn members(api: ApiClient, group: GroupId) -> Result<GroupMembers, ClientError> {
    api.get(&format!("{GROUPS}/{group}/members")).await
}

/// What its members may do.
pub async fn set_roles(api: ApiClient, group: GroupId, form: &SetGroupRoles) -> Result<(), ClientError> {
    api.put(&format!("{GROUPS}/{group}/roles"), form).await
}
