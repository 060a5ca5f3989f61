//! What stands after the story: names, initials, key words, notes of the publisher.

use super::publisher;
use crate::clean::rule::{Rule, Scope};

/// End of a sentence (or of a line) before a credit: without it brackets may belong to the story.
const AFTER_SENTENCE: &str = r#"(?:^|[.!?…][”"'’)\]]{0,2}|[”"])\s*"#;
/// A person's name of two to five words.
const NAME: &str =
    r"[A-ZÀ-ÖØ-Þ](?:[A-Za-zÀ-ÖØ-öø-ÿ'’-]*|\.)(?:\s+[A-ZÀ-ÖØ-Þ](?:[A-Za-zÀ-ÖØ-öø-ÿ'’-]*|\.)){1,4}";
/// Initials of two or three editors, e.g. `abc/def`; short, since longer words may be of the story.
const INITIALS: &str =
    r"\(\s*[A-Za-z][A-Za-z0-9]{1,2}\s*/\s*[A-Za-z][A-Za-z0-9]{1,2}\s*(?:/\s*[A-Za-z0-9]{2,3}\s*)?\)";

pub(super) fn rules() -> Vec<Rule> {
    let site = publisher();
    vec![
        Rule::new(
            Scope::Closing,
            "agency-tail",
            "names and rights notice of the agency",
            [
                r"Pewarta\s*:\s*[^\n]{2,120}\s*(?:Editor|Penerjemah|Uploader)\s*:(?s:.{2,400})",
                r"(?:Copyright|COPYRIGHT)\s*©(?s:.{0,400})",
                r"Dilarang keras mengambil konten(?s:.{0,400})",
            ]
            .map(str::to_owned),
        ),
        Rule::new(
            Scope::Closing,
            "editor",
            "name or initials of the editors at the end",
            [
                format!(r"{INITIALS}\s*[.,]?"),
                r"\(\s*\*\s*/\s*[A-Za-z0-9]{2,6}\s*\)".to_owned(),
                format!(r"{AFTER_SENTENCE}(?P<cut>\((?:[A-Za-z0-9*]{{2,12}}\s*/\s*){{1,3}}[A-Za-z0-9]{{2,6}}\))"),
                format!(r"\(\s*{site}(?:\s*/\s*[A-Za-z. ]{{2,30}}){{0,2}}\s*/\s*(?:\*+|[A-Za-z. ]{{2,30}})\s*\)"),
                format!(r"{AFTER_SENTENCE}(?P<cut>\(\s*[A-Za-zÀ-ÖØ-öø-ÿ0-9*]{{2,6}}\s*\))"),
                format!(r"{AFTER_SENTENCE}(?P<cut>\(\s*(?:{NAME}\s*[/,]?\s*){{1,3}}\))"),
                format!(r"{AFTER_SENTENCE}(?P<cut>\(\s*[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ]{{1,20}}\s*[/,]\s*[A-Za-zÀ-ÖØ-öø-ÿ. ]{{1,30}}\))"),
                format!(r"{AFTER_SENTENCE}(?P<cut>\(\s*{site}(?:\s*/\s*[A-Za-zÀ-ÖØ-öø-ÿ. ]{{1,30}})?\s*\))"),
                format!(r"{AFTER_SENTENCE}(?P<cut>\[\s*(?:{NAME}|Antara|ANTARA|[a-z]{{2,5}}(?:/[a-z]{{2,5}})?)\s*\])"),
                r"\(tirto\.id\s*-\s*[^()\n]{2,40}\)".to_owned(),
                r"[(\[]\s*\*{1,3}\s*[)\]]|\*{2,5}".to_owned(),
            ],
        ),
        Rule::new(
            Scope::Closing,
            "tags",
            "key words of the article after the initials",
            [
                // (abc/def) ⏎ kata kunci ⏎ kata kunci | (abc/def) kata kunci kata kunci
                format!(r"{INITIALS}\s*\n(?:[a-z0-9][a-z0-9 &'’/+-]{{1,50}}\s*\n){{0,9}}[a-z0-9][a-z0-9 &'’/+-]{{1,50}}"),
                r#"(?:^|[.!?…"”\])]\s*)(?P<cut>\([a-z0-9]{2,5}/[a-z0-9]{2,5}\)\s*\n?(?:[a-z0-9][a-z0-9 &'’/+-]{1,50}\s*\n){0,9}[a-z0-9][a-z0-9 &'’/+-]{1,300})"#.to_owned(),
                format!(r"{INITIALS}\s+[a-z0-9][a-z0-9 &'’/+-]{{2,300}}"),
            ],
        ),
        Rule::new(
            Scope::Closing,
            "contributor",
            "name of a contributor",
            [format!(
                r"(?:^|[.!?”\x22]\s*)(?P<cut>{NAME}(?:(?:,\s*|,?\s+dan\s+){NAME}){{0,4}}\s+(?:ikut\s+|turut\s+)?berkontribusi (?:dalam|pada|terhadap) (?:penulisan|pembuatan|penyusunan|tulisan)?\s*(?:artikel|laporan|berita)? ?ini\.?)"
            )],
        ),
        Rule::new(
            Scope::Closing,
            "credit",
            "names of writer, editor or source at the end",
            [
                r"(?:^|[.!?”\x22,\s])(?P<cut>[(\[]?(?i-u:reporter|penulis|pewarta|editor|penyunting|laporan)\s*:\s*[^\n.!?:|]{2,60}(?:[,|]?\s*(?i-u:sumber|editor|reporter)\s*:\s*[^\n!?:]{0,60})?[\s,.)\]]*)",
                r"(?:[.!?”\x22])\s*,?\s*(?P<cut>[Ss]umber\s*:\s*[A-Za-z][A-Za-z0-9. ]{1,40}(?:\.com|\.id)?[\s,.]*)",
            ]
            .map(str::to_owned),
        ),
        Rule::new(
            Scope::Closing,
            "page-control",
            "page numbers",
            [r"(?:HALAMAN SELANJUTNYA|Halaman Selanjutnya)[\s=>-]*", r"Halaman\s+\d+(?:\s+\d+)*\s*(?:dari \d+|Selanjutnya|Berikutnya)"],
        ),
        Rule::new(
            Scope::Closing,
            "republished",
            "note that the article appeared elsewhere",
            [
                r"Artikel ini (?:telah|sudah|pernah) (?:tayang|naik|terbit|dimuat|dipublikasikan)(?: \w+){0,3} di\s*(?:[A-Z][A-Za-z0-9.-]{2,40}|[a-z0-9-]{3,30}\.[a-z.]{2,8}|detik[A-Z][a-z]{2,12})[^\n]{0,250}",
            ],
        ),
        Rule::new(
            Scope::Closing,
            "related-link",
            "links to other articles",
            [r"Baca juga (?:berita|artikel) (?:menarik )?lainnya di [A-Za-z0-9.]{3,40}", r"^Selanjutnya\s*:\s*[A-Z0-9][^.\n]{15,160}(?:\.{3})?", r"(?:Yuk,? (?:simak|baca) juga|Jangan ketinggalan baca yang ini juga!?)[^\n.]{0,600}"],
        ),
        Rule::new(
            Scope::Closing,
            "video-link",
            "link to videos",
            [r"(?:Kamu Sudah Menonton\s+)?(?:Jangan Lewatkan|Video Terpopuler|Video Terbaru)[^.\n]{0,60}[:?]?", r"^Video\s+[A-Z][^.!\n]{15,160}"],
        ),
        Rule::new(
            Scope::Closing,
            "continued",
            "note that the article goes on elsewhere",
            [r"(?:Baca|Simak)\s*(?:berita |artikel |informasi )?[Ss]elengkapnya\s*(?:[Dd]i\s*sini|di halaman (?:selanjutnya|berikutnya))?[\s.]*"],
        ),
    ]
}
