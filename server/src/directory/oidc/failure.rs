//! Everything that can go wrong, as one table: a stable code, what is wrong, how to mend it.
//!
//! Texts of the provider are never repeated, apart from names that are short and plain (see [`plain`]).

use thiserror::Error;

use super::Problem;

/// Which document or answer of the provider is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The discovery document.
    Document,
    /// The key set.
    Keys,
    /// The answer of the token endpoint.
    Tokens,
    /// The answer of the userinfo endpoint.
    Userinfo,
}

/// Why the provider was not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Its name has no address.
    Name,
    /// Nobody takes the connection.
    Connection,
    /// The connection broke.
    Broken,
}

/// Which token is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The ID token of a sign-in.
    Id,
    /// The logout token of a back-channel logout.
    Logout,
}

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// Not three parts, not base64url, not JSON, too long.
    #[error("it cannot be read")]
    Malformed,
    /// `none`, a shared secret, or one the settings do not allow.
    #[error("it is signed in a way that is not allowed")]
    Algorithm,
    /// `typ` says it is something else.
    #[error("its header says it is another kind of token")]
    Type,
    /// `crit`, encryption, compression, nesting.
    #[error("its header demands what this server does not know")]
    Header,
    /// No key of the provider fits.
    #[error("the provider publishes no key for it")]
    UnknownKey,
    /// The signature is wrong.
    #[error("its signature is wrong")]
    Signature,
    /// A claim that must be there is not, or is not of its type.
    #[error("its claim `{0}` is missing or of the wrong type")]
    Claim(&'static str),
    /// `iss` is somebody else.
    #[error("it comes from another issuer")]
    Issuer,
    /// `aud` does not name this client.
    #[error("it is meant for another client")]
    Audience,
    /// `aud` names others who are not trusted.
    #[error("it is also meant for clients that are not trusted")]
    Strangers,
    /// `azp` is missing beside several audiences, or somebody else.
    #[error("it was issued to another client")]
    Party,
    /// `exp` has passed.
    #[error("it has expired")]
    Expired,
    /// `nbf` or `iat` lies in the future.
    #[error("it is from the future")]
    Future,
    /// `iat` is too long ago.
    #[error("it was issued too long ago")]
    TooOld,
    /// `nonce` is not that of this sign-in.
    #[error("it does not belong to this sign-in")]
    Nonce,
    /// `at_hash` does not fit the access token.
    #[error("it does not belong to the access token beside it")]
    AccessToken,
    /// A logout token with `nonce`, or without its event.
    #[error("it is no logout token")]
    NoLogout,
}

