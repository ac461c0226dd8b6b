//! Tables as files that spreadsheets read.

use crate::ground::error::Error;

/// A spreadsheet takes what begins with one of these for a formula and runs it.
pub fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

/// Rows of cells as CSV (RFC 4180).
///
/// # Errors
/// `internal`; a defect.
pub fn lines<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Result<Vec<u8>, Error> {
    let broken = |what: String| Error::internal(format!("writing CSV: {what}"));
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(|e| broken(e.to_string()))?;
    }
    writer.into_inner().map_err(|e| broken(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless("=1+1".into()), "'=1+1");
        assert_eq!(harmless("@SUM(A1)".into()), "'@SUM(A1)");
        assert_eq!(harmless("Ada".into()), "Ada");
    }

    #[test]
    fn cells_with_commas_quotes_and_lines_are_quoted() {
        let row = ["a,\"b\"\nc".to_owned(), String::new()];
        assert_eq!(&lines([row]).unwrap()[..], b"\"a,\"\"b\"\"\nc\",\r\n");
    }
}
