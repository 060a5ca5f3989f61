//! Articles in small: names as a recognizer would find them, and the groups that a reader would make.

use super::*;
use crate::document::Span;

/// Marks in the text: `[P Budi]` is a person, `L` a place, `O` an organization; `/` ends a sentence.
fn grouped(marked: &str) -> Vec<Vec<String>> {
    let (text, mentions) = parse(marked);
    let (entities, clusters) = group(&text, mentions);
    for (index, entity) in entities.iter().enumerate() {
        let cluster = entity.cluster.unwrap();
        assert!(clusters[cluster].mentions.contains(&index));
        assert_eq!(clusters[cluster].label, entity.label);
    }
    clusters
        .into_iter()
        .map(|cluster| std::iter::once(cluster.name).chain(cluster.aliases).collect())
        .collect()
}

fn parse(marked: &str) -> (String, Vec<Mention>) {
    let (mut text, mut spans, mut sentence) = (String::new(), Vec::new(), 0);
    let mut rest = marked;
    while let Some(at) = rest.find(['[', '/']) {
        text.push_str(&rest[..at]);
        if rest[at..].starts_with('/') {
            sentence += 1;
            rest = &rest[at + 1..];
            continue;
        }
        let label = match &rest[at + 1..at + 2] {
            "P" => Label::Per,
            "L" => Label::Loc,
            _ => Label::Org,
        };
        let end = at + rest[at..].find(']').unwrap();
        let start = text.len();
        text.push_str(&rest[at + 3..end]);
        spans.push((start, text.len(), label, sentence));
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    let mention = |&(start, end, label, sentence): &(usize, usize, Label, usize)| Mention {
        span: Span::new(&text, start, end).unwrap(),
        label,
        score: 0.9,
        sentence,
        value: None,
    };
    let mentions = spans.iter().map(mention).collect();
    (text, mentions)
}

/// Each expected group: canonical name first, then its other names.
fn check(marked: &str, expected: &[&[&str]]) {
    assert_eq!(grouped(marked), expected, "{marked}");
}

#[test]
fn links_a_surname_to_the_full_name() {
    check(
        "[P Emmanuel Macron] tiba di [L Paris]. / Sebelumnya [P Macron] di [L Kiev]. / [P Macron] pulang.",
        &[&["Emmanuel Macron", "Macron"], &["Paris"], &["Kiev"]],
    );
    check("[P Macron] bicara. / Presiden [P Emmanuel Macron] pulang.", &[&["Emmanuel Macron", "Macron"]]);
}

#[test]
fn sets_a_title_inside_a_mention_aside() {
    check("[P Presiden Ratna Siregar] tiba. / [P Ratna] pulang.", &[&["Ratna Siregar", "Ratna"]]);
    check("[P Pak Budi] tiba. / [P Budi] pulang.", &[&["Budi"]]);
}

#[test]
fn reads_abbreviations_in_brackets() {
    check(
        "[L Amerika Serikat] ([L AS]) dan [O Komisi Pemilihan Umum] ([O KPU]). / [O KPU] di [L AS].",
        &[&["Amerika Serikat", "AS"], &["Komisi Pemilihan Umum", "KPU"]],
    );
    check(
        "[O Kementerian Hukum dan HAM] ([O Kemenkumham]) / [O Kemenkumham].",
        &[&["Kementerian Hukum dan HAM", "Kemenkumham"]],
    );
    check("[P Joko Santoso] ([P Josan]) / [P Josan].", &[&["Joko Santoso", "Josan"]]);
    check("[P Rini Wulandari] alias [P Mawar] / [P Mawar]", &[&["Rini Wulandari", "Mawar"]]);
    check("[L Bandung] ([L Jawa Barat])", &[&["Bandung"], &["Jawa Barat"]]);
    check("[P Rudi] ([O Persikota])", &[&["Rudi"], &["Persikota"]]);
}

#[test]
fn an_abbreviation_in_brackets_is_no_person() {
    let expected: &[&[&str]] = &[&["Wahana Lingkungan Hidup Indonesia", "Walhi"]];
    for (near, far) in [("P", "P"), ("O", "P"), ("P", "O")] {
        let brackets = format!("[O Wahana Lingkungan Hidup Indonesia] ([{near} Walhi]) hadir.");
        check(&format!("{brackets} / [{far} Walhi] menilai."), expected);
    }
    check("[O Kementerian Kesehatan] ([P Kemenkes]).", &[&["Kementerian Kesehatan", "Kemenkes"]]);
    // A party behind its member, a person behind a club, a name that takes no letters.
    check("[P Prabu Santoso Indra] ([O PSI])", &[&["Prabu Santoso Indra"], &["PSI"]]);
    check("[O Juventus] ([P Jens])", &[&["Juventus"], &["Jens"]]);
    check("[O Dinas Kesehatan] ([P Rini])", &[&["Dinas Kesehatan"], &["Rini"]]);
}

#[test]
fn reads_abbreviations_without_brackets() {
    check("[L Jawa Barat] banjir. / Warga [L Jabar] mengungsi.", &[&["Jawa Barat", "Jabar"]]);
    check("[O Perserikatan Bangsa-Bangsa]. / [O PBB] rapat.", &[&["Perserikatan Bangsa-Bangsa", "PBB"]]);
    check("Pejabat [O AS]. / Militer [L Amerika Serikat].", &[&["Amerika Serikat", "AS"]]);
}

#[test]
fn joins_spelling_variants_of_one_person() {
    check(
        "[P Volodymyr Zelensky] bicara. / [P Zelensky] pulang. / Lalu [P Volodymyr Zelenskiy]. / [P Zelenskiy].",
        &[&["Volodymyr Zelensky", "Zelensky", "Volodymyr Zelenskiy", "Zelenskiy"]],
    );
    check("[P Zelensky] pulang. / [P Zelenskiy] bicara.", &[&["Zelensky", "Zelenskiy"]]);
    check("[P M. Nasrun] hadir. / [P Mohamad Nasrun] bicara.", &[&["M. Nasrun", "Mohamad Nasrun"]]);
}

#[test]
fn keeps_similar_people_apart() {
    check("[P Dewa Saputra] / [P Dewi Saputra]", &[&["Dewa Saputra"], &["Dewi Saputra"]]);
    check("[P Sulaiman] dan [P Sulaeman] hadir.", &[&["Sulaiman"], &["Sulaeman"]]);
    check("[P Joko Widagdo] / [P Joko Wibagso]", &[&["Joko Widagdo"], &["Joko Wibagso"]]);
}

#[test]
fn gives_a_shared_surname_to_the_person_named_last() {
    check(
        "[P Donald Karter] tiba. / [P Karter] pulang. / [P Ivana Karter] menyusul.",
        &[&["Donald Karter", "Karter"], &["Ivana Karter"]],
    );
    check(
        "[P Togar Sihombing] dan [P Ruli Sihombing]. / [P Sihombing] bicara.",
        &[&["Togar Sihombing"], &["Ruli Sihombing", "Sihombing"]],
    );
    check(
        "[P Karter] bicara. / [P Donald Karter] tiba. / [P Ivana Karter] menyusul.",
        &[&["Karter"], &["Donald Karter"], &["Ivana Karter"]],
    );
}

#[test]
fn knows_the_parts_of_indonesian_names() {
    // A single name; Batak; Balinese; with `bin`.
    check("[P Sutrisno] tani. / Pak [P Sutrisno] panen.", &[&["Sutrisno"]]);
    check(
        "[P Tiurma Lasmaria Simanjuntak]. / [P Tiurma] naik. / [P Lasmaria].",
        &[&["Tiurma Lasmaria Simanjuntak", "Tiurma", "Lasmaria"]],
    );
    check(
        "[P I Wayan Suardana]. / [P Wayan Suardana]. / [P Suardana].",
        &[&["I Wayan Suardana", "Wayan Suardana", "Suardana"]],
    );
    check(
        "[P Ahmad bin Abdullah]. / [P Ahmad]. / [P Abdullah].",
        &[&["Ahmad bin Abdullah", "Ahmad"], &["Abdullah"]],
    );
    check("[P Siti Nur Aini]. / [P Siti Aini] / [P Aini]", &[&["Siti Nur Aini", "Siti Aini", "Aini"]]);
}

#[test]
fn knows_the_forms_of_organizations() {
    check(
        "[O PT Angin Timur Tbk] / [O Angin Timur] / [O PT Angin Timur]",
        &[&["PT Angin Timur Tbk", "Angin Timur", "PT Angin Timur"]],
    );
    check("[O Partai Melati] / [O Melati]", &[&["Partai Melati", "Melati"]]);
    check(
        "[O Kementerian Kesehatan RI] / [O Kementerian Kesehatan]",
        &[&["Kementerian Kesehatan RI", "Kementerian Kesehatan"]],
    );
    check(
        "[O Polda Metro Jaya] / [O Polda] / [O Bank Indonesia] / [O Indonesia]",
        &[&["Polda Metro Jaya", "Polda"], &["Bank Indonesia"], &["Indonesia"]],
    );
    check("[O Real Bahari] / [O Bahari]", &[&["Real Bahari", "Bahari"]]);
    check("[O TNI AD] / [O TNI]", &[&["TNI AD"], &["TNI"]]);
}

#[test]
fn knows_the_forms_of_places() {
    check("[L Kota Bandung] / [L Bandung]", &[&["Kota Bandung", "Bandung"]]);
    check("[L Kota Bogor] / [L Kabupaten Bogor]", &[&["Kota Bogor"], &["Kabupaten Bogor"]]);
    check("[L Jakarta] / [L Jakarta Selatan]", &[&["Jakarta"], &["Jakarta Selatan"]]);
}

#[test]
fn settles_a_name_with_two_labels() {
    let (text, mentions) = parse("[O Persikota] menang. / [P Persikota] unggul. / [O Persikota] juara.");
    let (entities, clusters) = group(&text, mentions);
    assert_eq!(clusters.len(), 1);
    assert!(entities.iter().all(|entity| entity.label == Label::Org));
}

#[test]
fn keeps_an_even_split_of_labels() {
    assert_eq!(grouped("[P Surabaya] tiba di [L Surabaya].").len(), 2);
}

#[test]
fn prefers_a_name_that_is_not_shouted() {
    check("[P RATNA SIREGAR] TIBA / [P Ratna Siregar] tiba.", &[&["Ratna Siregar", "RATNA SIREGAR"]]);
}

#[test]
fn leaves_dates_without_a_cluster() {
    let (text, mut mentions) = parse("[P Senin] ia tiba.");
    mentions[0].label = Label::Date;
    let (entities, clusters) = group(&text, mentions);
    assert!(clusters.is_empty() && entities[0].cluster.is_none());
}

#[test]
fn reads_an_abbreviation_in_brackets_within_a_mention() {
    check(
        "[L Jawa Timur (Jatim)]. / [L Jatim]. / [O Partai Melati (PM)] / [O PM]",
        &[&["Jawa Timur", "Jawa Timur (Jatim)", "Jatim"], &["Partai Melati", "Partai Melati (PM)", "PM"]],
    );
    check(
        "[O Persatuan Melati (PM)] dan [O Partai Mawar (PM)]. / [O PM] / [O Persatuan Melati]",
        &[&["Persatuan Melati", "Persatuan Melati (PM)"], &["Partai Mawar", "Partai Mawar (PM)", "PM"]],
    );
}

#[test]
fn spells_out_offices_ministries_and_regions() {
    check(
        "[O Kejaksaan Negeri Jakarta Selatan]. / [O Kejari Jaksel]. / [O PN Jaksel]",
        &[&["Kejaksaan Negeri Jakarta Selatan", "Kejari Jaksel"], &["PN Jaksel"]],
    );
    check("[O Kemenkes]. / [O Kementerian Kesehatan RI].", &[&["Kementerian Kesehatan RI", "Kemenkes"]]);
    check("[L DKI] / [L DKI Jakarta] / [L Jakarta]", &[&["DKI Jakarta", "DKI", "Jakarta"]]);
    check("[L RI] / [L Indonesia]", &[&["Indonesia", "RI"]]);
    check(
        "[O Dewan Perwakilan Rakyat] / [O DPR RI] / [O DPR]",
        &[&["Dewan Perwakilan Rakyat", "DPR RI", "DPR"]],
    );
}

#[test]
fn joins_an_abbreviation_to_the_longer_place_that_it_begins() {
    check("[L TTS] / [L TTS Selatan]", &[&["TTS Selatan", "TTS"]]);
    check("[L Jawa] / [L Jawa Barat]", &[&["Jawa"], &["Jawa Barat"]]);
}

#[test]
fn keeps_neighboring_units_apart() {
    check(
        "[O Polres Magelang] / [O Polres Magelang Kota]",
        &[&["Polres Magelang"], &["Polres Magelang Kota"]],
    );
    check("[O Hotel Melati] / [O Partai Melati]", &[&["Hotel Melati"], &["Partai Melati"]]);
}

#[test]
fn keeps_a_town_and_its_club_apart() {
    let (text, mut mentions) =
        parse("[O Noordwal] menang di [L Noordwal]. / [O Noordwal] juara. / [O Noordwal].");
    for mention in &mut mentions {
        mention.score = 0.95;
    }
    let (_, clusters) = group(&text, mentions);
    let sizes: Vec<usize> = clusters.iter().map(|cluster| cluster.mentions.len()).collect();
    assert_eq!(sizes, [3, 1]);
}

/// The work is bounded by comparisons, which are counted, not timed.
#[test]
fn names_are_compared_all_with_all_only_where_that_is_little() {
    for count in [0, 1, 100, 1_000, 1_024] {
        assert_eq!(link::reach(count), count, "as many as an article has");
    }
    for count in [1_025, 10_000, 100_000, 1_000_000] {
        let reach = link::reach(count);
        assert!(reach >= 64 && count * reach <= (1 << 20).max(64 * count), "{count}: {reach}");
    }
}

#[test]
fn a_name_is_grouped_with_a_near_one_among_thousands() {
    let text = "Emil Makaron tiba. Makaron pulang.".to_owned();
    let filler: String = (0..3_000).map(|number| format!(" Tokoh{number}x")).collect();
    let text = text + &filler;
    let mut mentions = Vec::new();
    let mut from = 0;
    for word in
        text.split(' ').filter(|word| word.starts_with(char::is_uppercase) && !word.starts_with("Emil"))
    {
        let at = from + text[from..].find(word).unwrap();
        from = at + word.len();
        let start = if mentions.is_empty() { 0 } else { at };
        let span = Span::new(&text, start, from).unwrap();
        mentions.push(Mention::new(span, Label::Per, 0.9, usize::from(!mentions.is_empty())));
    }
    let (_, clusters) = group(&text, mentions);
    assert_eq!(clusters.len(), 3_001);
    assert_eq!(clusters[0].mentions, [0, 1]);
}
