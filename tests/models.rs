//! The models that come with the repository.

use std::path::Path;

use intisari::store::Store;

#[test]
fn committed_files_are_those_of_the_manifest() {
    let store = Store::in_folders([Path::new(env!("CARGO_MANIFEST_DIR")).join("models")]).unwrap();
    for model in store.models().iter().filter(|model| model.wheels.is_empty()) {
        // After new weights: `cargo xtask manifest`.
        store.verified(&model.id).unwrap();
        for file in &model.files {
            let path = store.locate(model).unwrap().join(&file.name);
            assert_eq!(std::fs::metadata(path).unwrap().len(), file.bytes, "{}", file.name);
        }
    }
}