/// Why something did not work. Its text says what is wrong, [`Failure::mend`] what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the text of each says what it is; fields are what the text shows")]
pub enum Failure {
    #[error("the settings are not right: {}", list(.0))]
    Settings(Vec<Problem>),
    #[error("{host} cannot be reached: {}", .reach.text())]
    Unreachable { host: String, reach: Reach },
    #[error("{host} does not prove who it is (TLS)")]
    Tls { host: String },
    #[error("{host} does not answer in time")]
    TimedOut { host: String },
    #[error("{} of the provider is too large", .0.text())]
    TooLarge(What),
    #[error("the provider sends the question for {} on to {to}", .what.text())]
    Redirected { what: What, to: String },
    #[error("the provider answers the question for {} with status {status}", .what.text())]
    Status { what: What, status: u16 },
    #[error("at {address} there is no discovery document")]
    NoDocument { address: String },
    #[error("the provider calls itself {announced}, the setting says {entered}")]
    IssuerDiffers { entered: String, announced: String },
    #[error("the discovery document does not say where `{0}` is")]
    EndpointMissing(&'static str),
    #[error("the address the discovery document gives for `{0}` may not be used")]
    EndpointRefused(&'static str),
    #[error("the provider signs in no way that is allowed; it offers {announced}")]
    NoAlgorithm { announced: String },
    #[error("the provider publishes no usable key")]
    NoKeys,
    #[error("{} of the provider cannot be read", .0.text())]
    Unreadable(What),

    #[error("the address to come back to is none")]
    ReturnAddress,
    #[error("the answer does not belong to this sign-in")]
    State,
    #[error("this sign-in began too long ago")]
    Late,
    #[error("the answer comes from another provider, or does not say from which")]
    AnswerIssuer,
    #[error("the provider refused the sign-in ({0})")]
    Refused(String),
    #[error("the answer has no code")]
    NoCode,
    #[error("the provider refused the code ({0})")]
    CodeRefused(String),
    #[error("the provider sent no ID token")]
    NoIdToken,
    #[error("the {} is refused: {fault}", .kind.text())]
    Token { kind: Kind, fault: Fault },
    #[error("the person did not prove anew who they are")]
    NotFresh,
    #[error("the sign-in was not of the level that is required")]
    Level,
    #[error("the userinfo endpoint speaks of somebody else")]
    OtherPerson,
    #[error("the provider says nothing usable as `{0}`")]
    ClaimMissing(String),
    #[error("the provider left out the groups because there are too many")]
    GroupsLeftOut,
    #[error("the person has no e-mail address, and only certain domains are allowed")]
    EmailMissing,
    #[error("the person's e-mail address is not verified")]
    EmailUnverified,
    #[error("the person's e-mail address is of a domain that is not allowed")]
    EmailDomain,
    /// Somebody the provider vouches for, whom the settings keep out.
    #[error("{why}")]
    KeptOut {
        /// Its unchanging name for them.
        subject: String,
        /// What they sign in with there.
        login: String,
        /// One of those above.
        why: Box<Failure>,
    },

    #[error("there is no randomness")]
    NoRandomness,
}

impl Failure {
    /// Stable, for machines and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Settings(_) => "settings",
            Self::Unreachable { .. } => "unreachable",
            Self::Tls { .. } => "tls",
            Self::TimedOut { .. } => "timed-out",
            Self::TooLarge(_) => "too-large",
            Self::Redirected { .. } => "redirected",
            Self::Status { .. } => "status",
            Self::NoDocument { .. } => "no-document",
            Self::IssuerDiffers { .. } => "issuer-differs",
            Self::EndpointMissing(_) => "endpoint-missing",
            Self::EndpointRefused(_) => "endpoint-refused",
            Self::NoAlgorithm { .. } => "no-algorithm",
            Self::NoKeys => "no-keys",
            Self::Unreadable(_) => "unreadable",
            Self::ReturnAddress => "return-address",
            Self::State => "state",
            Self::Late => "late",
            Self::AnswerIssuer => "answer-issuer",
            Self::Refused(_) => "refused",
            Self::NoCode => "no-code",
            Self::CodeRefused(_) => "code-refused",
            Self::NoIdToken => "no-id-token",
            Self::Token { kind: Kind::Id, .. } => "id-token",
            Self::Token { kind: Kind::Logout, .. } => "logout-token",
            Self::NotFresh => "not-fresh",
            Self::Level => "level",
            Self::OtherPerson => "other-person",
            Self::ClaimMissing(_) => "claim-missing",
            Self::GroupsLeftOut => "groups-left-out",
            Self::EmailMissing => "email-missing",
            Self::EmailUnverified => "email-unverified",
            Self::EmailDomain => "email-domain",
            Self::KeptOut { why, .. } => why.code(),
            Self::NoRandomness => "no-randomness",
        }
    }

    /// The same without whom it is about.
    pub fn cause(self) -> Self {
        match self {
            Self::KeptOut { why, .. } => *why,
            other => other,
        }
    }

    /// What to do about it; for an administrator, unless it says otherwise.
    pub fn mend(&self) -> String {
        let text = match self {
            Self::Settings(problems) => {
                return problems.iter().map(|problem| problem.text.as_str()).collect::<Vec<_>>().join(" ");
            }
            Self::Unreachable { reach: Reach::Name, .. } => {
                "Check how the host is spelt, and the name service of this machine."
            }
            Self::Unreachable { .. } => {
                "Check that the provider runs and that firewalls and proxies let this machine reach it."
            }
            Self::Tls { .. } => {
                "Its certificate must be valid for this host and signed by an authority this machine trusts. For an authority of your own, enter its certificate."
            }
            Self::TimedOut { .. } => {
                "Try again; if it stays so, look at the provider and the network, or allow more seconds."
            }
            Self::TooLarge(_) => {
                "A sound provider sends far less. Check that the issuer is the provider's and no other page."
            }
            Self::Redirected { what: What::Document, .. } => {
                "Redirects are not followed. Enter the issuer that answers by itself, as the provider's documentation gives it."
            }
            Self::Redirected { .. } => {
                "Redirects are not followed. The provider must announce the address that answers by itself."
            }
            Self::Status { .. } => {
                "Look into the provider's log; for the discovery document, check the issuer's path."
            }
            Self::NoDocument { .. } => {
                "Check the issuer: the document stands at the issuer's address followed by /.well-known/openid-configuration."
            }
            Self::IssuerDiffers { entered, announced } => return issuer_advice(entered, announced),
            Self::EndpointMissing(_) => {
                "The provider must offer the authorization code flow; look at what it publishes."
            }
            Self::EndpointRefused(_) => "The provider must announce addresses that begin with https://.",
            Self::NoAlgorithm { .. } => {
                "Let the provider sign with RS256, PS256, ES256 or EdDSA, or allow what it offers."
            }
            Self::NoKeys => {
                "The provider must publish a signing key: RSA of 2048 to 4096 bits, P-256, P-384 or Ed25519."
            }
            Self::Unreadable(What::Userinfo) => {
                "The userinfo endpoint must answer with plain JSON, not signed or encrypted."
            }
            Self::Unreadable(_) => "The provider must answer with JSON as OpenID Connect describes it.",
            Self::ReturnAddress => "Set the public address of this server.",
            Self::State | Self::Late | Self::NoCode => {
                "For the person: begin again. Signing in must begin and end in one browser, within half an hour."
            }
            Self::AnswerIssuer => {
                "For the person: begin again. If it stays so, the provider is set up wrongly or somebody interferes."
            }
            Self::Refused(_) => {
                "For the person: begin again, or ask who runs the provider whether you may use this service."
            }
            Self::CodeRefused(error) => code_advice(error),
            Self::NoIdToken => {
                "The provider must know this client as one of OpenID Connect, not of OAuth only (scope `openid`)."
            }
            Self::Token { fault, .. } => fault_advice(*fault),
            Self::NotFresh => {
                "The provider must honour `max_age` and `prompt=login` and send `auth_time`. For the person: sign in at the provider again."
            }
            Self::Level => {
                "For the person: sign in with the stronger method. The provider must honour `acr_values` and send `acr`."
            }
            Self::OtherPerson => {
                "The provider is at fault: the `sub` of userinfo and ID token must be equal."
            }
            Self::ClaimMissing(_) => {
                "Let the provider send this claim to this client, ask for its scope, or enter the claim it does send."
            }
            Self::GroupsLeftOut => {
                "Let the provider send only the groups that are assigned to this application."
            }
            Self::EmailMissing => "Let the provider send the e-mail address (scope `email`).",
            Self::EmailUnverified => {
                "Let the provider send `email_verified`, or say in the settings that its addresses are always right."
            }
            Self::EmailDomain => "Add the domain to those that are allowed, if people of it shall come in.",
            Self::KeptOut { why, .. } => return why.mend(),
            Self::NoRandomness => {
                "The operating system gives no randomness; nothing may go on. Restart the machine."
            }
        };
        text.to_owned()
    }
}

