//! What the binary's modules for input ask of it: the arguments that they read, and a place for warnings.

pub mod args {
    use std::path::PathBuf;

    use intisari::document::{Fields, PublisherZone};

    #[derive(Debug, Clone, Default)]
    pub struct InputArgs {
        pub files: Vec<PathBuf>,
        pub input_form: InputForm,
        pub text_field: Option<String>,
        pub id_prefix: Option<String>,
        pub zone: PublisherZone,
    }

    impl InputArgs {
        pub fn fields(&self) -> Fields {
            Fields { text: self.text_field.clone(), zone: self.zone.clone(), ..Fields::default() }
        }
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum InputForm {
        #[default]
        Auto,
        Text,
        Jsonl,
        Json,
        Csv,
        Tsv,
    }
}

pub mod run {
    /// Nobody is there.
    pub fn warn(_: &str) {}
}
