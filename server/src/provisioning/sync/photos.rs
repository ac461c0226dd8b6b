//! Pictures: what a page of entries has becomes what is shown. What did not change is not looked into.

use std::collections::HashMap;

use chancery_protocol::ids::PersonId;
use chancery_protocol::sources::SyncAct;

use super::run::{Run, Stop};
use crate::directory::ldap::{MAX_PHOTO, Photo};
use crate::directory::photos::{self, Kept};
use crate::directory::{picture, store as people};

/// Pictures in one unit: well below 20 ms of work.
const AT_ONCE: usize = 10;

/// Somebody with an account, and the picture the directory has of them.
pub(super) struct Pictured {
    pub person: PersonId,
    pub name: String,
    pub login: String,
    pub photo: Option<Photo>,
}

/// A picture made to be shown.
struct Shown {
    original: [u8; 32],
    picture: Vec<u8>,
}

impl Run {
    /// Does what the pictures of a page say. One that cannot be shown is named in the report, and what was shown stays.
    pub(super) fn set_photos(&mut self, mut page: Vec<Pictured>) -> Result<(), Stop> {
        // Who has none and had none: most people of most directories.
        page.retain(|one| one.photo.is_some() || self.pictured.contains(&one.person));
        if !self.reads_photos || page.is_empty() {
            return Ok(());
        }
        let ids: Vec<PersonId> = page.iter().map(|pictured| pictured.person).collect();
        let kept: HashMap<PersonId, Kept> =
            photos::kept(&mut *self.house.reader()?, &ids)?.into_iter().collect();
        let mut news = Vec::new();
        for pictured in page {
            let Pictured { person, name, login, photo } = &pictured;
            let new = match self.made(photo.as_ref(), kept.get(person)) {
                Ok(Some(new)) => new,
                Ok(None) => continue,
                Err(why) => {
                    self.summary.counts.skipped += 1;
                    self.changes.add(SyncAct::Skipped, Some(*person), name, login, why);
                    continue;
                }
            };
            self.changed(*person, name, login, "picture");
            news.push((*person, new));
            self.alive()?;
        }
        self.write_photos(news)
    }

    /// What is to be shown from now on, when that is another; inside none when it is nothing.
    fn made(&self, photo: Option<&Photo>, kept: Option<&Kept>) -> Result<Option<Option<Shown>>, String> {
        let own = kept.is_some_and(|kept| kept.source == self.source.id);
        // Two directories would change it in turn.
        if kept.is_some_and(|kept| kept.linked) && !own {
            return Ok(None);
        }
        let bytes = match photo {
            None => return Ok(own.then_some(None)),
            Some(Photo::TooLarge) => return Err(format!("the picture has more than {MAX_PHOTO} bytes")),
            Some(Photo::Bytes(bytes)) => bytes,
        };
        let original = photos::original(bytes);
        if own && kept.is_some_and(|kept| kept.original == original) {
            return Ok(None);
        }
        let picture = picture::shown(bytes).map_err(|why| why.to_string())?;
        Ok(Some(Some(Shown { original, picture })))
    }

    /// A source that reads no pictures any more has none: those it set before go.
    pub(super) fn drop_photos(&mut self) -> Result<(), Stop> {
        if self.reads_photos {
            return Ok(());
        }
        let ids: Vec<PersonId> = self.pictured.iter().copied().collect();
        for some in ids.chunks(AT_ONCE) {
            let rows = people::some(&mut *self.house.reader()?, some)?;
            rows.iter().for_each(|row| self.changed(row.person(), &row.name, &row.username, "picture"));
            self.write_photos(some.iter().map(|person| (*person, None)).collect())?;
        }
        Ok(())
    }

    fn write_photos(&mut self, news: Vec<(PersonId, Option<Shown>)>) -> Result<(), Stop> {
        if self.form.dry {
            return Ok(());
        }
        for some in news.chunks(AT_ONCE) {
            let vault = self.house.journal.vault();
            let mut sealed = Vec::with_capacity(some.len());
            for (person, shown) in some {
                let new = match shown {
                    Some(Shown { original, picture }) => {
                        Some(photos::New::seal(vault, *person, *original, picture)?)
                    }
                    None => None,
                };
                sealed.push((*person, new));
            }
            self.house.access.set_photos(sealed, self.source.id)?;
            self.alive()?;
        }
        Ok(())
    }
}
