//! Entries as people: who they are, and whether their account may be used.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::Attributes;
use super::entry::Entry;
use chancery_protocol::Micros;

/// Largest picture, in bytes.
pub const MAX_PHOTO: usize = 1024 * 1024;

/// What tells whether an account may be used, in every kind of directory. Servers pass over names they do not know.
pub(super) const STATE_ATTRIBUTES: [&str; 5] = [
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "accountExpires",
    "lockoutTime",
    "pwdAccountLockedTime",
];

const ACCOUNT_DISABLED: i64 = 0x2;
const LOCKED_OUT: i64 = 0x10;
/// The value with which an OpenLDAP administrator locks an account for good.
const FOR_GOOD: &str = "000001010000Z";
/// From 1601, where Active Directory's time begins, to 1970, in microseconds.
const EPOCH: i64 = 11_644_473_600_000_000;

/// Somebody in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What never changes. A GUID in its usual form (also of a binary objectGUID), another text as it is, other
    /// bytes in hexadecimal after `0x`.
    pub id: String,
    /// Where the entry is now.
    pub dn: String,
    /// The name they sign in with.
    pub login: String,
    /// The name colleagues see.
    pub display_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// What they are.
    pub title: Option<String>,
    /// Where they belong.
    pub department: Option<String>,
    /// DN of whom they report to.
    pub manager_dn: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// A picture, when pictures were asked for.
    pub photo: Option<Photo>,
    /// Whether the account may be used.
    pub state: State,
    /// When the entry was changed; only to be compared with an earlier one of the same server.
    pub changed: Option<String>,
    /// First values of the attributes named in [`Attributes::more`], by the name used there.
    pub more: BTreeMap<String, String>,
}

/// A picture as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Photo {
    /// It. Nobody has looked into it.
    Bytes(Vec<u8>),
    /// It has more than [`MAX_PHOTO`] bytes.
    TooLarge,
}

impl Photo {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes.len() {
            0 => None,
            1..=MAX_PHOTO => Some(Self::Bytes(bytes.to_vec())),
            _ => Some(Self::TooLarge),
        }
    }

    /// What it takes in a page, at least.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::TooLarge => MAX_PHOTO,
        }
    }
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Yes.
    Active,
    /// An administrator said no.
    Disabled,
    /// Not for now: too many wrong passwords.
    Locked,
    /// Its time is over.
    Expired,
}

/// An entry that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which.
    pub dn: String,
    /// What never changes, when that much can be read.
    pub id: Option<String>,
    /// Why, for an administrator.
    pub why: String,
}

impl Skipped {
    pub(super) fn without(entry: &Entry, id: Option<&String>, attribute: &str) -> Self {
        Self {
            dn: entry.dn.clone(),
            id: id.cloned(),
            why: format!("there is no usable value of `{attribute}`"),
        }
    }
}

/// Names of the attributes a person is made of.
pub(super) fn attributes(names: &Attributes, photo: bool) -> Vec<&str> {
    let mut all = vec![
        names.id.as_str(),
        &names.login,
        &names.display_name,
        &names.email,
        &names.title,
        &names.department,
        &names.manager,
        &names.phone,
        &names.changed,
    ];
    all.extend(names.more.iter().map(String::as_str));
    if photo {
        all.push(&names.photo);
    }
    all.retain(|name| !name.is_empty());
    all.extend(STATE_ATTRIBUTES);
    all
}

impl Person {
    pub(super) fn read(entry: &Entry, names: &Attributes, photo: bool, now: Micros) -> Result<Self, Skipped> {
        let id = entry.first(&names.id).and_then(|id| id_text(&names.id, id));
        let id = id.ok_or_else(|| Skipped::without(entry, None, &names.id))?;
        let needed = |name: &str| entry.text(name).ok_or_else(|| Skipped::without(entry, Some(&id), name));
        let photo = if photo { entry.first(&names.photo) } else { None };
        Ok(Self {
            login: needed(&names.login)?,
            display_name: needed(&names.display_name)?,
            id,
            dn: entry.dn.clone(),
            email: entry.text(&names.email),
            title: entry.text(&names.title),
            department: entry.text(&names.department),
            manager_dn: entry.text(&names.manager),
            phone: entry.text(&names.phone),
            photo: photo.and_then(Photo::of),
            state: State::read(entry, now),
            changed: entry.text(&names.changed),
            more: names.more.iter().filter_map(|name| Some((name.clone(), entry.text(name)?))).collect(),
        })
    }
}

impl State {
    pub(super) fn read(entry: &Entry, now: Micros) -> Self {
        let flags = entry.number("userAccountControl").unwrap_or_default();
        let locked = entry.text("pwdAccountLockedTime");
        if flags & ACCOUNT_DISABLED != 0 || locked.as_deref() == Some(FOR_GOOD) {
            return Self::Disabled;
        }
        if entry.number("accountExpires").and_then(expiry).is_some_and(|end| end <= now) {
            return Self::Expired;
        }
        // The time of a lock-out stays when it is over; only the computed flags know.
        let locked_out = match entry.number("msDS-User-Account-Control-Computed") {
            Some(flags) => flags & LOCKED_OUT != 0,
            None => entry.number("lockoutTime").is_some_and(|time| time > 0),
        };
        if locked_out || locked.is_some() { Self::Locked } else { Self::Active }
    }
}

/// When an account of Active Directory ends; it writes tenths of microseconds since 1601, and 0 or the largest
/// number for never.
fn expiry(time: i64) -> Option<Micros> {
    (time > 0 && time != i64::MAX).then(|| time / 10 - EPOCH)
}

