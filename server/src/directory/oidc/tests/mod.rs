//! The relying party against a provider that lies in every way, and against two real ones.

mod attacks;
mod discovery;
mod logout;
mod people;
mod probe;
mod real_lemonldap;
mod real_oidc_provider;
mod stage;
