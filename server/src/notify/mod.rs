//! What reaches people who are not looking: e-mail.
//!
//! `letters` says what a mail says; it is pure. `mail` hands what was written to the mail server and tells what came of
//! it. `hours` knows quiet hours and times of the day, `off` turns mails off by the link in them. None of them decides who
//! gets a mail.

pub mod hours;
pub mod letters;
pub mod mail;
pub mod off;
