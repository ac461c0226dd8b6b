//! What the interfaces' framework names of a server's settings, and nothing more: an interface for the browser has none.
//!
//! The crate of this name in the registry reads such settings from files. It asks for regular expressions with every engine and every
//! table of letters there is; features are united over a build, and the console, which tries rules in the browser, would carry them.

use std::sync::Arc;

/// How a page that reloads itself while one works on it would hear of that.
#[derive(Debug, Clone)]
pub enum ReloadWSProtocol {
    /// In the clear.
    WS,
    /// Encrypted.
    WSS,
}

/// How a server would hand out the files of an interface. Nothing makes one.
#[derive(Debug, Clone)]
pub struct LeptosOptions {
    /// What its files are called.
    pub output_name: Arc<str>,
    /// The folder of everything.
    pub site_root: Arc<str>,
    /// The folder of the code in it.
    pub site_pkg_dir: Arc<str>,
    /// Whether names end with what is in the files.
    pub hash_files: bool,
    /// The file that says how.
    pub hash_file: Arc<str>,
    /// See [`ReloadWSProtocol`].
    pub reload_ws_protocol: ReloadWSProtocol,
    /// On which port that is.
    pub reload_port: u32,
    /// On which port it is seen from outside.
    pub reload_external_port: Option<u32>,
}
