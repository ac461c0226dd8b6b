//! Groups of people.

use chancery_protocol::groups::{
    ChangeGroupMembers, GroupMade, GroupMembers, Groups, MakeGroup, RenameGroup, SetGroupRoles,
};
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

/// A new one.
pub async fn make(api: ApiClient, form: &MakeGroup) -> Result<GroupMade, ClientError> {
    api.post(GROUPS, form).await
}

/// What it is called.
pub async fn rename(api: ApiClient, group: GroupId, form: &RenameGroup) -> Result<(), ClientError> {
    api.put(&format!("{GROUPS}/{group}"), form).await
}

/// Who comes into it and who leaves it.
pub async fn change_members(
    api: ApiClient,
    group: GroupId,
    form: &ChangeGroupMembers,
) -> Result<(), ClientError> {
    api.tell(&format!("{GROUPS}/{group}/members"), form).await
}

/// It goes.
pub async fn remove(api: ApiClient, group: GroupId) -> Result<(), ClientError> {
    api.delete(&format!("{GROUPS}/{group}")).await
}
