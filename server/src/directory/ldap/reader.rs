//! Reading everybody, a page at a time: never more than one page is in memory, and the next is asked for when this one
//! has been dealt with.

use ldap3::Scope;

use super::connection::{Connection, Search, Size};
use super::error::{Error, Fault};
use super::groups::{self, Group};
use super::person::{self, Person, Skipped};
use chancery_protocol::Micros;

/// Groups in a page; each may have very many members.
const GROUPS_AT_A_TIME: u32 = 100;
/// People in the first page with pictures. Pages grow while few or small ones come: most directories have a picture of some.
const PICTURES_AT_FIRST: u32 = 50;
/// Most people in a page after one with pictures; after one without any it may be a whole page.
const MOST_PICTURES: u32 = 250;
/// Bytes of pictures a page may have without the next being smaller.
const PICTURE_BYTES: usize = 4 * 1024 * 1024;
/// Members in one page of groups.
const MAX_MEMBERS_IN_PAGE: usize = 1_000_000;
/// Pages without anything in them that are taken one after the other.
const MAX_EMPTY_PAGES: u32 = 1_000;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What could be taken.
    pub items: Vec<T>,
    /// What could not, and why.
    pub skipped: Vec<Skipped>,
}

/// Where reading is.
struct Pages {
    connection: Option<Connection>,
    cookie: Vec<u8>,
    references: Vec<String>,
}

/// Gives people until there are no more. Whoever concludes from it who is *not* in the directory must have read to the
/// end without an error.
pub struct PeopleReader {
    pages: Pages,
    photo: bool,
    /// People in the next page.
    size: u32,
    now: Micros,
}

/// Gives groups until there are no more; read to the end without an error before concluding what is gone.
pub struct GroupsReader {
    pages: Pages,
}

impl PeopleReader {
    pub(super) fn new(connection: Connection, photo: bool, now: Micros) -> Self {
        let size = connection.settings.page_size;
        let size = if photo { size.min(PICTURES_AT_FIRST) } else { size };
        Self { pages: Pages::new(connection), photo, size, now }
    }

    /// The server that answers; none when there is nothing more to come.
    pub fn server(&self) -> Option<&str> {
        self.pages.server()
    }

    /// URLs of other servers this one named on the way. They were not asked.
    pub fn references(&self) -> &[String] {
        &self.pages.references
    }

    /// The next page; none after the last one, and after an error.
    ///
    /// # Errors
    /// Any [`Fault`] of a search; the reader is at its end then.
    pub async fn next(&mut self) -> Result<Option<Page<Person>>, Error> {
        let Some(mut connection) = self.pages.connection.take() else { return Ok(None) };
        let settings = connection.settings.clone();
        let names = person::attributes(&settings.attributes, self.photo);
        let (base, filter) = (&settings.people.base, &settings.people.filter);
        let mut page = Page { items: Vec::new(), skipped: Vec::new() };
        let take = &mut |entry| match Person::read(&entry, &settings.attributes, self.photo, self.now) {
            Ok(person) => page.items.push(person),
            Err(skipped) => page.skipped.push(skipped),
        };
        let cookie = std::mem::take(&mut self.pages.cookie);
        match next_page(&mut connection, base, filter, &names, (self.size, cookie), take).await {
            Ok(cookie) => self.pages.keep(connection, cookie).await,
            Err(fault) => return Err(connection.error(fault)),
        }
        if self.photo {
            let bytes: usize =
                page.items.iter().filter_map(|person| Some(person.photo.as_ref()?.size())).sum();
            let most = if bytes == 0 { settings.page_size } else { settings.page_size.min(MOST_PICTURES) };
            self.size =
                if bytes > PICTURE_BYTES { (self.size / 2).max(1) } else { (self.size * 2).min(most) };
        }
        Ok(Some(page))
    }
}

impl GroupsReader {
    pub(super) fn new(connection: Connection) -> Self {
        Self { pages: Pages::new(connection) }
    }

