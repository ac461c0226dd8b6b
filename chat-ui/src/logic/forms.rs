//! What a form can check before the server does; the server decides.

/// Shortest password the server accepts.
pub const MIN_PASSWORD: usize = 12;

/// Whether a username has the right form.
pub fn username_is_valid(name: &str) -> bool {
    chancery_protocol::text::check_username(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::username_is_valid;

    #[test]
    fn usernames_have_a_form() {
        assert!(username_is_valid("lena.fischer"));
        assert!(!username_is_valid("Lena Fischer"));
        assert!(!username_is_valid(""));
    }
}
