//! What administrators do with groups made here, over HTTP.

use chancery_protocol::groups::{
    ChangeGroupMembers, Group, GroupMade, GroupMembers, Groups, MakeGroup, RenameGroup, SetGroupRoles,
};
use chancery_protocol::ids::{GroupId, PersonId};
use chancery_protocol::person::Role;
use reqwest::Method;

use crate::http::{Caller, Refusal};

impl Caller {
    /// A new group with these roles; nobody is in it.
    ///
    /// # Errors
    /// The refusal.
    pub async fn make_group(&self, name: &str, roles: &[Role]) -> Result<GroupId, Refusal> {
        let form = MakeGroup { name: name.to_owned(), roles: roles.to_vec() };
        self.call::<GroupMade>(Method::POST, "/groups", Some(&form)).await.map(|made| made.id)
    }

    /// Calls a group something else.
    ///
    /// # Errors
    /// The refusal.
    pub async fn rename_group(&self, group: GroupId, was: &str, name: &str) -> Result<(), Refusal> {
        let form = RenameGroup { name: name.to_owned(), was: was.to_owned() };
        self.tell(Method::PUT, &format!("/groups/{group}"), Some(&form)).await
    }

    /// Takes people into a group and out of it.
    ///
    /// # Errors
    /// The refusal.
    pub async fn move_members(
        &self,
        group: GroupId,
        add: &[PersonId],
        remove: &[PersonId],
    ) -> Result<(), Refusal> {
        let form = ChangeGroupMembers { add: add.to_vec(), remove: remove.to_vec(), roles: None };
        self.tell(Method::POST, &format!("/groups/{group}/members"), Some(&form)).await
    }

    /// Says what the members of a group may do.
    ///
    /// # Errors
    /// The refusal.
    pub async fn set_group_roles(&self, group: GroupId, roles: &[Role]) -> Result<(), Refusal> {
        let form = SetGroupRoles { roles: roles.to_vec(), was: None };
        self.tell(Method::PUT, &format!("/groups/{group}/roles"), Some(&form)).await
    }

    /// Removes a group.
    ///
    /// # Errors
    /// The refusal.
    pub async fn remove_group(&self, group: GroupId) -> Result<(), Refusal> {
        self.tell(Method::DELETE, &format!("/groups/{group}"), None::<&()>).await
    }

    /// All groups, by name.
    ///
    /// # Errors
    /// The refusal.
    pub async fn user_groups(&self) -> Result<Vec<Group>, Refusal> {
        self.call::<Groups>(Method::GET, "/groups", None::<&()>).await.map(|all| all.groups)
    }

    /// Who is in a group, by name.
    ///
    /// # Errors
    /// The refusal.
    pub async fn members_of(&self, group: GroupId) -> Result<Vec<PersonId>, Refusal> {
        let path = format!("/groups/{group}/members");
        let found: GroupMembers = self.call(Method::GET, &path, None::<&()>).await?;
        Ok(found.members.into_iter().map(|person| person.id).collect())
    }
}
