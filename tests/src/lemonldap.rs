//! A throwaway LemonLDAP::NG portal (Debian packages) under plackup: other code and other habits than oidc-provider. Its
//! issuer ends in a slash, people sign in on the authorization address itself, there is no back-channel logout.
//! Accounts: `dwho`/`dwho`, `rtyler`/`rtyler`.

use std::path::Path;
use std::process::{Child, Command};

use serde_json::json;

use crate::base::{hand_to_ordinary_user, new_folder, open_for_all};
use crate::patience::until;
use crate::process::{As, command, free_port, require, run, start};
use crate::visitor::http;

/// The secret of its client `app`.
pub const SECRET: &str = "app-secret";

/// A running portal.
pub struct LemonLdap {
    /// Its issuer, with a slash at its end.
    pub issuer: String,
    process: Child,
}

impl LemonLdap {
    /// Starts one and waits until it answers.
    pub async fn start(redirect: &str, signed_out: &str) -> Self {
        require(
            "plackup",
            "--no-install-recommends liblemonldap-ng-portal-perl libplack-perl libgd-securityimage-perl libgd-perl libimage-magick-perl libio-string-perl libstring-random-perl libcrypt-openssl-x509-perl libcrypt-jwt-perl libtext-unidecode-perl",
        );
        require("openssl", "openssl");
        let folder = new_folder("lemonldap");
        let port = free_port();
        let portal = format!("http://localhost:{port}/");
        for name in ["sessions", "locks", "configuration"] {
            std::fs::create_dir(folder.join(name)).unwrap();
        }
        let mut openssl = Command::new("sh");
        let keys = "openssl genrsa -out key.pem 2048; openssl rsa -in key.pem -pubout -out public.pem";
        openssl.args(["-ec", keys]).current_dir(&folder);
        run("openssl", openssl);
        configure(&folder, &portal, redirect, signed_out);
        hand_to_ordinary_user(&folder);
        open_for_all(&folder);
        let words = ["plackup", "-s", "HTTP::Server::PSGI", "-o", "127.0.0.1", "-p"].map(String::from);
        let app = folder.join("app.psgi").to_str().unwrap().to_owned();
        let mut plackup = command(As::OrdinaryUser, &[words.as_slice(), &[port.to_string(), app]].concat());
        let log = folder.join("log");
        let file = std::fs::File::create(&log).unwrap();
        plackup.stdout(file.try_clone().unwrap()).stderr(file).current_dir(&folder);
        let mut process = start(plackup);
        let page = format!("{portal}.well-known/openid-configuration");
        until("LemonLDAP::NG answers", async || {
            let ended = process.try_wait().unwrap();
            assert!(ended.is_none(), "LemonLDAP::NG ended:\n{}", std::fs::read_to_string(&log).unwrap());
            http().get(&page).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        Self { issuer: portal, process }
    }
}

impl Drop for LemonLdap {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn configure(folder: &Path, portal: &str, redirect: &str, signed_out: &str) {
    let mut find = Command::new("sh");
    find.args([
        "-c",
        "dpkg -L liblemonldap-ng-portal-perl lemonldap-ng-portal 2>/dev/null | grep -m1 'portal/templates$'",
    ]);
    let templates = run("find the portal's templates", find);
    let app = format!(
        "use Lemonldap::NG::Portal::Main;\n\
         Lemonldap::NG::Portal::Main->run({{ configStorage => {{ type => 'File', dirName => '{}/configuration' }},\n\
           localSessionStorage => '', logLevel => 'warn', logger => 'Lemonldap::NG::Common::Logger::Std',\n\
           protection => 'none', templateDir => '{}', staticPrefix => '/static' }});\n",
        folder.display(),
        templates.trim()
    );
    std::fs::write(folder.join("app.psgi"), app).unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let store = json!({"Directory": folder.join("sessions"), "LockDirectory": folder.join("locks")});
    let client = json!({
        "oidcRPMetaDataOptionsClientID": "app", "oidcRPMetaDataOptionsClientSecret": SECRET,
        "oidcRPMetaDataOptionsRedirectUris": redirect, "oidcRPMetaDataOptionsIDTokenSignAlg": "RS256",
        "oidcRPMetaDataOptionsPostLogoutRedirectUris": signed_out,
        "oidcRPMetaDataOptionsLogoutBypassConfirm": 1,
        "oidcRPMetaDataOptionsBypassConsent": 1, "oidcRPMetaDataOptionsRequirePKCE": 1,
        "oidcRPMetaDataOptionsIDTokenForceClaims": 1, "oidcRPMetaDataOptionsUserIDAttr": "uid",
    });
    let mut configuration = json!({
        "cfgNum": 1, "cfgAuthor": "t", "cfgDate": 1, "domain": "localhost", "portal": portal,
        "cookieName": "lemonldap", "securedCookie": 0, "key": "throwawaykey1234", "whatToTrace": "uid", "requireToken": 0,
        "authentication": "Demo", "userDB": "Same", "passwordDB": "Demo", "registerDB": "Null",
        "demoExportedVars": {"cn": "cn", "mail": "mail", "uid": "uid"},
        "groups": {"staff": "1", "compliance": "$uid eq 'dwho'"},
        "globalStorage": "Apache::Session::File", "globalStorageOptions": store,
        "persistentStorage": "Apache::Session::File", "persistentStorageOptions": store,
        "locationRules": {"localhost": {"default": "accept"}}, "exportedHeaders": {}, "exportedVars": {},
        "issuerDBOpenIDConnectActivation": 1, "issuerDBOpenIDConnectPath": "^/oauth2/", "issuerDBOpenIDConnectRule": 1,
        "oidcServiceMetaDataIssuer": portal, "oidcServiceAllowAuthorizationCodeFlow": 1,
        "oidcServicePrivateKeySig": read("key.pem"), "oidcServicePublicKeySig": read("public.pem"),
        "oidcServiceKeyIdSig": "k1",
        "oidcRPMetaDataOptions": {"app": client}, "oidcRPMetaDataScopeRules": {},
        "oidcRPMetaDataOptionsExtraClaims": {"app": {"groups": "groups"}},
        "oidcRPMetaDataExportedVars": {"app": {
            "email": "mail", "name": "cn", "preferred_username": "uid", "groups": "groups;string;always",
        }},
    });
    for (name, path) in [
        ("Authorize", "authorize"),
        ("Token", "token"),
        ("UserInfo", "userinfo"),
        ("JWKS", "jwks"),
        ("EndSession", "logout"),
        ("Introspection", "introspect"),
        ("Registration", "register"),
        ("CheckSession", "checksession.html"),
    ] {
        configuration[format!("oidcServiceMetaData{name}URI")] = json!(path);
    }
    std::fs::write(folder.join("configuration/lmConf-1.json"), configuration.to_string()).unwrap();
}
