//! Reads JSON strictly into a tree that knows where everything stands, so that a problem names line and column.

use super::json_cursor::Cursor;

/// A document may be at most this many bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// Objects and lists may be nested at most this deep.
pub const MAX_DEPTH: usize = 32;

/// A number may have at most this many significant digits, so that it survives canonical JSON unchanged.
pub const MAX_DIGITS: usize = 15;

/// A place in a document. Both count from 1; columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Spot {
    /// The line.
    pub line: u32,
    /// The column in the line.
    pub column: u32,
}

impl Spot {
    /// The first character of a document.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// A value with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// Where the value begins.
    pub at: Spot,
    /// The value.
    pub shape: Shape,
}

/// A JSON value (RFC 8259). Numbers are kept as they were written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number, exactly as written.
    Number(String),
    /// A string, its escapes resolved.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object, in the order of the document; names may repeat.
    Object(Vec<Entry>),
    /// What is no value of JSON, and was told so. Reading goes on behind it.
    Wrong,
}

/// One member of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The name.
    pub key: String,
    /// Where the name begins.
    pub key_at: Spot,
    /// The value.
    pub value: Node,
}

/// After so many wrong values nothing more of a document is read.
pub const MAX_FAULTS: usize = 20;

/// Why a text is not JSON. After a wrong value reading goes on; what does not fit together ends it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Where.
    pub at: Spot,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

/// Reads one JSON document: its tree, unless its end is not found, and every place where the text is not JSON as RFC
/// 8259 has it, or is over one of the limits above.
#[must_use]
pub fn read(text: &str) -> (Option<Node>, Vec<Fault>) {
    if text.len() > MAX_BYTES {
        let at = Spot::START;
        let message = format!("the document has {} bytes", text.len());
        let fix = format!("a document of at most {MAX_BYTES} bytes");
        return (None, vec![Fault { at, message, fix }]);
    }
    let mut cursor = Cursor::new(text);
    let node = document(&mut cursor);
    let mut faults = cursor.faults;
    let node = node.map_err(|fault| faults.push(fault)).ok();
    (node, faults)
}

/// Reads one JSON document of which nothing is wrong.
///
/// # Errors
///
/// The first place where the text is not JSON.
pub fn parse(text: &str) -> Result<Node, Fault> {
    let (node, faults) = read(text);
    match (node, faults.into_iter().next()) {
        (Some(node), None) => Ok(node),
        (_, fault) => Err(fault.unwrap_or_else(|| Fault {
            at: Spot::START,
            message: "this is no document".to_owned(),
            fix: "a JSON value".to_owned(),
        })),
    }
}

fn document(cursor: &mut Cursor<'_>) -> Result<Node, Fault> {
    cursor.blank();
    let node = cursor.value()?;
    cursor.blank();
    match cursor.rest.peek().copied() {
        None => Ok(node),
        Some(extra) => cursor.fault(
            format!("`{extra}` stands after the end of the document"),
            "one value and nothing after it",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_stand() {
        let node = parse("{\n  \"a\": [1, \"\\u00e9\\ud83d\\ude00\"]\n}").unwrap();
        let Shape::Object(entries) = node.shape else {
            panic!("an object")
        };
        assert_eq!(entries[0].key_at, Spot { line: 2, column: 3 });
        let Shape::List(items) = &entries[0].value.shape else {
            panic!("a list")
        };
        assert_eq!(
            items[0],
            Node {
                at: Spot { line: 2, column: 9 },
                shape: Shape::Number("1".into())
            }
        );
        assert_eq!(items[1].shape, Shape::Text("é😀".into()));
    }

    #[test]
    fn what_is_not_json_is_refused_where_it_stands() {
        let deep = "[".repeat(40);
        let faults = [
            ("", 1),
            ("{", 2),
            ("[1,]", 4),
            ("{\"a\":1,}", 8),
            ("[NaN]", 2),
            ("[01]", 2),
            ("[1.]", 2),
            ("[1e5]", 2),
            ("[-]", 2),
            ("[1] 2", 5),
            ("'a'", 1),
            ("\"a", 1),
            ("[\"\\ud800\"]", 3),
            ("[\"\\x\"]", 3),
            ("[\"\\u12\"]", 3),
            ("[nul]", 2),
            ("[1 2]", 4),
            ("{\"a\" 1}", 6),
            ("[1234567890123456]", 2),
            ("\"\u{1}\"", 2),
            (deep.as_str(), 33),
            ("{a:1}", 2),
            ("\u{feff}1", 1),
        ];
        for (text, column) in faults {
            assert_eq!(
                parse(text).map(|_| ()).map_err(|f| f.at.column),
                Err(column),
                "{text}"
            );
        }
        assert!(parse(&format!("\"{}\"", "a".repeat(MAX_BYTES))).is_err());
    }

    #[test]
    fn reading_goes_on_behind_a_wrong_value_and_not_for_ever() {
        let (node, faults) = read("[NaN, 1e3, -Infinity, 007, 1.2.3, low, 5, 1e3");
        assert!(node.is_none());
        let told: Vec<String> = faults.into_iter().map(|f| f.message).collect();
        assert_eq!(
            told,
            [
                "NaN is not a number that can be compared",
                "1e3 has an exponent",
                "`-Infinity` is not a number",
                "007 begins with a zero",
                "`1.2.3` is not a number",
                "`low` is not JSON",
                "1e3 has an exponent",
                "the list does not go on here",
            ]
        );
        let (node, faults) = read("{\"a\": [NaN], \"b\": 1}");
        assert!(node.is_some() && faults.len() == 1);
        let (node, faults) = read(&format!("[{}1]", "NaN,".repeat(1_000)));
        assert_eq!((node, faults.len()), (None, MAX_FAULTS + 1));
    }

    #[test]
    fn a_comment_is_told_as_one() {
        for text in [
            "{ // why\n}",
            "{\"a\": 1 /* why */}",
            "[1, # why\n2]",
            "1 // why",
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!(fault.message, "JSON has no comments", "{text}");
        }
    }
}
