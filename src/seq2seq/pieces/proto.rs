//! Reads what is needed of a sentencepiece model, a protocol buffer (`ModelProto` of sentencepiece).

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Unknown,
    Control,
    UserDefined,
    Unused,
    Byte,
}

/// A piece with its score.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) score: f32,
    pub(super) kind: Kind,
}

/// The fields of a model that matter here, with sentencepiece's defaults.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Proto {
    pub(super) pieces: Vec<Piece>,
    /// 1: unigram, 2: byte pairs.
    pub(super) algorithm: u64,
    pub(super) space_as_suffix: bool,
    pub(super) byte_fallback: bool,
    pub(super) character_map: Vec<u8>,
    pub(super) space_in_front: bool,
    pub(super) single_spaces: bool,
    pub(super) marked_spaces: bool,
}

enum Value<'a> {
    Number(u64),
    Float(f32),
    Bytes(&'a [u8]),
}

impl Value<'_> {
    fn is_true(&self) -> bool {
        matches!(self, Value::Number(number) if *number != 0)
    }
}

const DAMAGED: &str = "it is no sentencepiece model, or damaged";

/// Reads a model.
///
/// # Errors
/// A message where the bytes are no such model.
pub(super) fn read(bytes: &[u8]) -> Result<Proto, String> {
    let mut proto = Proto {
        pieces: Vec::new(),
        algorithm: 1,
        space_as_suffix: false,
        byte_fallback: false,
        character_map: Vec::new(),
        space_in_front: true,
        single_spaces: true,
        marked_spaces: true,
    };
    each(bytes, |field, value| {
        match (field, value) {
            (1, Value::Bytes(bytes)) => proto.pieces.push(piece(bytes)?),
            (2, Value::Bytes(bytes)) => each(bytes, |field, value| {
                match (field, &value) {
                    (3, Value::Number(number)) => proto.algorithm = *number,
                    (24, _) => proto.space_as_suffix = value.is_true(),
                    (35, _) => proto.byte_fallback = value.is_true(),
                    _ => {}
                }
                Ok(())
            })?,
            (3, Value::Bytes(bytes)) => each(bytes, |field, value| {
                match (field, &value) {
                    (2, Value::Bytes(map)) => proto.character_map = map.to_vec(),
                    (3, _) => proto.space_in_front = value.is_true(),
                    (4, _) => proto.single_spaces = value.is_true(),
                    (5, _) => proto.marked_spaces = value.is_true(),
                    _ => {}
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    if proto.pieces.is_empty() {
        return Err(DAMAGED.to_owned());
    }
    Ok(proto)
}

fn piece(bytes: &[u8]) -> Result<Piece, String> {
    let mut piece = Piece { text: String::new(), score: 0.0, kind: Kind::Normal };
    each(bytes, |field, value| {
        match (field, value) {
            (1, Value::Bytes(text)) => {
                piece.text = std::str::from_utf8(text).map_err(|_| "a piece is not UTF-8")?.to_owned();
            }
            (2, Value::Float(score)) => piece.score = score,
            (3, Value::Number(number)) => {
                piece.kind = match number {
                    1 => Kind::Normal,
                    2 => Kind::Unknown,
                    3 => Kind::Control,
                    4 => Kind::UserDefined,
                    5 => Kind::Unused,
                    6 => Kind::Byte,
                    other => return Err(format!("a piece is of the unknown type {other}")),
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(piece)
}

/// Calls `take` with the number and value of each field.
fn each<'a>(
    mut bytes: &'a [u8],
    mut take: impl FnMut(u64, Value<'a>) -> Result<(), String>,
) -> Result<(), String> {
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut bytes)?),
            1 => {
                cut(&mut bytes, 8)?;
                continue;
            }
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).map_err(|_| DAMAGED)?;
                Value::Bytes(cut(&mut bytes, length)?)
            }
            5 => Value::Float(f32::from_le_bytes(cut(&mut bytes, 4)?.try_into().map_err(|_| DAMAGED)?)),
            _ => return Err(DAMAGED.to_owned()),
        };
        take(key >> 3, value)?;
    }
    Ok(())
}

fn cut<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], String> {
    let (head, rest) = bytes.split_at_checked(length).ok_or(DAMAGED)?;
    *bytes = rest;
    Ok(head)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let &[byte] = cut(bytes, 1)? else { break };
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(DAMAGED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_pieces_and_switches() {
        // Two pieces, byte pairs, byte fallback, no space in front.
        let mut bytes = vec![0x0a, 9, 0x0a, 2, b'a', b'b', 0x15, 0, 0, 0x80, 0xbf];
        bytes.extend([0x0a, 7, 0x0a, 3, b'<', b's', b'>', 0x18, 3]);
        bytes.extend([0x12, 5, 0x18, 2, 0x98, 0x02, 1, 0x1a, 2, 0x18, 0]);
        let proto = read(&bytes).unwrap();
        assert_eq!(proto.pieces[0], Piece { text: "ab".to_owned(), score: -1.0, kind: Kind::Normal });
        assert_eq!(proto.pieces[1].kind, Kind::Control);
        assert!(proto.algorithm == 2 && proto.byte_fallback && !proto.space_in_front && proto.single_spaces);
    }

    #[test]
    fn what_is_no_model_is_refused() {
        assert!(read(b"").is_err());
        assert!(read(b"version https://git-lfs").is_err());
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
