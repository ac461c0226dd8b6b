//! A message as it is quoted in another conversation.

/// The text under a line that says who wrote it and when. Every line is quoted.
pub fn quoted(author: &str, when: &str, text: &str) -> String {
    let mut quote = format!("> {author}, {when}:");
    for line in text.lines() {
        quote.push_str("\n> ");
        quote.push_str(line);
    }
    quote
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn every_line_is_quoted() {
        assert_eq!(
            quoted("Ada Lee", "10 March 2026, 09:14", "one\n\ntwo"),
            "> Ada Lee, 10 March 2026, 09:14:\n> one\n> \n> two"
        );
    }
}