impl What {
    fn text(self) -> &'static str {
        match self {
            Self::Document => "the discovery document",
            Self::Keys => "the key set",
            Self::Tokens => "the tokens",
            Self::Userinfo => "the userinfo",
        }
    }
}

impl Reach {
    fn text(self) -> &'static str {
        match self {
            Self::Name => "its name has no address",
            Self::Connection => "nobody takes the connection",
            Self::Broken => "the connection broke",
        }
    }
}

impl Kind {
    fn text(self) -> &'static str {
        match self {
            Self::Id => "ID token",
            Self::Logout => "logout token",
        }
    }

    /// The failure of a token of this kind.
    pub(super) fn with(self, fault: Fault) -> Failure {
        Failure::Token { kind: self, fault }
    }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.code).collect::<Vec<_>>().join(", ")
}

fn issuer_advice(entered: &str, announced: &str) -> String {
    if announced.strip_suffix('/') == Some(entered) {
        format!("Enter exactly {announced} (with the slash at its end).")
    } else if entered.strip_suffix('/') == Some(announced) {
        format!("Enter exactly {announced} (without the slash at its end).")
    } else if announced.contains('{') {
        "This address serves many organisations. Enter the issuer of your own, with your organisation's id in it.".to_owned()
    } else {
        format!("If {announced} is the provider you mean, enter exactly that; else correct the address.")
    }
}

fn code_advice(error: &str) -> &'static str {
    match error {
        "invalid_client" => {
            "Check client id and client secret, and whether the provider wants the secret in the header (basic) or in the body (post)."
        }
        "invalid_grant" => {
            "For the person: begin again. If it stays so, the redirect address at the provider differs from this server's, or codes expire too soon."
        }
        "unauthorized_client" => "Let the provider allow this client the authorization code flow.",
        _ => "Look into the provider's log.",
    }
}

fn fault_advice(fault: Fault) -> &'static str {
    match fault {
        Fault::Algorithm => {
            "Let the provider sign with RS256, PS256, ES256 or EdDSA, or allow what it uses. `none` and shared secrets never are."
        }
        Fault::UnknownKey => {
            "The provider's keys are asked for once a minute at most: try again then. If it stays so, it signs with a key it does not publish."
        }
        Fault::Audience | Fault::Strangers | Fault::Party => {
            "Let the provider issue tokens to this client alone, or name the other audiences as trusted."
        }
        Fault::Expired | Fault::Future | Fault::TooOld => {
            "Set the clocks of this machine and of the provider by NTP."
        }
        Fault::Nonce => "For the person: begin again. If it stays so, somebody interferes.",
        _ => "Nothing to enter here mends this: the provider is set up wrongly, or somebody interferes.",
    }
}

/// A name the provider gave, if it is short and plain; otherwise a remark that it is not.
pub(super) fn plain(text: &str, longest: usize) -> String {
    let fits = !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { text.to_owned() } else { "something unreadable".to_owned() }
}
