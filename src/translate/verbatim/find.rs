//! Finds what stays to the letter.

use std::sync::LazyLock;

use regex::{Match, Regex};

use super::{codes, quotation, Kind, Piece};
use crate::part::Part;
use crate::text::pattern;

/// Ends of host names that count without `www.` or a path before or behind them; any end counts where two stops are in a
/// name in small letters.
const HOSTS: [&str; 37] = [
    "ac", "ai", "app", "asia", "au", "biz", "blog", "co", "com", "de", "dev", "edu", "eu", "example", "fm",
    "go", "gov", "id", "info", "int", "invalid", "io", "jp", "me", "mil", "my", "net", "news", "nl",
    "online", "org", "sg", "site", "test", "tv", "uk", "xyz",
];

/// What ends an address in running text without being part of it.
const TRAILING: [char; 17] =
    ['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '"', '’', '”', '…', '*', '>', '»'];

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)(?:\b|[\u{fe00}-\u{fe0f}])(?:(?:https?|ftps?)://|www\.)[^\s<>"“”«»]+|\bmailto:[^\s<>"“”«»]+"#,
    )
});
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[\p{L}\p{N}][\p{L}\p{N}._%+-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+"));
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?:\b|[\u{fe00}-\u{fe0f}])(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,12}\b(?::\d+)?(?:/[^\s<>"“”«»]*)?"#,
    )
});
static HANDLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"@[A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?"));
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"#[\p{L}\p{M}\p{N}_]+"));
static FILE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        \b(?:[\w.-]+/)*[\w-]+(?:\.[\w-]+)*\.  # data/kios.2025.csv, up to its last dot
        (?:
            pdf|docx?|xlsx?|pptx?|odt|ods|rtf|epub
            |jpe?g|png|gif|webp|svg|bmp
            |mp[34]|wav|avi|mov|mkv|webm
            |zip|rar|7z|tar|gz
            |csv|tsv|json|xml|html?|txt|md
            |exe|apk|msi|dmg|iso|bin|dll
            |py|rs|js|sh|bat|ini|conf|log|sql|bak|ya?ml|php
        )\b",
    )
});
static PATH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:~|\.{1,2})?/[\w.@-]+(?:/[\w.@-]+)+/?|\b[A-Za-z]:\\[^\s"“”<>|]+"#));
static MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\p{Lu}[\p{Lu} /&-]+\]"));
static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
    let letter = r"[\p{L}--\p{Latin}--\p{Common}]";
    pattern(Box::leak(
        format!(
            r"(?x)
            {letter}[\p{{M}}\x{{200c}}\x{{200d}}]*
            (?:
                # A blank, marks of that script
                [\x20،؛؟、。·・,.!?ـ\p{{M}}\x{{200c}}\x{{200d}}-]{{0,3}}
                {letter}[\p{{M}}\x{{200c}}\x{{200d}}]*
            )*"
        )
        .into_boxed_str(),
    ))
});

/// The pieces of a text in their order, none of them empty or in another.
pub(in crate::translate) fn find(text: &str) -> Vec<Piece> {
    let mut found = written(text);
    // A quotation is kept whole, with what stands in it.
    for foreign in quotation::foreign(text) {
        found
            .retain(|piece| piece.range.end <= foreign.range.start || piece.range.start >= foreign.range.end);
        found.push(foreign);
    }
    found.sort_by_key(|piece| piece.range.start);
    found
}

/// The pieces that are known by how they are written.
pub(super) fn written(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut add = |from: usize, to: usize, kind: Kind| found.push(Piece { range: from..to, kind });
    for address in ADDRESS.find_iter(text) {
        add(
            address.start() + lead(&address),
            address.start() + trimmed(address.as_str()).len(),
            Kind::Address,
        );
    }
    for email in EMAIL.find_iter(text) {
        add(email.start(), email.start() + trimmed(email.as_str()).len(), Kind::Address);
    }
    for host in HOST.find_iter(text).filter(|host| is_host(host.as_str().part(lead(host)..))) {
        add(host.start() + lead(&host), host.start() + trimmed(host.as_str()).len(), Kind::Address);
    }
    for (pattern, kind) in
        [(&HANDLE, Kind::Handle), (&TAG, Kind::Tag), (&PATH, Kind::File), (&FILE, Kind::File)]
    {
        for piece in pattern.find_iter(text) {
            let (word, before) = (piece.as_str(), text.part(..piece.start()));
            let free =
                !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '@' | '#' | '/' | '\\'));
            // `#1` is a rank.
            let fits = kind != Kind::Tag || word.contains(char::is_alphabetic);
            if free && fits {
                add(piece.start() + lead(&piece), piece.start() + trimmed(word).len(), kind);
            }
        }
    }
    for mark in MARK.find_iter(text) {
        add(mark.start(), mark.end(), Kind::Mark);
    }
    for run in SCRIPT.find_iter(text) {
        // A Greek letter or two is a name of science.
        let letters = run.as_str().chars().filter(|c| c.is_alphabetic());
        let greek = run.as_str().chars().all(|c| !c.is_alphabetic() || ('\u{370}'..='\u{3ff}').contains(&c));
        if !(greek && letters.count() < 3) {
            add(run.start(), run.end(), Kind::Script);
        }
    }
    codes::find(text, &mut |range, kind| add(range.start, range.end, kind));
    first_of_each(found)
}

