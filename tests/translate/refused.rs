//! What does not fit is refused, by name, before anything is translated with it.

use super::*;

#[test]
fn refuses_adapters_that_do_not_fit_and_names_the_field() {
    let files = files();
    let folder = files.folder.path();
    let refused = |expected: &str| {
        let files = TranslatorFiles::new(&files.files.base, folder);
        let error = GemmaTranslator::load(&files, options(Precision::F32, 8)).unwrap_err();
        assert!(matches!(error, Error::ModelInvalid { .. }), "{error}");
        let message = error.to_string();
        assert!(message.contains(expected) && message.contains("adapter_"), "{message}");
    };
    write_adapter(folder, 4, [4, HIDDEN + 1], |_| ());
    refused("q_proj.lora_A.weight has shape [4, 65], expected [4, 64]");
    for (field, value) in [
        ("use_dora", serde_json::json!(true)),
        ("bias", "all".into()),
        ("peft_type", "IA3".into()),
        ("r", 0.into()),
        ("r", "four".into()),
        ("rank_pattern", serde_json::json!({"q_proj": 8})),
        ("modules_to_save", serde_json::json!(["embed_tokens"])),
        ("target_modules", serde_json::json!(["q_proj", "v_proj"])),
    ] {
        write_adapter(folder, 4, [4, HIDDEN], |settings| settings[field] = value.clone());
        refused(if value == "four" { "four" } else { field });
    }
    write_adapter(folder, 4, [4, HIDDEN], |_| ());
    fs::write(folder.join("adapter_model.safetensors"), b"broken").unwrap();
    refused("no tensors");
}

#[test]
fn refuses_files_that_do_not_fit_each_other() {
    let files = files();
    let folder = files.folder.path();
    let message = || GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap_err().to_string();
    let kept = fs::read_to_string(folder.join("kept_ids.json")).unwrap();
    for (broken, expected) in [
        ("[0,1,1]", "kept_ids.json has 3"),
        ("[0,0,1]", "entry 1 is 0"),
        ("[0,4294967295,9]", "entry 2 is 9"),
        ("{}", "kept_ids.json"),
        ("[]", "kept_ids.json"),
        (kept.replacen("[0,", "[400,", 1).as_str(), "no row"),
    ] {
        fs::write(folder.join("kept_ids.json"), broken).unwrap();
        assert!(message().contains(expected), "{broken}: {}", message());
    }
    fs::write(folder.join("kept_ids.json"), kept).unwrap();
    fs::write(&files.files.base, b"GGUF").unwrap();
    assert!(message().contains("no GGUF header"), "{}", message());
    fs::remove_file(&files.files.base).unwrap();
    assert!(message().contains("tiny.gguf"), "{}", message());
    fs::remove_file(folder.join("tokenizer.json")).unwrap();
    assert!(message().contains("tokenizer.json is missing"), "{}", message());
    let none = options(Precision::F32, 0);
    assert!(GemmaTranslator::load(&files.files, none).unwrap_err().to_string().contains("batch_segments"));
}

#[test]
fn more_beams_than_pieces_are_a_matter_of_configuration() {
    let files = files();
    let path = files.folder.path().join("tokenizer.json");
    let mut tokenizer: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let pieces = tokenizer["model"]["vocab"].as_object_mut().unwrap();
    pieces.retain(|_, id| id.as_u64() < Some(8));
    tokenizer["model"]["byte_fallback"] = false.into();
    fs::write(path, tokenizer.to_string()).unwrap();
    fs::write(files.folder.path().join("kept_ids.json"), "[0,1,1,1,1,1,1,1]").unwrap();
    let load = |beams| {
        GemmaTranslator::load(&files.files, TranslatorOptions { beams, ..options(Precision::F32, 8) })
    };
    // Each of the two ends may take a place.
    assert!(load(1).is_ok() && load(6).is_ok());
    let error = load(7).unwrap_err();
    assert!(matches!(error, Error::Config { .. }), "{error:?}");
    assert!(error.to_string().contains("beams is 7") && error.to_string().contains("6 or less"), "{error}");
}

#[test]
fn weights_that_are_no_numbers_are_an_error() {
    let files = files();
    let folder = files.folder.path();
    write_adapter(folder, 4, [4, HIDDEN], |settings| settings["lora_alpha"] = 1e300.into());
    let adapted = TranslatorFiles::new(&files.files.base, folder);
    for (precision, beams) in [(Precision::F32, 1), (Precision::F32, 4), (Precision::Int8, 4)] {
        let options = TranslatorOptions { beams, ..options(precision, 8) };
        let found = GemmaTranslator::load(&adapted, options)
            .and_then(|translator| translator.translate(&["Hujan turun."], Progress::none()));
        let error = found.unwrap_err().to_string();
        assert!(error.contains("no numbers"), "{precision}, {beams} beams: {error}");
    }
}
