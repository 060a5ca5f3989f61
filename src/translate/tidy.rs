//! Mends what files of sentences and scraped text do to a segment, so that the model sees what the writer wrote.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use super::units::short_scales;
use crate::part::Part;
use crate::reading::read_part;

/// `segment` as it reads, without white space around it, with letters put right that were read in the wrong encoding,
/// without quotation marks that belong to nothing, and with `miliar` and `triliun` where a sum in rupiah has `M` and `T`.
pub(super) fn tidied(segment: &str) -> Cow<'_, str> {
    let decoded = match read_part(segment) {
        Cow::Borrowed(read) => redecoded(read),
        Cow::Owned(read) => Cow::Owned(redecoded(&read).into_owned()),
    };
    match decoded {
        Cow::Borrowed(segment) => scaled(unwrapped(segment)),
        Cow::Owned(segment) => Cow::Owned(scaled(unwrapped(&segment)).into_owned()),
    }
}

/// `Rp 12 M` is `Rp 12 miliar`.
fn scaled(text: &str) -> Cow<'_, str> {
    let shouts = !text.contains(char::is_lowercase);
    let (mut written, mut copied) = (String::new(), 0);
    for (range, word) in short_scales(text) {
        written.push_str(text.part(copied..range.start));
        written.push(' ');
        written.push_str(&if shouts { word.to_uppercase() } else { word.to_owned() });
        copied = range.end;
    }
    match copied {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(written + text.part(copied..)),
    }
}

/// UTF-8 that was read as Windows-1252 is read again: `7â€“2` is `7–2`. Letters beside each other that make no UTF-8, as
/// in any text that was read rightly, stay.
fn redecoded(text: &str) -> Cow<'_, str> {
    let mut mended: Option<String> = None;
    let (mut copied, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let foreign = rest.find(|c: char| c.is_ascii()).unwrap_or(rest.len());
        if foreign == 0 {
            at += rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len());
            continue;
        }
        let run = rest.part(..foreign);
        if let Some(read) = read_again(run) {
            let mended = mended.get_or_insert_default();
            mended.push_str(text.part(copied..at));
            mended.push_str(&read);
            copied = at + foreign;
        }
        at += foreign;
    }
    match mended {
        Some(mut mended) => {
            mended.push_str(text.part(copied..));
            Cow::Owned(mended)
        }
        None => Cow::Borrowed(text),
    }
}

