//! How a segment is put to the language model.

/// Pairs shown to a model that was not trained for the task; written for this crate in the manner of news.
const EXAMPLES: [[&str; 2]; 5] = [
    [
        "Hujan deras yang mengguyur Kota Bogor sejak Senin malam menyebabkan ratusan rumah terendam banjir.",
        "Heavy rain that has poured down on the city of Bogor since Monday night has left hundreds of houses flooded.",
    ],
    [
        "\"Kami sudah menyiapkan anggaran sebesar Rp2,5 triliun untuk perbaikan jalan,\" kata Menteri Sari di Jakarta, \
         Selasa (4/3/2025).",
        "\"We have prepared a budget of Rp2.5 trillion for road repairs,\" Minister Sari said in Jakarta on Tuesday \
         (4/3/2025).",
    ],
    [
        "Polisi menangkap tiga orang yang diduga mencuri kabel milik perusahaan listrik negara.",
        "Police arrested three people suspected of stealing cables belonging to the state electricity company.",
    ],
    [
        "Pertandingan berakhir imbang 1-1 setelah tim tamu mencetak gol pada menit ke-88.",
        "The match ended in a 1-1 draw after the visiting team scored a goal in the 88th minute.",
    ],
    [
        "Menurut para peneliti, harga beras diperkirakan naik 12 persen tahun ini karena musim kemarau yang panjang.",
        "According to the researchers, the price of rice is expected to rise 12 percent this year because of the long \
         dry season.",
    ],
];

/// What every prompt starts with: the examples, one after another.
pub(crate) fn examples() -> String {
    EXAMPLES.iter().map(|[source, english]| format!("Indonesian: {source}\nEnglish: {english}\n")).collect()
}

/// The prompt for one segment; the model goes on after it with a blank, the English and an end or a line end.
pub(crate) fn prompt(segment: &str) -> String {
    // A line end would end the source for the model.
    let words: Vec<&str> = segment.split_whitespace().collect();
    format!("Indonesian: {}\nEnglish:", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_a_segment_on_one_line() {
        assert_eq!(prompt(" Hujan\r\nturun. "), "Indonesian: Hujan turun.\nEnglish:");
    }

    #[test]
    fn examples_are_one_line_each() {
        assert_eq!(examples().lines().count(), 2 * EXAMPLES.len());
    }
}
