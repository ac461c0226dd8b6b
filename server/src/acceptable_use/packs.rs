//! The packs that are delivered with the server, and how they become drafts.

use std::collections::BTreeSet;

use chancery_protocol::Micros;
use chancery_protocol::ids::PersonId;
use chancery_protocol::policy::{ItemKind, PackItem, PackLine};
use chancery_screening::Pack;

use super::items::Content;
use super::store::{self, Draft};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::vault::Vault;

/// They, in the order in which they are shown: name and text of each file.
pub const PACKS: [(&str, &str); 7] = [
    ("client-data.toml", include_str!("../../../policies/acceptable-use/client-data.toml")),
    ("credentials.toml", include_str!("../../../policies/acceptable-use/credentials.toml")),
    ("market-abuse.toml", include_str!("../../../policies/acceptable-use/market-abuse.toml")),
    ("off-channel.toml", include_str!("../../../policies/acceptable-use/off-channel.toml")),
    ("harassment.toml", include_str!("../../../policies/acceptable-use/harassment.toml")),
    ("gambling.toml", include_str!("../../../policies/acceptable-use/gambling.toml")),
    ("personal-use.toml", include_str!("../../../policies/acceptable-use/personal-use.toml")),
];

fn delivered() -> Result<Vec<Pack>, Error> {
    PACKS.iter().map(|(_, text)| Pack::from_toml(text).map_err(Error::internal)).collect()
}

/// What a pack holds, lists before the rules that call them.
fn contents(pack: Pack) -> impl Iterator<Item = (String, Content)> {
    let lists = pack.lists.into_iter().map(|(name, entries)| (name, Content::List { entries }));
    lists.chain(pack.rules.into_iter().map(|rule| (rule.id.clone(), Content::Rule { rule: Box::new(rule) })))
}

/// Every delivered pack, and which of its items are here.
pub(super) fn list(conn: &mut Conn) -> Result<Vec<PackLine>, Error> {
    let here: BTreeSet<(ItemKind, String)> = store::names(conn)?.into_iter().collect();
    let line = |pack: Pack| PackLine {
        id: pack.id.clone(),
        name: pack.name.clone(),
        about: pack.about.clone(),
        items: contents(pack)
            .map(|(name, content)| PackItem {
                kind: content.kind(),
                title: content.title().map(str::to_owned),
                here: here.contains(&(content.kind(), name.clone())),
                name,
            })
            .collect(),
    };
    Ok(delivered()?.into_iter().map(line).collect())
}

/// Makes drafts of what a pack has and is not here yet; answers how many.
///
/// # Errors
/// `not_found` for no delivered pack; `outdated` when somebody makes one of them at the same time.
pub(super) fn take(conn: &mut Conn, vault: &Vault, id: &str, by: PersonId, at: Micros) -> Result<u32, Error> {
    let pack = delivered()?.into_iter().find(|pack| pack.id == id).ok_or(Code::NotFound)?;
    let here: BTreeSet<(ItemKind, String)> = store::names(conn)?.into_iter().collect();
    let mut made = 0;
    for (name, content) in contents(pack) {
        if !here.contains(&(content.kind(), name.clone())) {
            store::put_draft(conn, vault, &name, &Draft { content, by, at }, None)?;
            made += 1;
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups, people and conversations are named by ids, which another house has not.
    #[test]
    fn delivered_rules_are_for_everybody() {
        for rule in delivered().unwrap().iter().flat_map(|pack| &pack.rules) {
            assert!(
                rule.scope == chancery_screening::Scope::default() && rule.exceptions.is_empty(),
                "{}",
                rule.id
            );
        }
    }

    #[test]
    fn no_two_packs_have_lists_or_rules_of_one_name() {
        let mut seen = BTreeSet::new();
        for pack in delivered().unwrap() {
            for (name, content) in contents(pack) {
                assert!(super::super::items::is_name(content.kind(), &name), "{name}");
                assert!(seen.insert((content.kind(), name.clone())), "{name}");
            }
        }
        assert!(seen.len() > 20);
    }
}
