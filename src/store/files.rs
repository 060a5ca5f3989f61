//! Which files of a published model count, by their names.

/// The index of weights in several files.
pub(super) const INDEX: &str = "model.safetensors.index.json";
/// Python objects, which can run code when they are read.
pub(super) const PICKLES: [&str; 2] = ["pytorch_model.bin", "pytorch_model.bin.index.json"];
/// What an adapter for the built-in translator consists of.
pub(super) const ADAPTER: [&str; 4] =
    ["adapter_config.json", "adapter_model.safetensors", "kept_ids.json", "tokenizer.json"];

/// The files that are kept of those at the top of a model's folder: weights in one format, settings, tokenizer,
/// README and licence.
pub(super) fn chosen(names: &[String]) -> Vec<String> {
    let weights = weights(names);
    let mut chosen: Vec<String> =
        names.iter().filter(|name| weights.contains(name) || is_text(name)).cloned().collect();
    chosen.sort();
    chosen
}

/// The weights: of several formats the one that is read first.
pub(super) fn weights(names: &[String]) -> Vec<&String> {
    let named = |wanted: &str| names.iter().find(|name| *name == wanted);
    if let Some(single) = named("model.safetensors") {
        return vec![single];
    }
    if let Some(index) = named(INDEX) {
        let shards = names.iter().filter(|name| name.ends_with(".safetensors") && is_plain(name));
        return shards.chain([index]).collect();
    }
    ["adapter_model.safetensors", "rust_model.ot"].into_iter().find_map(named).into_iter().collect()
}

/// Whether a tokenizer is among the files, in one of the forms that are published.
pub(super) fn has_tokenizer(names: &[String]) -> bool {
    let has = |wanted: &[&str]| wanted.iter().all(|wanted| names.iter().any(|name| name == wanted));
    let forms: [&[&str]; 9] = [
        &["tokenizer.json"],
        &["vocab.txt"],
        &["sentencepiece.bpe.model"],
        &["spiece.model"],
        &["spm.model"],
        &["tokenizer.model"],
        &["vocab.json", "merges.txt"],
        &["source.spm", "target.spm", "vocab.json"],
        &["prophetnet.tokenizer"],
    ];
    forms.into_iter().any(has)
}

/// Whether a name can be used as it is on all systems, and in an address.
fn is_plain(name: &str) -> bool {
    let usual = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    !name.starts_with('.') && name.chars().all(usual)
}

/// Settings, tokenizers and papers; not the indices of weights in other formats, and nothing from sub-folders.
fn is_text(name: &str) -> bool {
    let safe = is_plain(name);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let text = ["json", "txt", "model", "spm", "md", "tokenizer"].contains(&extension);
    let paper = ["LICENSE", "LICENCE", "NOTICE", "COPYING"].iter().any(|paper| name.starts_with(paper));
    safe && (text || paper) && !name.ends_with(".index.json") && name != super::added::ENTRY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen_of(names: &[&str]) -> Vec<String> {
        chosen(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn takes_weights_of_one_format_only() {
        let names = [
            ".gitattributes",
            "README.md",
            "config.json",
            "model.safetensors",
            "pytorch_model.bin",
            "rust_model.ot",
            "tf_model.h5",
            "vocab.txt",
            "onnx/model.onnx",
            "../evil.json",
            "intisari.json",
            "LICENSE",
        ];
        assert_eq!(
            chosen_of(&names),
            ["LICENSE", "README.md", "config.json", "model.safetensors", "vocab.txt"]
        );
    }

    #[test]
    fn takes_all_shards_and_their_index() {
        let names = [
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            INDEX,
            "pytorch_model.bin.index.json",
            "optimizer.pt",
        ];
        assert_eq!(
            chosen_of(&names),
            ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", INDEX,]
        );
    }

    #[test]
    fn knows_the_tokenizers_of_all_families() {
        let has = |names: &[&str]| has_tokenizer(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert!(has(&["vocab.json", "merges.txt"]) && has(&["source.spm", "target.spm", "vocab.json"]));
        assert!(!has(&["vocab.json"]) && !has(&["source.spm", "vocab.json"]) && !has(&[]));
    }
}
