//! Reading an expression.

use super::pieces::{Piece, pieces};
use super::{Expression, Leaf, MAX_DEPTH, MAX_EXPRESSION_CHARS, MAX_LEAVES, Mistake};

/// Reads an expression.
///
/// # Errors
/// What is wrong, and where.
pub(crate) fn parse(text: &str) -> Result<Expression, Mistake> {
    if text.chars().nth(MAX_EXPRESSION_CHARS).is_some() {
        let reason = format!("longer than {MAX_EXPRESSION_CHARS} characters; put the words into a list");
        return Err(Mistake { at: MAX_EXPRESSION_CHARS, reason });
    }
    let mut parser = Parser { pieces: pieces(text)?, next: 0, leaves: 0, end: text.chars().count() };
    if parser.pieces.is_empty() {
        return Err(Mistake { at: 0, reason: "nothing is looked for".into() });
    }
    let expression = parser.or(0)?;
    if let Some((_, at)) = parser.peek() {
        return Err(Mistake { at, reason: "this parenthesis closes nothing".into() });
    }
    if !expression.needs_a_find() {
        let reason = "this holds for every text without the words after NOT; say with AND what must be there";
        return Err(Mistake { at: 0, reason: reason.into() });
    }
    Ok(expression)
}

struct Parser {
    pieces: Vec<(Piece, usize)>,
    next: usize,
    leaves: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<(&Piece, usize)> {
        self.pieces.get(self.next).map(|(piece, at)| (piece, *at))
    }

    fn take(&mut self, wanted: &Piece) -> bool {
        let here = self.peek().is_some_and(|(piece, _)| piece == wanted);
        self.next += usize::from(here);
        here
    }

    fn or(&mut self, depth: usize) -> Result<Expression, Mistake> {
        let mut parts = vec![self.and(depth)?];
        while self.take(&Piece::Or) {
            parts.push(self.and(depth)?);
        }
        Ok(several(parts, Expression::Or))
    }

    fn and(&mut self, depth: usize) -> Result<Expression, Mistake> {
        let mut parts = vec![self.not(depth)?];
        loop {
            match self.peek() {
                Some((Piece::And, _)) => self.next += 1,
                Some((Piece::Not, _)) => {}
                Some((Piece::Leaf(_) | Piece::Open, at)) => {
                    let reason = "an operator is missing before this: write AND, OR or NEAR/5 (in capitals), \
                                  or put a phrase in quotation marks";
                    return Err(Mistake { at, reason: reason.into() });
                }
                _ => return Ok(several(parts, Expression::And)),
            }
            parts.push(self.not(depth)?);
        }
    }

    fn not(&mut self, depth: usize) -> Result<Expression, Mistake> {
        if let Some((Piece::Not, at)) = self.peek() {
            self.next += 1;
            check_depth(depth + 1, at)?;
            return Ok(Expression::Not(Box::new(self.not(depth + 1)?)));
        }
        self.near(depth)
    }

