//! Avatars: a picture, or initials on a colour chosen by a hash of the person's id. Decoration beside a name, never instead of one.

use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::person::Presence;
use leptos::prelude::*;

use crate::presence::PresenceShape;
use crate::reactive::{memo, on, part};

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 20 px.
    Tiny,
    /// 28 px.
    Small,
    /// 36 px.
    #[default]
    Medium,
    /// 44 px.
    Large,
}

impl Size {
    fn class(self) -> &'static str {
        match self {
            Self::Tiny => "avatar-20",
            Self::Small => "avatar-28",
            Self::Medium => "avatar-36",
            Self::Large => "avatar-44",
        }
    }
}

/// Which of the eight colours a person has, 1 to 8.
pub fn colour(person: PersonId) -> u32 {
    let hash = person
        .bytes()
        .into_iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 15)) % 8 + 1
}

/// The first letters of the first and the last word of a name, as written; the style sheet makes them capitals.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).collect()
}

/// Where a picture is; another picture has another address.
fn address(person: PersonId, photo: &str) -> String {
    format!("/api/v1/people/{person}/photo?v={photo}")
}

/// A person's square. The initials stand below the picture until it is there, and when it cannot be had.
#[component]
pub fn Avatar(
    /// Whose.
    person: PersonId,
    /// Their name.
    #[prop(into)]
    name: Signal<String>,
    /// Which picture of them there is (`Person::photo`).
    #[prop(optional, into)]
    photo: MaybeProp<String>,
    /// How large.
    #[prop(optional)]
    size: Size,
    /// Their state, when it is to be seen.
    #[prop(optional, into)]
    presence: MaybeProp<Presence>,
) -> impl IntoView {
    let failed = RwSignal::new(None::<String>);
    let shown =
        memo(move || photo.get().filter(|photo| failed.with(|failed| failed.as_ref() != Some(photo))));
    let picture = part(move || match shown.get() {
        Some(photo) => {
            let src = address(person, &photo);
            let fails = move |_| failed.set(Some(photo.clone()));
            view! { <img class="avatar-photo" src=src alt="" draggable="false" on:error=on(fails) /> }
                .into_any()
        }
        None => ().into_any(),
    });
    view! {
        <span class=format!("avatar {} avatar-c{}", size.class(), colour(person)) aria-hidden="true">
            {move || initials(&name.get())}
            {picture}
            {move || presence.get().map(|presence| view! { <PresenceShape presence /> })}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::{address, colour, initials};
    use chancery_protocol::ids::{Id, PersonId};

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("Lena Fischer"), "LF");
        assert_eq!(initials("jun de la watanabe"), "jw");
        assert_eq!(initials("Madonna"), "M");
        assert_eq!(initials("(Ops) Desk"), "OD");
        assert_eq!(initials("  "), "");
    }

    #[test]
    fn another_picture_has_another_address() {
        let person = PersonId::from_bytes([1; 16]);
        assert_eq!(
            address(person, "5e884898da280471"),
            "/api/v1/people/01010101-0101-0101-0101-010101010101/photo?v=5e884898da280471"
        );
        assert_ne!(address(person, "a"), address(person, "b"));
    }

    #[test]
    fn all_eight_colours_occur() {
        let mut seen = [false; 9];
        for byte in 0..=255 {
            seen[colour(PersonId::from_bytes([byte; 16])) as usize] = true;
        }
        assert_eq!(seen.iter().filter(|seen| **seen).count(), 8);
    }
}
