//! Weights that are kept ready in a cache.

use super::*;

/// Files of weights that are ready whose names begin so.
fn kept_ready(cache: &Path, name: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(name);
    files.filter(named).collect()
}

/// Who trains adapters has a new one every day.
#[test]
fn few_files_of_weights_that_are_ready_are_kept() {
    let files = files();
    let folder = files.folder.path();
    let cache = folder.join("cache");
    fs::create_dir(&cache).unwrap();
    fs::write(cache.join("translator-int8.bin"), "as an older version called it").unwrap();
    let others = ["checksums.json", "translator.bin", "translator-mine.bin", "translator-int8-mine.bin"];
    for other in others {
        fs::write(cache.join(other), "{}").unwrap();
    }
    for alpha in 1..=6 {
        write_adapter(folder, 4, [4, HIDDEN], |settings| settings["lora_alpha"] = alpha.into());
        let adapted = TranslatorFiles::new(&files.files.base, folder).with_cache(Some(cache.clone()));
        GemmaTranslator::load(&adapted, options(Precision::Int8, 8)).unwrap();
    }
    assert!(!cache.join("translator-int8.bin").exists());
    for other in others {
        fs::remove_file(cache.join(other)).unwrap();
    }
    assert_eq!(fs::read_dir(&cache).unwrap().count(), 4);
}

/// What stands in the cache serves as well as what it was made from, and what is damaged is made anew.
#[test]
fn starts_from_weights_that_are_ready_unless_anything_has_changed() {
    let files = files();
    let folder = files.folder.path();
    let cache = folder.join("cache");
    let (precision, name) = (Precision::Int8, "translator-int8-");
    {
        let load = |files: &TranslatorFiles| {
            texts(&GemmaTranslator::load(files, options(precision, 8)).unwrap(), &SEGMENTS)
        };
        let cached = files.files.clone().with_cache(Some(cache.clone()));
        let expected = load(&files.files);
        assert_eq!(load(&cached), expected);
        let [ready] = kept_ready(&cache, name).try_into().unwrap();
        let whole = fs::read(&ready).unwrap();
        let written = fs::metadata(&ready).unwrap().modified().unwrap();
        assert_eq!(load(&cached), expected);
        assert_eq!(fs::metadata(&ready).unwrap().modified().unwrap(), written, "made anew without need");

        // Every part of the file: its lead, its header, the tensors, the last byte.
        for place in [0, 9, 40, whole.len() / 2, whole.len() - 1] {
            let mut damaged = whole.clone();
            damaged[place] ^= 1;
            fs::write(&ready, damaged).unwrap();
            assert_eq!(load(&cached), expected, "byte {place}");
            assert_eq!(fs::read(&ready).unwrap(), whole, "byte {place}");
        }
        for length in [0, 5, 30, whole.len() / 2, whole.len() - 1] {
            fs::write(&ready, &whole[..length]).unwrap();
            assert_eq!(load(&cached), expected, "{length} bytes");
            assert_eq!(fs::read(&ready).unwrap(), whole, "{length} bytes");
        }
        // By its checksums it is whole, and a tensor has another name.
        let length = usize::try_from(u64::from_le_bytes(whole[..8].try_into().unwrap())).unwrap();
        let header = String::from_utf8(whole[12..12 + length].to_vec()).unwrap();
        let header = header.replace("output.weight", "outset.weight");
        let mut renamed = whole.clone();
        renamed[8..12].copy_from_slice(&crc32fast::hash(header.as_bytes()).to_le_bytes());
        renamed[12..12 + length].copy_from_slice(header.as_bytes());
        assert_ne!(renamed, whole);
        fs::write(&ready, renamed).unwrap();
        assert_eq!(load(&cached), expected);
        assert_eq!(fs::read(&ready).unwrap(), whole);

        fs::write(&ready, [whole.as_slice(), b"more"].concat()).unwrap();
        assert_eq!(load(&cached), expected);
        assert_eq!(fs::read(&ready).unwrap(), whole);

        write_adapter(folder, 4, [4, HIDDEN], |_| ());
        let adapted = TranslatorFiles::new(&files.files.base, folder);
        let expected = load(&adapted);
        assert_eq!(load(&adapted.clone().with_cache(Some(cache.clone()))), expected);
        assert_eq!(fs::read(&ready).unwrap(), whole, "each adapter has a file of its own");
        assert_eq!(kept_ready(&cache, name).len(), 2);
        write_adapter(folder, 4, [4, HIDDEN], |settings| settings["lora_alpha"] = 32.into());
        assert_eq!(load(&adapted.clone().with_cache(Some(cache.clone()))), load(&adapted));
        for name in ["adapter_config.json", "adapter_model.safetensors"] {
            fs::remove_file(folder.join(name)).unwrap();
        }
        assert_eq!(
            fs::read_dir(&cache)
                .unwrap()
                .filter(|entry| {
                    entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "part")
                })
                .count(),
            0
        );
    }
}

#[test]
fn does_without_a_cache_that_cannot_be_written() {
    let files = files();
    // A file stands where the folder should be; a folder without write permission would not stop root.
    let place = files.folder.path().join("taken");
    fs::write(&place, b"").unwrap();
    let expected =
        texts(&GemmaTranslator::load(&files.files, options(Precision::Int8, 8)).unwrap(), &SEGMENTS);
    let cached = files.files.clone().with_cache(Some(place.clone()));
    let found = texts(&GemmaTranslator::load(&cached, options(Precision::Int8, 8)).unwrap(), &SEGMENTS);
    assert_eq!(found, expected);
    // A folder stands where the file should be.
    let cache = files.folder.path().join("cache");
    let cached = files.files.clone().with_cache(Some(cache.clone()));
    GemmaTranslator::load(&cached, options(Precision::Int8, 8)).unwrap();
    let [ready] = kept_ready(&cache, "translator-int8").try_into().unwrap();
    fs::remove_file(&ready).unwrap();
    fs::create_dir(&ready).unwrap();
    let found = texts(&GemmaTranslator::load(&cached, options(Precision::Int8, 8)).unwrap(), &SEGMENTS);
    assert_eq!(found, expected);
}

#[test]
fn a_cache_that_cannot_be_written_is_told_and_changes_nothing() {
    let files = files();
    let file = files.folder.path().join("file");
    fs::write(&file, "in the place of a folder").unwrap();
    let load = |cache: &Path| {
        let files = files.files.clone().with_cache(Some(cache.to_owned()));
        GemmaTranslator::load(&files, options(Precision::Int8, 4)).unwrap()
    };
    let (blocked, free) = (load(&file), load(&files.folder.path().join("cache")));
    assert!(free.notes().is_empty());
    let [note] = blocked.notes().try_into().unwrap();
    assert!(note.contains("INTISARI_CACHE") && note.contains("file"), "{note}");
    let english = |translator: &GemmaTranslator| translator.translate(&SEGMENTS, Progress::none()).unwrap();
    assert_eq!(english(&blocked), english(&free));
}