/// Bytes at the start of a match that belong to the sign before it: `❤️foto.jpg` has a selector of the sign's picture between them, which counts
/// as a letter of a word.
fn lead(found: &Match<'_>) -> usize {
    let word = found.as_str();
    let mark = |c: char| matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}');
    word.len() - word.trim_start_matches(mark).len()
}

/// Of pieces that overlap the one that starts first, then the longest.
fn first_of_each(mut found: Vec<Piece>) -> Vec<Piece> {
    found.sort_by_key(|piece| (piece.range.start, std::cmp::Reverse(piece.range.end), piece.kind));
    let mut end = 0;
    found.retain(|piece| {
        let free = piece.range.start >= end && !piece.range.is_empty();
        if free {
            end = piece.range.end;
        }
        free
    });
    found
}

/// An address without the marks of the sentence around it; a closing bracket stays where it was opened inside.
fn trimmed(address: &str) -> &str {
    let mut rest = address;
    while let Some(last) = rest.chars().next_back().filter(|last| TRAILING.contains(last)) {
        let open = match last {
            ')' => '(',
            ']' => '[',
            '}' => '{',
            _ => '\0',
        };
        if rest.contains(open) && rest.matches(open).count() >= rest.matches(last).count() {
            break;
        }
        rest = rest.part(..rest.len() - last.len_utf8());
    }
    rest
}

/// Whether dots between letters make the name of a host, and are not two sentences without a blank between them.
fn is_host(word: &str) -> bool {
    let (name, path) = word.split_once('/').map_or((word, None), |(name, path)| (name, Some(path)));
    let name = name.split(':').next().unwrap_or_default();
    let labels: Vec<&str> = name.split('.').collect();
    let Some((last, front)) = labels.split_last() else { return false };
    if !name.contains(|c: char| c.is_ascii_alphabetic()) || front.iter().all(|label| label.len() < 2) {
        return false;
    }
    let known = HOSTS.contains(&last.to_lowercase().as_str());
    // `selesai.Id`: an end is written small, or all is in capitals.
    let even =
        last.chars().all(|c| c.is_ascii_lowercase()) || !name.contains(|c: char| c.is_ascii_lowercase());
    let small = !name.contains(|c: char| c.is_ascii_uppercase());
    even && (known || small && (front.len() > 1 || path.is_some_and(|path| path.len() > 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|piece| piece.of(text)).collect()
    }

    #[test]
    fn knows_addresses_in_running_text() {
        for (text, expected) in [
            (
                "Baca di https://warta.tolo.example/2025/05/12/kios?id=8&ref=home.",
                "https://warta.tolo.example/2025/05/12/kios?id=8&ref=home",
            ),
            ("(lihat http://a.example/b_(c)).", "http://a.example/b_(c)"),
            ("Situs: www.tolo.example/layanan/aduan,", "www.tolo.example/layanan/aduan"),
            ("Daftar di daftar.tolo.example/ulang.", "daftar.tolo.example/ulang"),
            ("kutip dari Wartatolo.com, Senin", "Wartatolo.com"),
            ("laman tolo.go.id!", "tolo.go.id"),
            // A selector of the sign's picture, which is no part of the address.
            ("▶\u{fe0f}www.tolo.example/kios", "www.tolo.example/kios"),
            ("▶\u{fe0f}tolo.go.id", "tolo.go.id"),
            ("surel warga+aduan@tolo.example, kata", "warga+aduan@tolo.example"),
            ("<mailto:a@b.example>", "mailto:a@b.example"),
            ("“ftp://tolo.example/arsip”", "ftp://tolo.example/arsip"),
            ("akun @pemkab_tolo.id.", "@pemkab_tolo.id"),
            ("tagar #LautBersih2025, kata", "#LautBersih2025"),
            ("berkas kios_2025-akhir.pdf (2 MB)", "kios_2025-akhir.pdf"),
            ("berkas data/uji/kios.CSV.", "data/uji/kios.CSV"),
            ("di /etc/tolo/kios.conf, lalu", "/etc/tolo/kios.conf"),
            ("di C:\\Data\\kios.xls lalu", "C:\\Data\\kios.xls"),
            ("[SALAH] Video ombak", "[SALAH]"),
            ("[BERITA LAMA] Video", "[BERITA LAMA]"),
            ("kata 你好,世界 dalam", "你好,世界"),
            ("salam السلام عليكم kepada", "السلام عليكم"),
            ("aksara ꦱꦼꦭꦩꦠ꧀ ꦢꦠꦁ di", "ꦱꦼꦭꦩꦠ꧀ ꦢꦠꦁ"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn leaves_ordinary_text_to_the_model() {
        for text in [
            "Hujan turun.Jalan banjir.",
            "Rapat selesai.Kata bupati, dan/atau km/jam, RT/RW, 24/7, 2024/2025.",
            "Peringkat #1 dan nomor 2.500.000, skor 2-1, 21-19, tanggal 12-05-2025 dan 12/5/2025.",
            "pukul 05.30 WIB, PT. Kios, dr. Ranu, S.H., M.Si., a.n. bupati, U.S.",
            "Covid-19, U-20, F-16, ke-80, S-1, Rp2.500/kg, Rp 2,5 miliar, RT 05/RW 02, Boeing 737-800.",
            "sinar α dan β, 35°C, µm, café, naïve",
            "[baca juga] dan [3]",
            "e.g. dll.dst",
            "jumlah 1.234.567 jiwa, 100.200.300 rupiah, tahun 2019-2024, 10-12 orang, 0,5-1,5 persen",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
