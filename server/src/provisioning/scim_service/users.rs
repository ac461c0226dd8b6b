//! Users: what a source writes of somebody, and what becomes of their account.

use std::collections::BTreeMap;

use chancery_protocol::ids::{Id, PersonId, SourceId};
use chancery_protocol::sources::Connection;
use serde_json::Value;

use super::super::identities::MAX_SUBJECT;
use super::super::scim::{Error, Kind, Outcome, Resource, ScimType, fold};
use super::listing::{self, Found};
use super::visit::{Refused, Visit};
use super::{Ask, check_keys, settled};
use crate::access::{Also, Done, Vouched, Wish};
use crate::directory::names;
use crate::directory::records::Profile;
use crate::directory::resources::{self, Of};
use crate::ground::db::Conn;
use crate::ground::error::Code;

impl Visit {
    /// Somebody new to the source: an account is made, or found. Who was taken away and is named by the same `userName` again has
    /// their account back.
    pub(super) fn create_user(&self, body: &Value) -> Result<[u8; 16], Refused> {
        let new = Resource::create(Kind::User, body)?;
        check_keys(&new)?;
        let wish = Wish {
            vouched: self.vouched(&new, None)?,
            active: Some(new.active()),
            signs_in: self.signs_in(&new)?,
            signed_in: None,
        };
        let source = self.source.id;
        let person = self.house.access.keep_person(&wish, |person| {
            let written = self.written(person.bytes(), &new)?;
            Ok(Box::new(move |conn: &mut Conn, done: &Done<'_>| {
                resources::insert(conn, source, Of::Person, done.person.bytes(), &written, done.at)
            }) as Also)
        })?;
        Ok(person?.bytes())
    }

    /// Somebody changes.
    pub(super) fn change_user(
        &self,
        ask: &Ask,
        id: [u8; 16],
        change: impl Fn(&Resource) -> Result<Outcome, Error>,
    ) -> Result<(), Refused> {
        settled(|| {
            let Found { row, resource: before, etag, .. } = self.found(Kind::User, id)?;
            ask.check_match(&etag)?;
            let Outcome { resource: after, changed } = change(&before)?;
            if !changed {
                return Ok(());
            }
            check_keys(&after)?;
            let wish = Wish {
                vouched: self.vouched(&after, Some(id))?,
                active: (before.active() != after.active()).then_some(after.active()),
                signs_in: self.signs_in(&after)?,
                signed_in: self.signs_in(&before)?,
            };
            let (source, version) = (self.source.id, row.version());
            self.house.access.keep_person(&wish, |person| {
                let written = self.written(person.bytes(), &after)?;
                Ok(Box::new(move |conn: &mut Conn, done: &Done<'_>| {
                    resources::change(conn, source, Of::Person, (id, version), &written, done.at)
                }) as Also)
            })??;
            Ok(())
        })
    }

    /// The source no longer has somebody: their account is suspended and in none of its groups. The account, its records and its
    /// identity at the source stay.
    pub(super) fn remove_user(&self, ask: &Ask, id: [u8; 16]) -> Result<(), Refused> {
        settled(|| {
            let Found { row, resource: before, etag, .. } = self.found(Kind::User, id)?;
            ask.check_match(&etag)?;
            let vouched = Vouched {
                // Nothing new is said of them.
                name: String::new(),
                profile: Profile::default(),
                whole: false,
                says_manager: false,
                groups: Some(BTreeMap::new()),
                ..self.vouched(&before, Some(id))?
            };
            let signed_in = self.signs_in(&before)?;
            let wish = Wish { vouched, active: Some(false), signs_in: None, signed_in };
            let (source, version) = (self.source.id, row.version());
            self.house.access.keep_person(&wish, |_| {
                Ok(Box::new(move |conn: &mut Conn, done: &Done<'_>| {
                    resources::remove(conn, source, Of::Person, (id, version))?;
                    resources::touch(conn, source, done.left, done.at)
                }) as Also)
            })??;
            Ok(())
        })
    }

    /// What the source says of somebody.
    fn vouched(&self, resource: &Resource, id: Option<[u8; 16]>) -> Result<Vouched, Refused> {
        let refused = |detail| Error::bad(ScimType::InvalidValue, detail);
        let login = resource.text("userName").ok_or_else(|| refused("userName: is required"))?;
        let name = resource.shown_name().and_then(|name| names::name_from(&name));
        let name = name.ok_or_else(|| refused("displayName: nothing of it can be shown"))?;
        let line = |text: Option<&str>| text.and_then(names::name_from);
        Ok(Vouched {
            source: self.source.id,
            revision: self.source.revision,
            admission: self.source.form.admission.clone(),
            subject: String::new(),
            person: id.map(PersonId::from_bytes),
            found_by: names::username_of(login, None),
            login: fold(login),
            name,
            profile: Profile {
                email: resource.email().and_then(address),
                title: line(resource.text("title")),
                department: line(resource.enterprise("department")),
                manager: self.manager(resource)?,
            },
            whole: true,
            says_manager: true,
            groups: None,
        })
    }

    /// Whom somebody reports to: by our id for another user of this source, as it goes by for members of groups.
    fn manager(&self, resource: &Resource) -> Result<Option<PersonId>, Refused> {
        let id = resource.manager().and_then(listing::id_of).map(PersonId::from_bytes);
        let Some(id) = id else { return Ok(None) };
        let users = resources::users_among(&mut *self.house.reader()?, self.source.id, &[id])?;
        Ok(users.contains(&id).then_some(id))
    }

    /// Who somebody is at the provider where they sign in, if that is set up.
    fn signs_in(&self, resource: &Resource) -> Result<Option<(SourceId, String)>, Refused> {
        let Connection::Scim(settings) = &self.source.form.connection else { return Ok(None) };
        let (Some(provider), Some(subject)) = (settings.linked_provider, resource.text("externalId")) else {
            return Ok(None);
        };
        // Nobody has such a subject.
        if subject.len() > MAX_SUBJECT {
            return Ok(None);
        }
        match self.house.source(provider) {
            Ok(_) => Ok(Some((provider, subject.to_owned()))),
            // It was removed since.
            Err(error) if error.code == Code::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Longest e-mail address there is.
const MAX_ADDRESS: usize = 254;

/// An e-mail address as accounts have it; none for what is none.
fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = text.len() <= MAX_ADDRESS
        && text.contains('@')
        && !text.chars().any(|c| c.is_whitespace() || names::unfit(c));
    fits.then(|| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn what_is_no_address_is_none() {
        assert_eq!(address(" Ada@Example.COM ").as_deref(), Some("ada@example.com"));
        for wrong in ["", "ada", "ada @example.com", "ada\u{202e}@example.com", &"a@".repeat(128)] {
            assert_eq!(address(wrong), None, "{wrong:?}");
        }
    }
}
