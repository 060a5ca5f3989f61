//! Changes inputs as chance and malice would.

/// Numbers by chance; the same seed gives the same ones (SplitMix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Chance(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A number below 2 to the power of `bits`, as often small as large.
    fn length(&mut self, bits: usize) -> usize {
        let bits = self.below(bits);
        self.below(1 << bits)
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let place = self.below(of.len());
        of.get(place).expect("a choice of something")
    }
}

/// Numbers at the edges of what formats hold.
const EDGES: [u64; 12] =
    [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1 << 40, i64::MAX as u64, u64::MAX];

/// Longest input that is made.
const LONGEST: usize = 1 << 16;

/// One of `seeds`, changed some times over; `words` are put in as they stand.
pub fn mutated(chance: &mut Chance, seeds: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut bytes = chance.one(seeds).clone();
    for _ in 0..chance.below(8) {
        change(chance, &mut bytes, seeds, words);
    }
    bytes.truncate(LONGEST.max(seeds.iter().map(Vec::len).max().unwrap_or(0)));
    bytes
}

fn change(chance: &mut Chance, bytes: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&str]) {
    let at = chance.below(bytes.len() + 1);
    let end = (at + 1 + chance.length(9)).min(bytes.len());
    let range = at.min(end)..end;
    match chance.below(10) {
        0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (at % 8)),
        1 => {
            let value = chance.next() as u8;
            bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = value);
        }
        2 => drop(bytes.drain(range)),
        3 => {
            let copy = bytes[range].to_vec();
            let times = 1 + chance.length(8);
            let copies = copy.repeat(times.min(1 + LONGEST / copy.len().max(1)));
            bytes.splice(at.min(bytes.len())..at.min(bytes.len()), copies);
        }
        4 => {
            let other = chance.one(seeds);
            let (from, to) = (chance.below(other.len() + 1), chance.below(other.len() + 1));
            let part = other[from.min(to)..from.max(to)].to_vec();
            bytes.splice(range, part);
        }
        5 => {
            let width = *chance.one(&[1, 2, 4, 8]);
            let edge = chance.one(&EDGES).to_le_bytes();
            bytes.iter_mut().skip(at).zip(&edge[..width]).for_each(|(byte, new)| *byte = *new);
        }
        6 => bytes.truncate(at),
        7 => {
            // A number that is written out.
            let digits = bytes.iter().skip(at).position(u8::is_ascii_digit).map(|start| start + at);
            let Some(start) = digits else { return };
            let len = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number = chance.one(&EDGES).to_string();
            bytes.splice(start..start + len, number.into_bytes());
        }
        _ if !words.is_empty() => {
            let word = chance.one(words).as_bytes().to_vec();
            let times = if chance.below(8) == 0 { 1 + chance.below(60) } else { 1 };
            bytes.splice(at.min(bytes.len())..at.min(bytes.len()), word.repeat(times));
        }
        _ => bytes.push(at as u8),
    }
}
