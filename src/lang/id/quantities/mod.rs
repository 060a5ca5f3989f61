//! Words that dates, sums and measures are written with.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::entries;

/// Weekdays, Monday first, with their spellings; lower case.
pub(crate) const WEEKDAYS: [&[&str]; 7] = [
    &["senin"],
    &["selasa"],
    &["rabu"],
    &["kamis"],
    &["jumat", "jum'at", "jum’at"],
    &["sabtu"],
    &["minggu", "ahad"],
];

/// Words of numbers and their worth; lower case.
pub(crate) const NUMERALS: [(&str, f64); 17] = [
    ("nol", 0.0),
    ("satu", 1.0),
    ("dua", 2.0),
    ("tiga", 3.0),
    ("empat", 4.0),
    ("lima", 5.0),
    ("enam", 6.0),
    ("tujuh", 7.0),
    ("delapan", 8.0),
    ("sembilan", 9.0),
    ("sepuluh", 10.0),
    ("sebelas", 11.0),
    ("seratus", 100.0),
    ("seribu", 1e3),
    ("sejuta", 1e6),
    ("semiliar", 1e9),
    ("setriliun", 1e12),
];

/// Words that multiply the number before them; lower case.
pub(crate) const SCALES: [(&str, f64); 15] = [
    ("ribu", 1e3),
    ("rb", 1e3),
    ("juta", 1e6),
    ("jt", 1e6),
    ("miliar", 1e9),
    ("milyar", 1e9),
    ("miliyar", 1e9),
    ("milliar", 1e9),
    ("triliun", 1e12),
    ("trilyun", 1e12),
    ("trilliun", 1e12),
    // As sums in dollars are sometimes left.
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
];

/// What else a number may be multiplied by that stands in front of it: not known for certain; lower case.
pub(crate) const SCALE_LETTERS: [&str; 9] = ["m", "t", "k", "b", "bn", "mn", "tn", "mio", "bio"];

/// Words in whose company degrees are those of a temperature, as the press writes it for short; lower case.
pub(crate) const OF_TEMPERATURE: [&str; 34] = [
    "suhu",
    "suhunya",
    "bersuhu",
    "temperatur",
    "temperaturnya",
    "bertemperatur",
    "celsius",
    "panas",
    "panasnya",
    "terpanas",
    "memanas",
    "memanaskan",
    "panaskan",
    "dipanaskan",
    "pemanasan",
    "dingin",
    "dinginnya",
    "terdingin",
    "mendingin",
    "didinginkan",
    "dinginkan",
    "beku",
    "membeku",
    "dibekukan",
    "hangat",
    "menghangat",
    "demam",
    "cuaca",
    "oven",
    "mendidih",
    "panggang",
    "dipanggang",
    "termometer",
    "termostat",
];

/// Words before which a quarter, a half or a whole circle is one; lower case.
pub(crate) const OF_TURNING: [&str; 8] =
    ["berubah", "berbalik", "berputar", "putar", "memutar", "diputar", "terbalik", "membalik"];

/// Words in whose company `hp` is horsepower and no telephone; lower case.
pub(crate) const OF_POWER: [&str; 20] = [
    "tenaga",
    "tenaganya",
    "bertenaga",
    "daya",
    "dayanya",
    "berdaya",
    "mesin",
    "mesinnya",
    "bermesin",
    "torsi",
    "silinder",
    "turbo",
    "rpm",
    "nm",
    "kw",
    "cc",
    "motor",
    "pompa",
    "genset",
    "traktor",
];

/// Words behind which four digits are no year but the number of something; lower case.
pub(crate) const OF_NUMBERS: [&str; 24] = [
    "nomor", "no", "nomer", "kode", "pin", "ruang", "kamar", "rute", "halaman", "hal", "hlm", "pasal",
    "hubungi", "telepon", "telp", "center", "hotline", "wa", "whatsapp", "kontak", "nopol", "pelat", "plat",
    "resolusi",
];

/// Words behind which four digits are a year, whatever follows: `sepanjang 2024 polisi`; lower case.
pub(crate) const BEFORE_YEARS: [&str; 39] = [
    "pada",
    "sejak",
    "sepanjang",
    "selama",
    "per",
    "di",
    "mulai",
    "awal",
    "akhir",
    "pertengahan",
    "medio",
    "memasuki",
    "jelang",
    "menjelang",
    "menyambut",
    "menyongsong",
    "mengawali",
    "mengakhiri",
    "menutup",
    "membuka",
    "menuju",
    "menghadapi",
    "menatap",
    "melewati",
    "musim",
    "periode",
    "lagu",
    "musik",
    "film",
    "generasi",
    "angkatan",
    "anak",
    "era",
    "dekade",
    "masa",
    "zaman",
    "edisi",
    "terjadi",
    "berdiri",
];

/// Words behind which four digits are an amount, whatever follows: `sebanyak 1800`; lower case.
pub(crate) const BEFORE_AMOUNTS: [&str; 10] = [
    "sebanyak",
    "sejumlah",
    "berjumlah",
    "sebesar",
    "seharga",
    "senilai",
    "ketinggian",
    "kapasitas",
    "berkapasitas",
    "lebih",
];

