//! Steps that the tokenizers of mteval-v13a.pl and tercom share.

/// Joins lines and resolves the four XML entities.
pub(super) fn without_markup(line: &str) -> String {
    let line = line.replace('\n', " ");
    line.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}

/// `line` between blanks, with ASCII punctuation apart other than apostrophe, comma, hyphen and point.
pub(super) fn punctuation_apart(line: &str) -> String {
    let mut apart = String::with_capacity(line.len() * 2);
    apart.push(' ');
    for c in line.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '\'' | ',' | '-' | '.') {
            apart.extend([' ', c, ' ']);
        } else {
            apart.push(c);
        }
    }
    apart.push(' ');
    apart
}

/// Points and commas apart unless between digits, hyphens apart after digits.
pub(super) fn points_apart(line: &str) -> String {
    let is_point = |c: char| c == '.' || c == ',';
    let line = pairs(line, |a, b| !a.is_ascii_digit() && is_point(b), Apart::Second);
    let line = pairs(&line, |a, b| is_point(a) && !b.is_ascii_digit(), Apart::First);
    pairs(&line, |a, b| a.is_ascii_digit() && b == '-', Apart::Second)
}

/// Which of the two characters of a pair gets blanks around it.
enum Apart {
    First,
    Second,
}

/// Puts blanks into every pair of neighbors that `matches`; pairs do not overlap, the leftmost wins.
fn pairs(text: &str, matches: impl Fn(char, char) -> bool, apart: Apart) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut chars = text.chars().peekable();
    while let Some(a) = chars.next() {
        match chars.next_if(|b| matches(a, *b)) {
            Some(b) => match apart {
                Apart::First => out.extend([' ', a, ' ', b]),
                Apart::Second => out.extend([a, ' ', b, ' ']),
            },
            None => out.push(a),
        }
    }
    out
}