    fn near(&mut self, depth: usize) -> Result<Expression, Mistake> {
        let mut left = self.primary(depth)?;
        let mut chain = depth;
        while let Some((Piece::Near(words), at)) = self.peek() {
            let words = *words;
            self.next += 1;
            chain += 1;
            check_depth(chain, at)?;
            let right = self.primary(depth)?;
            if left.has_not() || right.has_not() {
                let reason = "NEAR cannot stand beside NOT: what is not there has no place; use AND NOT";
                return Err(Mistake { at, reason: reason.into() });
            }
            left = Expression::Near(words, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn primary(&mut self, depth: usize) -> Result<Expression, Mistake> {
        let Some((piece, at)) = self.pieces.get(self.next).cloned() else {
            return Err(Mistake { at: self.end, reason: "something is missing after the operator".into() });
        };
        self.next += 1;
        match piece {
            Piece::Leaf(wanted) => {
                self.leaves += 1;
                if self.leaves > MAX_LEAVES {
                    let reason = format!("more than {MAX_LEAVES} words and phrases; put them into a list");
                    return Err(Mistake { at, reason });
                }
                Ok(Expression::Leaf(Leaf { at, wanted }))
            }
            Piece::Open => {
                check_depth(depth + 1, at)?;
                if self.peek().is_some_and(|(piece, _)| *piece == Piece::Close) {
                    return Err(Mistake { at, reason: "there is nothing in these parentheses".into() });
                }
                let inner = self.or(depth + 1)?;
                if self.take(&Piece::Close) {
                    return Ok(inner);
                }
                Err(Mistake { at, reason: "this parenthesis is not closed".into() })
            }
            Piece::Close => Err(Mistake { at, reason: "this parenthesis closes nothing".into() }),
            Piece::Not => {
                let reason = "NEAR cannot stand beside NOT: what is not there has no place; use AND NOT";
                Err(Mistake { at, reason: reason.into() })
            }
            Piece::And | Piece::Or | Piece::Near(_) => {
                Err(Mistake { at, reason: "this operator needs something on both sides".into() })
            }
        }
    }
}

fn check_depth(depth: usize, at: usize) -> Result<(), Mistake> {
    if depth <= MAX_DEPTH {
        return Ok(());
    }
    Err(Mistake { at, reason: format!("nested deeper than {MAX_DEPTH}; make two rules of it") })
}

fn several(mut parts: Vec<Expression>, all: fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() > 1 {
        return all(parts);
    }
    // There is always a first: every caller begins with one.
    parts.pop().unwrap_or_else(|| all(Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::super::Wanted;
    use super::*;

    fn shown(expression: &Expression) -> String {
        let all = |parts: &[Expression], by: &str| parts.iter().map(shown).collect::<Vec<_>>().join(by);
        match expression {
            Expression::Leaf(leaf) => match &leaf.wanted {
                Wanted::Term(term) => term.clone(),
                Wanted::List(name) => format!("list {name}"),
                Wanted::Pattern(pattern) => format!("/{pattern}/"),
                Wanted::Detected(detector) => format!("detected {}", detector.name()),
            },
            Expression::Not(inner) => format!("!{}", shown(inner)),
            Expression::And(parts) => format!("({})", all(parts, " & ")),
            Expression::Or(parts) => format!("({})", all(parts, " | ")),
            Expression::Near(words, left, right) => format!("<{} {words} {}>", shown(left), shown(right)),
        }
    }

    #[test]
    fn operators_bind_as_the_grammar_says() {
        for (text, tree) in [
            ("a", "a"),
            ("a OR b AND c", "(a | (b & c))"),
            ("(a OR b) AND NOT c", "((a | b) & !c)"),
            ("a NOT \"b c\"", "(a & !b c)"),
            ("a NEAR/5 b AND c", "(<a 5 b> & c)"),
            ("a NEAR/0 b NEAR/2 (c OR d)", "<<a 0 b> 2 (c | d)>"),
            ("list:shares OR detect:card", "(list shares | detected card)"),
            (r"/a\/b\d/ AND „x y“", r"(/a/b\d/ & x y)"),
            ("and OR or", "(and | or)"),
            ("NOT NOT a AND b", "(!!a & b)"),
            ("http://a AND c:d", "(http://a & c:d)"),
        ] {
            assert_eq!(parse(text).map(|tree| shown(&tree)).as_deref(), Ok(tree), "{text}");
        }
    }

    #[test]
    fn mistakes_say_where_and_how_to_mend_them() {
        for (text, at, part) in [
            ("", 0, "nothing"),
            ("a b", 2, "AND, OR or NEAR/5"),
            ("a and b", 2, "in capitals"),
            ("a AND", 5, "missing"),
            ("AND a", 0, "both sides"),
            ("a OR OR b", 5, "both sides"),
            ("(a OR b", 0, "not closed"),
            ("a)", 1, "closes nothing"),
            ("()", 0, "nothing in"),
            ("\"a", 0, "not closed"),
            ("/a", 0, "slash"),
            ("NOT a", 0, "must be there"),
            ("a OR NOT b", 0, "must be there"),
            ("a NEAR b", 2, "NEAR/5"),
            ("a NEAR/x b", 2, "number"),
            ("a NEAR/1000 b", 2, "100"),
            ("a NEAR/3 NOT b", 9, "AND NOT"),
            ("a NEAR/3 (b AND NOT c)", 2, "AND NOT"),
            ("detect:cards", 0, "there are card"),
            (&"(".repeat(30), 20, "nested"),
            (&format!("{} a", "NOT ".repeat(30)), 80, "nested"),
            (&vec!["a"; 501].join(" OR "), 2500, "list"),
        ] {
            let mistake = parse(text).unwrap_err();
            assert_eq!(mistake.at, at, "{text}: {mistake:?}");
            assert!(mistake.reason.contains(part), "{text}: {mistake:?}");
        }
    }
}
