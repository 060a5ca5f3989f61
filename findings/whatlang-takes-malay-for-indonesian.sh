#!/usr/bin/env bash
# One would guess: a detector of 69 languages that knows Indonesian either tells Malay apart or says that it is unsure.
# What happens: whatlang has no Malay at all, gives Indonesian for it and calls that reliable, also where words stand that
# only Malay has (jambatan, tengkujuh, kerajaan, kereta, jurucakap); while a plain Indonesian news sentence of a hundred
# letters comes out as Javanese. So `is_reliable()` lets the wrong language through and drops the right one.
# Why it matters: a news pipeline that sorts scraped pages by this flag feeds Malaysian papers to an Indonesian model, and the
# words that mean something else there (kereta: car, not train) come out wrong without a warning.
#
# Seen with whatlang 0.18.0. Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
whatlang = "=0.18.0"
TOML
cat > "$work/src/main.rs" <<'RUST'
fn main() {
    let texts = [
        ("Malay", "Penduduk berharap jambatan itu siap sebelum musim tengkujuh tiba pada hujung tahun ini."),
        ("Malay", "Perdana Menteri berkata kerajaan akan menyediakan peruntukan untuk membaiki jalan raya yang rosak akibat banjir. Dua kanak-kanak dibawa ke hospital kerana kereta mereka terbabas, kata jurucakap polis."),
        ("Indonesian", "Warga berharap jembatan itu selesai sebelum musim hujan tiba."),
        ("Indonesian", "Dua anak dibawa ke rumah sakit karena mobil mereka tergelincir, kata juru bicara polisi pada Senin sore."),
    ];
    for (name, text) in texts {
        let info = whatlang::detect(text).expect("a language");
        println!("{name}: {} reliable {}", info.lang().code(), info.is_reliable());
    }
    println!("Malay among the languages: {}", whatlang::Lang::from_code("msa").or(whatlang::Lang::from_code("zsm")).is_some());
}
RUST
found=$(cd "$work" && cargo run --quiet --release)
printf '%s\n' "$found"
expected='Malay: ind reliable true
Malay: ind reliable true
Indonesian: ind reliable true
Indonesian: jav reliable false
Malay among the languages: false'
[ "$found" = "$expected" ] || { echo "whatlang says something else now; read the script again" >&2; exit 1; }
