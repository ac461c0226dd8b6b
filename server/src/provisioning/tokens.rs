//! Tokens with which a source writes to us: issued once, shown never again, revoked.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId, SourceId, TokenId};
use chancery_protocol::sources::{Connection, IssueToken, SourceToken, SourceTokens, TokenIssued};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::{Provisioning, at};
use crate::directory::records::{TokenIssued as Issued, TokenRevoked, Via};
use crate::directory::sources::Source;
use crate::directory::tokens::{self as store, MINUTE, Token};
use crate::directory::{names, sources};
use crate::ground::error::{Code, Error};
use crate::journal::Unit;

/// In front of every token, so that whoever finds one knows what it is.
const PREFIX: &str = "chs_";
/// Random bytes of a token.
const LENGTH: usize = 32;

/// SHA-256 of a token as it is handed out; 256 random bits need no slow hash.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Provisioning {
    /// The tokens of a source, newest first; never what they consist of.
    pub(super) fn tokens(&self, id: SourceId) -> Result<SourceTokens, Error> {
        self.written_source(id)?;
        let shown = |token: Token| SourceToken {
            id: token.id,
            name: token.name,
            write: token.write,
            created_at: token.created_at,
            created_by: token.created_by.and_then(|person| self.name_of(person)),
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
            revoked_at: token.revoked_at,
        };
        Ok(SourceTokens {
            tokens: store::of_source(&mut *self.reader()?, id)?.into_iter().map(shown).collect(),
        })
    }

    /// Issues a token.
    pub(super) fn issue_token(
        &self,
        source: SourceId,
        form: &IssueToken,
        by: PersonId,
    ) -> Result<TokenIssued, Error> {
        let name = names::name(&form.name)?;
        if form.expires_at <= self.journal.clock().now() {
            return Err(Error::from(Code::OutOfRange).field("expires_at"));
        }
        self.written_source(source)?;
        let random: zeroize::Zeroizing<[u8; LENGTH]> =
            zeroize::Zeroizing::new(self.journal.random().bytes()?);
        let token = format!("{PREFIX}{}", BASE64URL_NOPAD.encode(random.as_slice()));
        let (id, write, expires_at): (TokenId, _, _) = (self.journal.id()?, form.write, form.expires_at);
        let row = Token {
            id,
            source,
            name: name.clone(),
            hash: hash(&token),
            write,
            created_at: 0,
            created_by: Some(by),
            expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        let body = Issued { source, token: id, name, write, expires_at, via: Via::Web };
        let mut draft = self.journal.draft(Stream::System, Kind::TokenIssued, Some(by), &body)?;
        draft.target = Some(source.bytes());
        self.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| {
                sources::get(conn, source)?;
                store::insert(conn, &row, at(placed))
            })),
            ..Unit::default()
        })?;
        Ok(TokenIssued { id, token })
    }

    /// Revokes a token: from now on it opens nothing. Doing it twice changes nothing.
    pub(super) fn revoke_token(&self, source: SourceId, id: TokenId, by: PersonId) -> Result<(), Error> {
        let token = store::get(&mut *self.reader()?, source, id)?;
        if token.revoked_at.is_some() {
            return Ok(());
        }
        let body = TokenRevoked { source, token: id, name: token.name, via: Via::Web };
        let mut draft = self.journal.draft(Stream::System, Kind::TokenRevoked, Some(by), &body)?;
        draft.target = Some(source.bytes());
        let done = self.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| match store::revoke(conn, id, at(placed))? {
                true => Ok(()),
                false => Err(Code::Unchanged.into()),
            })),
            ..Unit::default()
        });
        match done {
            Err(error) if error.code != Code::Unchanged => Err(error),
            _ => Ok(()),
        }
    }

    /// The source that writes to us with this token, and the token; none when it opens nothing, or the source is switched off.
    pub(super) fn by_token(&self, text: &str) -> Result<Option<(Token, Source)>, Error> {
        let now = self.journal.clock().now();
        let mut conn = self.reader()?;
        let Some(token) = store::by_hash(&mut conn, &hash(text))?.filter(|token| token.is_good(now)) else {
            return Ok(None);
        };
        let source = sources::open(self.journal.vault(), &sources::get(&mut conn, token.source)?)?;
        drop(conn);
        if !source.form.enabled || !matches!(source.form.connection, Connection::Scim(_)) {
            return Ok(None);
        }
        self.note_use(&token, now);
        Ok(Some((token, source)))
    }

    /// Nobody is kept out because this cannot be written.
    fn note_use(&self, token: &Token, now: Micros) {
        if token.last_used_at.is_some_and(|last| (last..last + MINUTE).contains(&now)) {
            return;
        }
        if let Err(error) = self.journal.db().write_here(|conn| store::used(conn, token.id, now)) {
            tracing::warn!(token = %token.id, %error, "when a token was last used could not be written down");
        }
    }

    /// A source that writes to us.
    fn written_source(&self, id: SourceId) -> Result<Source, Error> {
        let source = self.source(id)?;
        match source.form.connection {
            Connection::Scim(_) => Ok(source),
            Connection::Oidc(_) | Connection::Ldap(_) => Err(Code::NotFound.into()),
        }
    }
}
