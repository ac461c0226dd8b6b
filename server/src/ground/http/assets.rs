//! Serves the interfaces that are built into the binary: the chat client, and the console under `/console`.
//!
//! Files under `/assets` have their content's hash in the name and are kept for ever by browsers; everything else is
//! asked for anew each time and answered by `ETag`. Every page of an interface is the same `index.html`: which one it
//! is decides the browser, so any address that is neither `/api/…` nor `/assets/…` gets that of its interface.

use std::borrow::Cow;
use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, CROSS_ORIGIN_OPENER_POLICY, ETAG,
    HeaderMap, HeaderValue, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use sha2::{Digest as _, Sha256};

use super::error::Error;
use super::headers::is_api;

/// What `cargo xtask ui` wrote when the server was built.
#[derive(rust_embed::Embed)]
#[folder = "../chat-ui/dist/"]
struct Bundle;

/// The console's.
#[derive(rust_embed::Embed)]
#[folder = "../admin-ui/dist/"]
struct ConsoleBundle;

/// The page of the chat client.
const CHAT: &str = "index.html";
/// The page of the console, beside the other one.
const CONSOLE: &str = "console/index.html";

/// All files of the interface, by path without the leading slash. Made once, shared by all workers.
pub struct Assets {
    files: BTreeMap<String, File>,
}

#[derive(Default)]
struct File {
    plain: Option<Body>,
    brotli: Option<Body>,
    gzip: Option<Body>,
}

struct Body {
    bytes: web::Bytes,
    etag: String,
}

const NOT_BUILT_IN: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Chancery</title></head>\n\
     <body><h1>The interface was not built in</h1>\n\
     <p>This server runs, but it was compiled without its pages. Run <code>cargo xtask ui</code>, then build the \
     server again.</p></body></html>\n";

impl Assets {
    /// The interfaces in this binary.
    pub fn embedded() -> Self {
        // A name with a dot in front is the build's own note.
        let own = |path: &Cow<'static, str>| !path.starts_with('.');
        let chat = Bundle::iter().filter(own).filter_map(|path| {
            let data = Bundle::get(&path)?.data;
            Some((path.into_owned(), data))
        });
        // Assets have their content in their names, so both may lie in one folder; the pages may not.
        let console = ConsoleBundle::iter().filter(own).filter_map(|path| {
            let data = ConsoleBundle::get(&path)?.data;
            Some((
                if path.starts_with("assets/") { path.into_owned() } else { format!("console/{path}") },
                data,
            ))
        });
        Self::new(chat.chain(console))
    }

    /// From files; `.br` and `.gz` beside a file are its compressed forms.
    pub fn new(files: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let mut all = BTreeMap::<String, File>::new();
        for (path, bytes) in files {
            let (name, form) = match path.rsplit_once('.') {
                Some((name, form @ ("br" | "gz"))) => (name.to_owned(), form),
                _ => (path.clone(), ""),
            };
            let body = Some(Body::new(bytes));
            let file = all.entry(name).or_default();
            match form {
                "br" => file.brotli = body,
                "gz" => file.gzip = body,
                _ => file.plain = body,
            }
        }
        Self { files: all }
    }

    /// Whether the pages are there.
    pub fn is_built_in(&self) -> bool {
        self.files.contains_key(CHAT) && self.files.contains_key(CONSOLE)
    }

    fn answer(&self, path: &str, headers: &HeaderMap) -> HttpResponse {
        let name = path.trim_start_matches('/');
        if let Some(file) = self.files.get(name).filter(|_| ![CHAT, CONSOLE].contains(&name)) {
            return file.answer(name, headers);
        }
        if path.starts_with("/assets/") {
            return HttpResponse::NotFound()
                .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
                .insert_header((CACHE_CONTROL, "no-cache"))
                .body("There is no such file. Load the page again: the server was probably updated.\n");
        }
        let page = if name == "console" || name.starts_with("console/") { CONSOLE } else { CHAT };
        match self.files.get(page) {
            Some(index) => {
                let mut answer = index.answer(page, headers);
                if let Some(policy) = opener_policy(name, page) {
                    let policy = HeaderValue::from_static(policy);
                    answer.headers_mut().insert(CROSS_ORIGIN_OPENER_POLICY, policy);
                }
                answer
            }
            None => HttpResponse::ServiceUnavailable()
                .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
                .insert_header((CACHE_CONTROL, "no-store"))
                .body(NOT_BUILT_IN),
        }
    }
}

