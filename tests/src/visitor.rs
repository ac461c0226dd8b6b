//! A person at a provider, without a browser: keeps cookies, follows redirects, sends forms.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, StatusCode};
use url::{Url, form_urlencoded};

/// A browser of one person at one provider.
pub struct Visitor {
    client: Client,
    cookies: BTreeMap<String, String>,
}

/// Where a visit ended.
#[derive(Debug)]
pub enum Seen {
    /// At an address of ours, which was not visited.
    Back(Url),
    /// At a page.
    Page { at: Url, status: StatusCode, text: String },
}

/// A client that follows no redirects.
pub fn http() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

impl Default for Visitor {
    fn default() -> Self {
        Self { client: http(), cookies: BTreeMap::new() }
    }
}

impl Visitor {
    /// One who was nowhere yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens an address, or sends a form to it, and follows redirects until one leads to `ours` or a page comes.
    pub async fn go(&mut self, url: &Url, form: Option<&[(&str, &str)]>, ours: &str) -> Seen {
        let (mut at, mut form) = (url.clone(), form);
        for _ in 0..20 {
            if at.as_str().starts_with(ours) {
                return Seen::Back(at);
            }
            let mut request = match form.take() {
                None => self.client.get(at.clone()),
                Some(fields) => {
                    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                    let kind = "application/x-www-form-urlencoded";
                    self.client.post(at.clone()).header(reqwest::header::CONTENT_TYPE, kind).body(body)
                }
            };
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
            let answer = request.send().await.unwrap();
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                if value.is_empty() {
                    self.cookies.remove(name.trim());
                } else {
                    self.cookies.insert(name.trim().to_owned(), value.to_owned());
                }
            }
            match answer.headers().get(LOCATION) {
                Some(to) => at = at.join(to.to_str().unwrap()).unwrap(),
                None => {
                    let status = answer.status();
                    return Seen::Page { at, status, text: answer.text().await.unwrap() };
                }
            }
        }
        panic!("redirected without end, at last to {at}");
    }
}

/// The value of a hidden field of a page.
pub fn field<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let after = page.split_once(&format!("name=\"{name}\" value=\""))?.1;
    after.split('"').next()
}