    /// The server that answers; none when there is nothing more to come.
    pub fn server(&self) -> Option<&str> {
        self.pages.server()
    }

    /// URLs of other servers this one named on the way. They were not asked.
    pub fn references(&self) -> &[String] {
        &self.pages.references
    }

    /// The next page, every group with all its direct members; none after the last one, and after an error.
    ///
    /// # Errors
    /// Any [`Fault`] of a search; the reader is at its end then.
    pub async fn next(&mut self) -> Result<Option<Page<Group>>, Error> {
        let Some(mut connection) = self.pages.connection.take() else { return Ok(None) };
        match self.page(&mut connection).await {
            Ok((page, cookie)) => {
                self.pages.keep(connection, cookie).await;
                Ok(Some(page))
            }
            Err(fault) => Err(connection.error(fault)),
        }
    }

    async fn page(&mut self, connection: &mut Connection) -> Result<(Page<Group>, Vec<u8>), Fault> {
        let settings = connection.settings.clone();
        let names = &settings.attributes;
        let asked = groups::attributes(names, true);
        let (base, filter) = (&settings.groups.base, &settings.groups.filter);
        let mut page = Page { items: Vec::new(), skipped: Vec::new() };
        let mut long = Vec::new();
        let take = &mut |entry| match groups::read(&entry, names, true) {
            Ok((group, next)) => {
                if next.is_some() {
                    long.push((page.items.len(), next));
                }
                page.items.push(group);
            }
            Err(skipped) => page.skipped.push(skipped),
        };
        let size = (settings.page_size.min(GROUPS_AT_A_TIME), std::mem::take(&mut self.pages.cookie));
        let cookie = next_page(connection, base, filter, &asked, size, take).await?;
        let mut total: usize = page.items.iter().map(|group| group.members.len()).sum();
        let mut cut = Vec::new();
        for (at, next) in long {
            let Some(group) = page.items.get_mut(at) else { continue };
            total -= group.members.len();
            let whole = groups::rest(connection, &group.dn, &names.member, next, &mut group.members);
            if !whole.await? {
                cut.push(at);
            }
            total += group.members.len();
            if total > MAX_MEMBERS_IN_PAGE {
                return Err(Fault::TooMuch { what: "the groups of one page have too many members" });
            }
        }
        for at in cut.into_iter().rev() {
            let group = page.items.remove(at);
            page.skipped.push(groups::too_many(&group));
        }
        Ok((page, cookie))
    }
}

impl Pages {
    fn new(connection: Connection) -> Self {
        Self { connection: Some(connection), cookie: Vec::new(), references: Vec::new() }
    }

    fn server(&self) -> Option<&str> {
        self.connection.as_ref().map(|connection| connection.server.as_str())
    }

    async fn keep(&mut self, connection: Connection, cookie: Vec<u8>) {
        self.references.clone_from(&connection.references);
        if cookie.is_empty() {
            connection.close().await;
        } else {
            self.connection = Some(connection);
            self.cookie = cookie;
        }
    }
}

/// One page with at least an entry in it, or the last one; where the next begins.
pub(super) async fn next_page(
    connection: &mut Connection,
    base: &str,
    filter: &str,
    attributes: &[&str],
    (size, mut cookie): (u32, Vec<u8>),
    take: &mut (dyn FnMut(super::entry::Entry) + Send),
) -> Result<Vec<u8>, Fault> {
    for _ in 0..MAX_EMPTY_PAGES {
        let mut empty = true;
        let search =
            Search { base, scope: Scope::Subtree, filter, attributes, size: Size::Page(size, cookie) };
        let take = &mut |entry| {
            empty = false;
            take(entry);
        };
        cookie = connection.search(&search, take).await?.cookie;
        if cookie.is_empty() || !empty {
            return Ok(cookie);
        }
    }
    Err(Fault::Protocol { what: "there are only empty pages" })
}