/// Which pages keep a tie to a window they opened or were opened by; all others cut it. The console opens a window that leads to a
/// provider, and the page one comes back to closes itself.
fn opener_policy(name: &str, page: &str) -> Option<&'static str> {
    match (name, page) {
        ("sign-in/return", _) => Some("unsafe-none"),
        (_, CONSOLE) => Some("same-origin-allow-popups"),
        _ => None,
    }
}

impl Body {
    fn new(bytes: Cow<'static, [u8]>) -> Self {
        let hash = Sha256::digest(&bytes);
        let etag = format!("\"{}\"", data_encoding::BASE64URL_NOPAD.encode(&hash[..18]));
        let bytes = match bytes {
            Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
            Cow::Owned(bytes) => web::Bytes::from(bytes),
        };
        Self { bytes, etag }
    }
}

impl File {
    fn answer(&self, name: &str, headers: &HeaderMap) -> HttpResponse {
        let forms = [("br", &self.brotli), ("gzip", &self.gzip), ("identity", &self.plain)];
        let wanted = forms.iter().filter(|(form, _)| accepts(headers, form));
        // Something is better than nothing for a client that refuses every form we have.
        let found = wanted.chain(forms.iter().rev()).find_map(|(form, body)| Some((*form, body.as_ref()?)));
        let Some((form, body)) = found else { return HttpResponse::NotFound().finish() };
        let caching =
            if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        let fresh = is_known(headers, &body.etag);
        let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header((ETAG, body.etag.as_str()))
            .insert_header((CACHE_CONTROL, caching))
            .insert_header((VARY, "accept-encoding"));
        if fresh {
            return answer.finish();
        }
        answer.insert_header((CONTENT_TYPE, media_type(name)));
        if form != "identity" {
            answer.insert_header((CONTENT_ENCODING, form));
        }
        answer.body(body.bytes.clone())
    }
}

/// Whether the client takes this form: named, or `*`, and not with `q=0`.
fn accepts(headers: &HeaderMap, form: &str) -> bool {
    let mut by_star = form == "identity";
    for value in headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok()) {
        for part in value.split(',') {
            let mut parts = part.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight =
                parts.find_map(|p| p.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0);
            if name.eq_ignore_ascii_case(form) {
                return weight > 0.0;
            }
            if name == "*" {
                by_star = weight > 0.0;
            }
        }
    }
    by_star
}

fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|known| known.trim().trim_start_matches("W/") == etag)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Default service of the application: pages, files, and a problem for what is left of `/api`.
pub async fn serve(request: HttpRequest, assets: web::Data<Assets>) -> HttpResponse {
    if is_api(request.path()) {
        return Error::not_found().error_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return HttpResponse::MethodNotAllowed().insert_header((ALLOW, "GET, HEAD")).finish();
    }
    assets.answer(request.path(), request.headers())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderName;
    use actix_web::{App, test};

    use super::*;

    const FILES: &[(&str, &[u8])] = &[
        ("index.html", b"<!doctype html>"),
        ("index.html.br", b"br-html"),
        ("console/index.html", b"<!doctype console>"),
        ("assets/chat-1a2b.wasm", b"\0asm"),
        ("assets/chat-1a2b.wasm.br", b"br-wasm"),
        ("assets/chat-1a2b.wasm.gz", b"gz-wasm"),
        ("favicon.svg", b"<svg/>"),
    ];

    fn built() -> Assets {
        Assets::new(FILES.iter().map(|(path, bytes)| ((*path).to_owned(), Cow::Borrowed(*bytes))))
    }

    async fn ask(
        assets: Assets,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> (u16, HeaderMap, Vec<u8>) {
        let app = App::new().app_data(web::Data::new(assets)).default_service(web::to(serve));
        let app = test::init_service(app).await;
        let mut request = test::TestRequest::default().method(method).uri(path);
        for (name, value) in headers {
            request = request.insert_header((HeaderName::from_static(name), *value));
        }
        let response = test::call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, test::read_body(response).await.to_vec())
    }

    #[actix_web::test]
    async fn only_the_console_and_the_way_back_keep_a_tie_to_another_window() {
        for (path, policy) in [
            ("/", ""),
            ("/sign-in", ""),
            ("/sign-in/returned", ""),
            ("/sign-in/return", "unsafe-none"),
            ("/console", "same-origin-allow-popups"),
            ("/console/search", "same-origin-allow-popups"),
            ("/consoles", ""),
        ] {
            let (_, headers, _) = ask(built(), Method::GET, path, &[]).await;
            assert_eq!(header(&headers, CROSS_ORIGIN_OPENER_POLICY), policy, "{path}");
        }
    }

    fn header(headers: &HeaderMap, name: HeaderName) -> &str {
        headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[actix_web::test]
    async fn every_page_is_index_html_and_asked_for_anew() {
        for path in ["/", "/sign-in", "/chats/0190", "/index.html", "/link", "/apiary"] {
            let (status, headers, body) = ask(built(), Method::GET, path, &[]).await;
            assert_eq!((status, body.as_slice()), (200, &b"<!doctype html>"[..]), "{path}");
            assert_eq!(header(&headers, CACHE_CONTROL), "no-cache");
            assert_eq!(header(&headers, CONTENT_TYPE), "text/html; charset=utf-8");
        }
    }

    #[actix_web::test]
    async fn every_page_of_the_console_is_its_own_index_html() {
        for path in ["/console", "/console/", "/console/users/0190", "/console/index.html"] {
            let (status, headers, body) = ask(built(), Method::GET, path, &[]).await;
            assert_eq!((status, body.as_slice()), (200, &b"<!doctype console>"[..]), "{path}");
            assert_eq!(header(&headers, CACHE_CONTROL), "no-cache");
        }
        for path in ["/consoles", "/chats/console"] {
            let (_, _, body) = ask(built(), Method::GET, path, &[]).await;
            assert_eq!(body, b"<!doctype html>", "{path}");
        }
    }

    #[actix_web::test]
    async fn hashed_files_are_kept_for_ever_in_the_smallest_form_taken() {
        let path = "/assets/chat-1a2b.wasm";
        for (accept, encoding, body) in [
            ("gzip, deflate, br", "br", &b"br-wasm"[..]),
            ("gzip, br;q=0", "gzip", b"gz-wasm"),
            ("*", "br", b"br-wasm"),
            ("*;q=0, gzip", "gzip", b"gz-wasm"),
            ("br;q=0.5", "br", b"br-wasm"),
            ("deflate", "", b"\0asm"),
            ("", "", b"\0asm"),
        ] {
            let (status, headers, found) =
                ask(built(), Method::GET, path, &[("accept-encoding", accept)]).await;
            assert_eq!(
                (status, header(&headers, CONTENT_ENCODING), found.as_slice()),
                (200, encoding, body),
                "{accept}"
            );
            assert_eq!(header(&headers, CACHE_CONTROL), "public, max-age=31536000, immutable");
            assert_eq!(header(&headers, CONTENT_TYPE), "application/wasm");
            assert_eq!(header(&headers, VARY), "accept-encoding");
        }
        let (status, headers, _) = ask(built(), Method::GET, "/favicon.svg", &[]).await;
        assert_eq!((status, header(&headers, CACHE_CONTROL)), (200, "no-cache"), "a name without a hash");
    }

    #[actix_web::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let br = ("accept-encoding", "br");
        let (_, headers, _) = ask(built(), Method::GET, "/", &[br]).await;
        let etag = header(&headers, ETAG).to_owned();
        let known = format!("\"old\", W/{etag}");
        let (status, headers, body) = ask(built(), Method::GET, "/", &[br, ("if-none-match", &known)]).await;
        assert_eq!((status, header(&headers, ETAG), body.len()), (304, etag.as_str(), 0));
        let (status, ..) = ask(built(), Method::GET, "/", &[("if-none-match", &etag)]).await;
        assert_eq!(status, 200, "another form has another tag");
    }

    #[actix_web::test]
    async fn what_is_not_there_is_said() {
        let (status, headers, _) = ask(built(), Method::GET, "/assets/chat-old.wasm", &[]).await;
        assert_eq!((status, header(&headers, CACHE_CONTROL)), (404, "no-cache"));
        let (status, headers, _) = ask(built(), Method::GET, "/api/v1/none", &[]).await;
        assert_eq!((status, header(&headers, CONTENT_TYPE)), (404, "application/problem+json"));
        let (status, headers, _) = ask(built(), Method::POST, "/sign-in", &[]).await;
        assert_eq!((status, header(&headers, ALLOW)), (405, "GET, HEAD"));
        let empty = Assets::new([]);
        assert!(!empty.is_built_in() && built().is_built_in());
        let (status, _, body) = ask(empty, Method::GET, "/", &[]).await;
        assert!(status == 503 && String::from_utf8_lossy(&body).contains("cargo xtask ui"));
    }

    #[actix_web::test]
    async fn no_path_leads_out_of_the_bundle() {
        for path in [
            "/../Cargo.toml",
            "/assets/../index.html",
            "/assets/%2e%2e/index.html",
            "//etc/passwd",
            "/console/../Cargo.toml",
        ] {
            let (status, _, body) = ask(built(), Method::GET, path, &[]).await;
            let page: [&[u8]; 2] = [b"<!doctype html>", b"<!doctype console>"];
            assert!(status == 404 || page.contains(&body.as_slice()), "{path}");
        }
    }
}
