//! A throwaway OpenID provider: npm `oidc-provider` on loopback. Its accounts: `alice` and `eve`, any password.

use std::path::{Path, PathBuf};
use std::process::Child;

use crate::base::new_folder;
use crate::patience::until;
use crate::process::{As, command, free_port, npm_packages, start};
use crate::visitor::http;

/// The secret of its clients that have one.
pub const SECRET: &str = "app secret: %41+&=";

/// A running provider.
pub struct OidcProvider {
    /// Its issuer.
    pub issuer: String,
    process: Child,
}

/// Where its clients' addresses are.
pub struct Addresses<'a> {
    /// Where people come back after signing in.
    pub redirect: &'a str,
    /// Where it posts logout tokens.
    pub back_channel: &'a str,
    /// Where people come back after signing out.
    pub signed_out: &'a str,
}

/// Where the claims of a person are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimsIn {
    /// In the ID token.
    IdToken,
    /// To be asked for, as the standard has it.
    Userinfo,
}

impl OidcProvider {
    /// Starts one and waits until it answers.
    pub async fn start(addresses: &Addresses<'_>, claims: ClaimsIn) -> Self {
        npm_packages(&folder());
        let port = free_port();
        let log = new_folder("oidc-provider").join("log");
        let script = folder().join("op.mjs");
        let mut node = command(As::Caller, &["node".to_owned(), script.to_str().unwrap().to_owned()]);
        node.env("PORT", port.to_string()).env("RP", addresses.redirect).env("BCL", addresses.back_channel);
        node.env("POST_LOGOUT", addresses.signed_out);
        node.env("CLAIMS_BY_USERINFO", if claims == ClaimsIn::Userinfo { "1" } else { "0" });
        let file = std::fs::File::create(&log).unwrap();
        node.stdout(file.try_clone().unwrap()).stderr(file);
        let issuer = format!("http://127.0.0.1:{port}");
        let mut process = start(node);
        let page = format!("{issuer}/.well-known/openid-configuration");
        until("oidc-provider answers", async || {
            let ended = process.try_wait().unwrap();
            assert!(ended.is_none(), "oidc-provider ended:\n{}", std::fs::read_to_string(&log).unwrap());
            http().get(&page).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        Self { issuer, process }
    }
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("oidc-provider")
}