/// Words behind which four digits are an amount where a noun follows: `ada 1945 aduan`; lower case.
pub(crate) const BEFORE_COUNTS: [&str; 16] = [
    "ada",
    "terdapat",
    "sekitar",
    "hampir",
    "total",
    "jumlah",
    "capai",
    "mencapai",
    "setidaknya",
    "sedikitnya",
    "minimal",
    "maksimal",
    "stok",
    "menjadi",
    "harga",
    "tanam",
];

/// Words that go on behind a year, beside prepositions and conjunctions, and are counted by no number; lower case.
pub(crate) const AFTER_YEARS: [&str; 65] = [
    "lalu",
    "silam",
    "ini",
    "itu",
    "mendatang",
    "nanti",
    "depan",
    "kemarin",
    "tersebut",
    "telah",
    "sudah",
    "akan",
    "belum",
    "tidak",
    "tak",
    "bukan",
    "bisa",
    "dapat",
    "harus",
    "masih",
    "juga",
    "baru",
    "pernah",
    "sedang",
    "tengah",
    "lagi",
    "saja",
    "hanya",
    "naik",
    "turun",
    "tumbuh",
    "maka",
    "ia",
    "dia",
    "mereka",
    "kami",
    "kita",
    "saya",
    "terus",
    "sekitar",
    "sebesar",
    "sebanyak",
    "sebelumnya",
    "secara",
    "maupun",
    "bersama",
    "berlangsung",
    "pukul",
    "masehi",
    "begitu",
    "justru",
    "tetap",
    "kembali",
    "kian",
    "makin",
    "semakin",
    "sempat",
    "mulai",
    "selesai",
    "resmi",
    "ada",
    "pun",
    "jauh",
    "lebih",
    "senilai",
];

/// Words behind which a bare `pukul 7` is a time and no blow; lower case.
pub(crate) const BEFORE_TIMES: [&str; 29] = [
    "sejak",
    "pada",
    "sekitar",
    "hingga",
    "sampai",
    "mulai",
    "dari",
    "jelang",
    "menjelang",
    "lewat",
    "tepat",
    "sebelum",
    "setelah",
    "selepas",
    "antara",
    "kira",
    "ini",
    "tadi",
    "kemarin",
    "besok",
    "lalu",
    "nanti",
    "pagi",
    "siang",
    "sore",
    "malam",
    "hari",
    "dan",
    "atau",
];

/// Words for each of what is numbered, so that what follows counts: `per kelas 30 siswa`; lower case.
pub(crate) const OF_EACH: [&str; 7] = ["tiap", "setiap", "per", "satu", "sebuah", "masing", "seluruh"];

/// Counted places whose names begin with the word: `Jalan Mawar 12 Kota Tenau`; canonical spellings.
pub(crate) const PLACES: [&str; 8] =
    ["kota", "desa", "kecamatan", "kabupaten", "provinsi", "pulau", "sekolah", "rumah"];

/// What is numbered, so that a number behind it counts nothing: `lantai 2`; lower case, or as it must be written.
pub(crate) static NUMBERED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| entries(include_str!("numbered.txt")).collect());

/// What a year of a school or a budget is called, behind `tahun`; lower case.
pub(crate) const OF_YEARS: [&str; 7] =
    ["fiskal", "buku", "anggaran", "ajaran", "pelajaran", "akademik", "pajak"];

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit {
    /// In its canonical spelling.
    pub(crate) name: &'static str,
    /// Whether it is counted one by one (`orang`) and not measured (`km`): there are no parts of it and no negative ones.
    pub(crate) counted: bool,
}

/// Units by every spelling; lower case.
pub(crate) static UNITS: LazyLock<HashMap<&'static str, Unit>> = LazyLock::new(|| {
    let lists = [(include_str!("units.txt"), false), (include_str!("counters.txt"), true)];
    let units = lists.into_iter().flat_map(|(list, counted)| {
        let lines = entries(list).filter_map(|entry| entry.split_once(": "));
        lines.flat_map(move |(name, forms)| forms.split(", ").map(move |form| (form, Unit { name, counted })))
    });
    units.collect()
});

/// Codes of currencies; lower case.
#[derive(Debug, Default)]
pub(crate) struct Currencies {
    /// By what stands before the number.
    pub(crate) before: HashMap<&'static str, &'static str>,
    /// By what stands after it.
    pub(crate) after: HashMap<&'static str, &'static str>,
}

/// Codes of currencies by what stands before the number, and by what stands after it; lower case.
pub(crate) static CURRENCIES: LazyLock<Currencies> = LazyLock::new(|| {
    let mut currencies = Currencies::default();
    for (code, forms) in entries(include_str!("currencies.txt")).filter_map(|entry| entry.split_once(": ")) {
        let (before, after) = forms.split_once(" | ").unwrap_or((forms, ""));
        currencies.before.extend(before.split(", ").map(|form| (form, code)));
        currencies.after.extend(after.split(", ").map(|form| (form, code)));
    }
    currencies
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_lists() {
        assert_eq!(UNITS.get("hektare"), Some(&Unit { name: "ha", counted: false }));
        assert_eq!(UNITS.get("kepala keluarga"), Some(&Unit { name: "kk", counted: true }));
        assert_eq!(CURRENCIES.before.get("rp"), Some(&"IDR"));
        assert_eq!(CURRENCIES.after.get("dolar as"), Some(&"USD"));
        assert!(NUMBERED.contains("lantai") && NUMBERED.contains("SMPN") && !NUMBERED.contains("smpn"));
        assert!(UNITS.len() > 100 && CURRENCIES.after.len() > 20);
    }
}
