//! What reaches people who are not looking: e-mail.
//!
//! `letters` says what a mail says; it is pure. `mail` hands what was written to the mail server and tells what came of
//! it. `hours` knows quiet hours and times of the day, `off` turns mails off by the link in them. None of them decides who gets
//! a mail, or when. `settings` is what holds of the configuration and of what was set in the console
//! (`store`), the same on every node within a second; `change` changes that, `trial` tries it, `preview` shows what mails look
//! like, `api` has the routes.

pub mod hours;
pub mod letters;
pub mod mail;
pub mod off;
pub mod settings;
mod store;