/// The text form of an id; none for an empty one.
pub(super) fn id_text(attribute: &str, id: &[u8]) -> Option<String> {
    if attribute.eq_ignore_ascii_case("objectGUID") {
        // Its first three fields are little-endian.
        return Uuid::from_slice_le(id).ok().map(|id| id.hyphenated().to_string());
    }
    if id.is_empty() || id.len() > 256 {
        return None;
    }
    match std::str::from_utf8(id) {
        Ok(text) if !text.chars().any(char::is_control) => {
            let text = text.trim();
            // Hyphenated ones only: a number of 32 digits is no GUID.
            let guid = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
            let text = guid.map_or_else(|| text.to_owned(), |id| id.hyphenated().to_string());
            (!text.is_empty()).then_some(text)
        }
        _ => {
            let digits: Vec<String> = id.iter().map(|byte| format!("{byte:02x}")).collect();
            Some(format!("0x{}", digits.concat()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Settings};
    use super::*;

    const NOW: Micros = 1_800_000_000_000_000;

    #[test]
    fn a_guid_is_written_as_microsoft_does() {
        let bytes =
            [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
        let text = "00112233-4455-6677-8899-aabbccddeeff".to_owned();
        assert_eq!(id_text("ObjectGuid", &bytes), Some(text.clone()));
        assert_eq!(id_text("objectGUID", &bytes[..15]), None);
        assert_eq!(id_text("entryUUID", text.to_uppercase().as_bytes()), Some(text));
        assert_eq!(id_text("employeeNumber", b" 007 "), Some("007".to_owned()));
        assert_eq!(id_text("objectSid", &[1, 5, 0xff]), Some("0x0105ff".to_owned()));
        assert_eq!(id_text("uid", b""), None);
    }

    #[test]
    fn the_state_of_an_account_is_read_from_either_directory() {
        let state = |attributes: &[(&str, &[u8])]| {
            let attributes: Vec<(&str, [&[u8]; 1])> =
                attributes.iter().map(|(name, value)| (*name, [*value])).collect();
            let attributes: Vec<(&str, &[&[u8]])> =
                attributes.iter().map(|(name, value)| (*name, &value[..])).collect();
            State::read(&Entry::of("cn=a", &attributes), NOW)
        };
        assert_eq!(state(&[]), State::Active);
        assert_eq!(state(&[("userAccountControl", b"512")]), State::Active);
        assert_eq!(state(&[("userAccountControl", b"514")]), State::Disabled);
        assert_eq!(state(&[("pwdAccountLockedTime", b"000001010000Z")]), State::Disabled);
        assert_eq!(state(&[("pwdAccountLockedTime", b"20261122060000Z")]), State::Locked);
        assert_eq!(state(&[("lockoutTime", b"0")]), State::Active);
        assert_eq!(state(&[("lockoutTime", b"134000000000000000")]), State::Locked);
        let over =
            [("lockoutTime", &b"134000000000000000"[..]), ("msDS-User-Account-Control-Computed", b"0")];
        assert_eq!(state(&over), State::Active);
        assert_eq!(state(&[("msDS-User-Account-Control-Computed", b"16")]), State::Locked);
        for (expires, expected) in [
            ("0", State::Active),
            ("9223372036854775807", State::Active),
            ("134444736000000000", State::Expired),
            ("134444736000000010", State::Active),
        ] {
            assert_eq!(state(&[("accountExpires", expires.as_bytes())]), expected, "{expires}");
        }
    }

    #[test]
    fn who_lacks_what_is_needed_is_skipped_with_the_reason() {
        let names = Settings::of(Kind::OpenLdap).attributes;
        let whole: [(&str, &[&[u8]]); 4] =
            [("entryUUID", &[b"1-2"]), ("uid", &[b"ada"]), ("cn", &[b"Ada"]), ("mail", &[b"ada@x", b"b@x"])];
        let person = Person::read(&Entry::of("uid=ada", &whole), &names, false, NOW).unwrap();
        assert_eq!(
            (person.id.as_str(), person.login.as_str(), person.email.as_deref()),
            ("1-2", "ada", Some("ada@x"))
        );
        for missing in 0..3 {
            let mut some = whole.to_vec();
            let (name, _) = some.remove(missing);
            let skipped = Person::read(&Entry::of("uid=ada", &some), &names, false, NOW).unwrap_err();
            assert!(skipped.dn == "uid=ada" && skipped.why.contains(name), "{skipped:?}");
        }
    }

    #[test]
    fn pictures_come_when_asked_for_and_only_up_to_a_size() {
        let mut names = Settings::of(Kind::OpenLdap).attributes;
        names.more = vec!["employeeType".to_owned(), "roomNumber".to_owned()];
        let read = |photo: &[u8], asked| {
            let entry = Entry::of(
                "uid=ada",
                &[
                    ("entryUUID", &[b"1"]),
                    ("uid", &[b"a"]),
                    ("cn", &[b"A"]),
                    ("jpegPhoto", &[photo]),
                    ("EmployeeType", &[b"private"]),
                ],
            );
            Person::read(&entry, &names, asked, NOW).unwrap()
        };
        assert_eq!(read(&[0xff, 0xd8], true).photo, Some(Photo::Bytes(vec![0xff, 0xd8])));
        assert_eq!(read(&[0xff, 0xd8], false).photo, None);
        assert_eq!(read(&vec![0; MAX_PHOTO + 1], true).photo, Some(Photo::TooLarge));
        assert_eq!(read(&[], true).photo, None);
        let more = read(&[], true).more;
        assert_eq!(more.into_iter().collect::<Vec<_>>(), [("employeeType".to_owned(), "private".to_owned())]);
    }
}
