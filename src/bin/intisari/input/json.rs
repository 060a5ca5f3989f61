//! JSON that is not in lines: an object over several, or a list of objects, of which only one is held at a time.
//!
//! Brackets and strings are followed, nothing else is read here: what is wrong within an object is that object's fault, and
//! the next one is read.

use std::io::BufRead;

use super::source::told;
use super::{Failure, Item, Records, MAX_BYTES};

pub struct Values<R> {
    reader: R,
    records: Records,
    /// Whether a list is open around the values.
    in_list: bool,
    /// Values that were read.
    count: usize,
    line: usize,
    ended: bool,
}

/// Where a value ends.
#[derive(Default)]
struct Nesting {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    /// Takes a byte of a value and says whether it was the last.
    fn closes_with(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => return false,
            }
        }
        self.depth == 0 && !self.in_string
    }
}

impl<R: BufRead> Values<R> {
    pub fn new(reader: R, records: Records) -> Self {
        Values { reader, records, in_list: false, count: 0, line: 1, ended: false }
    }

    /// The next byte, left where it is.
    fn peek(&mut self) -> Result<Option<u8>, String> {
        Ok(self.reader.fill_buf().map_err(|error| told(&error))?.first().copied())
    }

    /// The first byte of the next value; `None` at the end. Commas and the brackets of the list are taken away.
    fn begin(&mut self) -> Result<Option<u8>, String> {
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' => self.line += 1,
                b'[' if !self.in_list => self.in_list = true,
                b']' if self.in_list => self.in_list = false,
                b',' if self.in_list => {}
                byte if byte.is_ascii_whitespace() => {}
                byte => return Ok(Some(byte)),
            }
            self.reader.consume(1);
        }
        if self.in_list {
            return Err("the list has no end: the file may be cut off; get it again".to_owned());
        }
        Ok(None)
    }

    /// A value that begins with `first`.
    fn value(&mut self, first: u8) -> Result<Vec<u8>, String> {
        let begun = self.line;
        let nested = matches!(first, b'{' | b'[' | b'"');
        let (mut value, mut nesting) = (Vec::new(), Nesting::default());
        loop {
            let buffer = self.reader.fill_buf().map_err(|error| told(&error))?;
            if buffer.is_empty() {
                return match nested {
                    true => Err(format!(
                        "the value that begins on line {begun} has no end: a quotation mark or bracket is missing in \
                         it, or the file is cut off; nothing after it was read"
                    )),
                    false => Ok(value),
                };
            }
            // A number, a word or rubbish goes on to where another value can begin.
            let end = |&byte: &u8| match nested {
                true => nesting.closes_with(byte),
                false => matches!(byte, b',' | b']' | b'\n' | b'{'),
            };
            // A comma or a closing bracket outside of a list begins rubbish: it is taken, or nothing ever would be.
            let skipped = usize::from(!nested && value.is_empty());
            let end = buffer.iter().skip(skipped).position(end).map(|end| end + skipped);
            let taken = end.map_or(buffer.len(), |end| if nested { end + 1 } else { end });
            let part = buffer.get(..taken).unwrap_or_default();
            self.line += part.iter().filter(|&&byte| byte == b'\n').count();
            value.extend_from_slice(part);
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(value);
            }
            if value.len() as u64 > MAX_BYTES {
                return Err(format!(
                    "the value that begins on line {begun} is longer than {MAX_BYTES} bytes; nothing after it was read"
                ));
            }
        }
    }

    /// Where a value stands: as jq would ask for it, or the file itself for an object that is alone.
    fn place(&self) -> String {
        match (self.in_list, self.count) {
            (false, 0) => self.records.name.clone(),
            (_, count) => format!("{}[{count}]", self.records.name),
        }
    }
}

impl<R: BufRead> Iterator for Values<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.ended {
            return None;
        }
        let begun = self.begin();
        let line = self.line;
        let value = match begun {
            Ok(None) => return None,
            Ok(Some(first)) => self.value(first),
            Err(message) => Err(message),
        };
        let place = self.place();
        self.count += 1;
        match value {
            Ok(value) => Some(self.records.json(value.trim_ascii(), &place).map_err(|failure| Failure {
                message: format!("from line {line} on: {}", failure.message),
                ..failure
            })),
            Err(message) => {
                self.ended = true;
                Some(Err(Failure::rest(self.records.id(&place), message)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use intisari::document::Fields;

    use super::*;

    /// Ids and texts, or messages.
    fn read(json: &str, buffer: usize) -> Vec<Result<(String, String), String>> {
        let records = Records { name: "x".to_owned(), prefix: String::new(), fields: Fields::default() };
        Values::new(BufReader::with_capacity(buffer, json.as_bytes()), records)
            .map(|item| match item {
                Ok(incoming) => Ok((incoming.article.id, incoming.article.text)),
                Err(failure) => {
                    Err(format!("{}{}", failure.message, if failure.rest_lost { " LOST" } else { "" }))
                }
            })
            .collect()
    }

    #[test]
    fn values_are_cut_where_they_end_whatever_the_buffer() {
        let json = r#" [ {"text": "a]},\"{"}, {"id": 7,
            "text": "\\"} ,{"text": ["b", "c"]}
        ]
        {"text": "d"}"#;
        for buffer in [1, 2, 3, 7, 1000] {
            let read: Vec<_> = read(json, buffer).into_iter().map(Result::unwrap).collect();
            let expected = [("x[0]", "a]},\"{"), ("7", "\\"), ("x[2]", "b\n\nc"), ("x[3]", "d")];
            assert_eq!(read, expected.map(|(id, text)| (id.to_owned(), text.to_owned())), "{buffer}");
        }
        assert_eq!(read("{\n\"text\": \"a\"\n}\n", 8), [Ok(("x".to_owned(), "a".to_owned()))]);
        assert_eq!(read("[]", 8), []);
    }

    #[test]
    fn a_bad_value_costs_no_other_and_a_missing_end_is_told() {
        let items = read(r#"[{"text": "a"}, {"text": b}, 5, null, oops, "s", {"text": "c"}]"#, 1000);
        let good: Vec<&str> = items.iter().filter_map(|item| Some(item.as_ref().ok()?.1.as_str())).collect();
        assert_eq!((items.len(), good), (7, vec!["a", "c"]));
        assert!(items.iter().all(|item| !item.as_ref().is_err_and(|message| message.contains("LOST"))));
        for (json, message) in [
            (r#"[{"text": "a"}, "#, "the list has no end"),
            (r#"[{"text": "a"}"#, "the list has no end"),
            ("[{\"text\": \"a\"},\n{\"text\": \"b", "begins on line 2 has no end"),
            (r#"{"text": "a""#, "begins on line 1 has no end"),
        ] {
            let items = read(json, 1000);
            let last = items.last().unwrap().as_ref().unwrap_err();
            assert!(last.contains(message) && last.contains("LOST"), "{json}: {last}");
        }
    }
}