fn read_again(run: &str) -> Option<String> {
    let (bytes, _, unknown) = WINDOWS_1252.encode(run);
    if unknown {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok()
}

/// Tables of sentences often put each into quotation marks, also where it holds some of its own: `"Ia berkata, "Ya.""`.
/// Taken off are a first mark behind which another quotation opens before one closes, and a last mark where none is
/// open but others are in the text. A single mark is none of these: quotations run over sentences.
fn unwrapped(segment: &str) -> &str {
    let mut text = segment.trim();
    if let [(0, Side::Opens), (_, Side::Opens), _, ..] = marks(text).as_slice() {
        text = text.part(1..).trim_start();
    }
    let found = marks(text);
    let odd = found.len() % 2 == 1;
    if odd && matches!(found.as_slice(), [_, .., (_, Side::Closes), _]) {
        text = text.strip_suffix('"').map_or(text, str::trim_end);
    }
    text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
}

/// Where straight quotation marks stand, and whether each opens or closes: one behind a blank and before something else
/// opens. Marks that have a side, `“`, never come around a sentence by themselves.
fn marks(text: &str) -> Vec<(usize, Side)> {
    let side = |at: usize| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + 1..).and_then(|text| text.chars().next());
        let free = before.is_none_or(|c| c.is_whitespace() || "([{-–—/\"".contains(c));
        match free && after.is_some_and(|c| !c.is_whitespace()) {
            true => Side::Opens,
            false => Side::Closes,
        }
    };
    text.match_indices('"').map(|(at, _)| (at, side(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_letters_again_that_were_read_wrongly() {
        for (read, written) in [
            ("Skor akhir 7â€“2 untuk Bali.", "Skor akhir 7–2 untuk Bali."),
            ("Kafe JosÃ©, 35Â°C", "Kafe José, 35°C"),
            ("â€œYa,â€\u{9d} kata dia.", "“Ya,” kata dia."),
            ("ðŸ™‚", "🙂"),
        ] {
            assert_eq!(tidied(read), written);
        }
        for right in ["Kafe José – 35°C …", "“Ya,” kata dia 🙂", "Âç é", "Москва", "", "Ã"]
        {
            assert!(matches!(tidied(right), Cow::Borrowed(text) if text == right), "{right}");
        }
    }

    #[test]
    fn spells_out_what_is_short_for_billions() {
        for (written, meant) in [
            ("Anggarannya Rp 12 M.", "Anggarannya Rp 12 miliar."),
            ("Anggarannya Rp1,2T, bukan Rp 3,5 M.", "Anggarannya Rp1,2 triliun, bukan Rp 3,5 miliar."),
            ("ANGGARAN RP 2,5 M", "ANGGARAN RP 2,5 MILIAR"),
            ("Antara Rp 3-5 M dan Rp 6 M.", "Antara Rp 3-5 miliar dan Rp 6 miliar."),
        ] {
            assert_eq!(tidied(written), meant);
        }
        for same in ["Lebarnya 12 M.", "Utang US$ 5 M.", "Rp 12 Miliar", "Ukuran T dan M", "Rp 12 Mei"] {
            assert_eq!(tidied(same), same);
        }
    }

    #[test]
    fn reads_codes_and_passes_over_what_cannot_be_seen() {
        for (written, meant) in [
            ("&quot;Ya,&quot; kata Sari&nbsp;Dewi.", "\"Ya,\" kata Sari\u{a0}Dewi."),
            ("Ia mem\u{ad}bawa to\u{200b}ko.\u{feff}", "Ia membawa toko."),
            ("<b>Hujan</b> &amp; angin<br>", "Hujan & angin"),
        ] {
            assert_eq!(tidied(written), meant);
        }
    }

    #[test]
    fn takes_off_marks_that_belong_to_nothing() {
        for (wrapped, text) in [
            ("\"Ia berkata, \"Hujan turun. Sungai naik.\"", "Ia berkata, \"Hujan turun. Sungai naik.\""),
            (
                "\"Warga menyebutnya \"bukit garam\" sejak lama.\"",
                "Warga menyebutnya \"bukit garam\" sejak lama.",
            ),
            ("\"Mereka menjawab, \"Kami siap\".\"", "Mereka menjawab, \"Kami siap\"."),
            ("\"Kami siap,\" kata Sari. \" ", "\"Kami siap,\" kata Sari."),
            ("\"Kami siap,\" kata Sari.\"", "\"Kami siap,\" kata Sari."),
        ] {
            assert_eq!(tidied(wrapped), text);
        }
    }

    #[test]
    fn leaves_quotations_as_they_are() {
        for text in [
            "\"Kami siap,\" kata Sari.",
            "\"Kami siap. Semua ada.\"",
            "\"Kami siap.",
            "Semua ada.\"",
            "Semua ada,\" kata Sari. \"Kami siap.\"",
            "\"Kami siap,\" kata Sari. \"Semua ada.",
            "\"Kami siap,\" kata Sari. \"Semua ada.\"",
            "Layar 14\" dan 15\" dijual.",
            "“Kami “siap”,” kata Sari.",
            "\"\"",
            "\"",
        ] {
            assert_eq!(tidied(text), text);
        }
    }

    proptest! {
        #[test]
        fn takes_any_text(text in ".*", marked in "[a \"â€“.]{0,30}") {
            for text in [text, marked] {
                let once = tidied(&text).into_owned();
                // `Rp1M` is `Rp1 miliar`.
                prop_assert!(once.len() <= 4 * text.len());
            }
        }
    }
}
