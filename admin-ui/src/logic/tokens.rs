//! Tokens of a source that writes to us: how each stands, in which order they are shown, and whether the provider is heard.

use std::time::Duration;

use chancery_protocol::Micros;
use chancery_protocol::ids::TokenId;
use chancery_protocol::sources::{SourceToken, SourceTokens};
use chancery_ui_kit::tokens::{self, Standing};

/// So often is asked while a token was never used: somebody may be setting up the provider.
const WAITING: Duration = Duration::from_secs(5);
/// So often is asked otherwise.
const RESTING: Duration = Duration::from_secs(30);

/// How a token stands at a time.
pub fn standing(token: &SourceToken, now: Micros) -> Standing {
    tokens::standing(token.expires_at, token.revoked_at, now)
}

/// Those that work, newest first, and those that do not, by when they ceased to, latest first.
pub fn order(all: &SourceTokens, now: Micros) -> (Vec<TokenId>, Vec<TokenId>) {
    let (working, mut ended): (Vec<&SourceToken>, Vec<_>) =
        all.tokens.iter().partition(|token| standing(token, now).works());
    ended.sort_by_key(|token| std::cmp::Reverse(token.revoked_at.unwrap_or(token.expires_at)));
    let ids = |tokens: Vec<&SourceToken>| tokens.into_iter().map(|token| token.id).collect();
    (ids(working), ids(ended))
}

/// The one that was used last.
pub fn last_used(all: &SourceTokens) -> Option<&SourceToken> {
    all.tokens.iter().filter(|token| token.last_used_at.is_some()).max_by_key(|token| token.last_used_at)
}

/// How it stands with the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// The source is switched off.
    Off,
    /// No token may write.
    NoToken,
    /// After this one nothing may write.
    Ends(Box<SourceToken>),
    /// No token that may write was ever used.
    Nothing,
    /// It was heard.
    Heard,
}

/// How it stands with the provider at a time.
pub fn using(enabled: bool, all: &SourceTokens, now: Micros) -> Use {
    let writing = || all.tokens.iter().filter(|token| token.write);
    let longest = writing().filter(|token| standing(token, now).works()).max_by_key(|token| token.expires_at);
    let Some(longest) = longest.filter(|_| enabled) else {
        return if enabled { Use::NoToken } else { Use::Off };
    };
    if standing(longest, now) != Standing::Valid {
        return Use::Ends(Box::new(longest.clone()));
    }
    if writing().any(|token| token.last_used_at.is_some()) { Use::Heard } else { Use::Nothing }
}

/// Whether no other token may write once this one is revoked.
pub fn is_last(all: &SourceTokens, id: TokenId, now: Micros) -> bool {
    let writes = |token: &&SourceToken| token.write && standing(token, now).works();
    let mut writing = all.tokens.iter().filter(writes);
    writing.clone().any(|token| token.id == id) && writing.all(|token| token.id == id)
}

/// How often they are asked for.
pub fn pace(all: Option<&SourceTokens>, now: Micros) -> Duration {
    let waits = |token: &SourceToken| token.last_used_at.is_none() && standing(token, now).works();
    if all.is_some_and(|all| all.tokens.iter().any(waits)) { WAITING } else { RESTING }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::Id;

    use super::*;

    const DAY: Micros = 24 * 60 * 60 * 1_000_000;
    const NOW: Micros = 1_000 * DAY;

    fn token(number: u8, left: Micros) -> SourceToken {
        SourceToken {
            id: TokenId::from_bytes([number; 16]),
            name: number.to_string(),
            write: true,
            created_at: NOW - Micros::from(number),
            created_by: None,
            expires_at: NOW + left,
            last_used_at: None,
            revoked_at: None,
        }
    }

    fn all(tokens: &[SourceToken]) -> SourceTokens {
        SourceTokens { tokens: tokens.to_vec() }
    }

    #[test]
    fn what_works_comes_first_and_what_just_ended_before_what_ended_long_ago() {
        let revoked = SourceToken { revoked_at: Some(NOW), ..token(4, DAY) };
        let known = all(&[token(1, -DAY), token(2, DAY), token(3, DAY), revoked, token(5, -2 * DAY)]);
        let (working, ended) = order(&known, NOW);
        let ids = |numbers: &[u8]| {
            numbers.iter().map(|number| TokenId::from_bytes([*number; 16])).collect::<Vec<_>>()
        };
        assert_eq!((working, ended), (ids(&[2, 3]), ids(&[4, 1, 5])));
    }

    #[test]
    fn the_provider_is_heard_when_a_token_that_may_write_was_used() {
        assert_eq!(using(true, &all(&[]), NOW), Use::NoToken);
        assert_eq!(using(false, &all(&[token(1, 90 * DAY)]), NOW), Use::Off);
        assert_eq!(using(true, &all(&[token(1, 90 * DAY)]), NOW), Use::Nothing);
        let reads = SourceToken { write: false, last_used_at: Some(NOW), ..token(1, 90 * DAY) };
        assert_eq!(using(true, &all(std::slice::from_ref(&reads)), NOW), Use::NoToken);
        assert_eq!(using(true, &all(&[reads.clone(), token(2, 90 * DAY)]), NOW), Use::Nothing);
        let used = SourceToken { last_used_at: Some(NOW - DAY), ..token(3, -DAY) };
        let known = all(&[reads, used, token(2, 90 * DAY)]);
        assert_eq!(using(true, &known, NOW), Use::Heard);
        assert_eq!(last_used(&known).map(|token| token.name.as_str()), Some("1"));
        assert_eq!(using(true, &all(&[token(1, DAY), token(2, 90 * DAY)]), NOW), Use::Nothing);
        let ends = using(true, &all(&[token(1, DAY), token(2, 3 * DAY)]), NOW);
        assert_eq!(ends, Use::Ends(Box::new(token(2, 3 * DAY))));
    }

    #[test]
    fn the_last_one_that_may_write_is_known() {
        let reads = SourceToken { write: false, ..token(1, DAY) };
        let known = all(&[reads.clone(), token(2, DAY), token(3, -DAY)]);
        assert!(is_last(&known, token(2, 0).id, NOW));
        assert!(!is_last(&known, reads.id, NOW));
        assert!(!is_last(&all(&[token(2, DAY), token(3, DAY)]), token(2, 0).id, NOW));
    }

    #[test]
    fn while_a_token_waits_for_its_first_use_it_is_asked_for_often() {
        let used = SourceToken { last_used_at: Some(NOW), ..token(1, DAY) };
        assert_eq!(pace(None, NOW), RESTING);
        assert_eq!(pace(Some(&all(std::slice::from_ref(&used))), NOW), RESTING);
        assert_eq!(pace(Some(&all(&[used, token(2, DAY)])), NOW), WAITING);
        assert_eq!(pace(Some(&all(&[token(2, -DAY)])), NOW), RESTING, "it waits in vain");
    }
}
