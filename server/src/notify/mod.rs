//! What reaches people who are not looking: e-mail.
//!
//! `letters` says what a mail says; it is pure. `mail` hands what was written to the mail server and tells what came of
//! it. Neither decides who gets a mail, or when.

pub mod letters;
pub mod mail;
