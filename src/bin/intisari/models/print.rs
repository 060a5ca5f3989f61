//! One model, for people and for machines.

use std::io::{self, Write};

use intisari::output::visible;
use intisari::store::{is_non_commercial, Model, Store};
use intisari::Result;
use serde_json::json;

/// A model as `list` shows it; what is wrong with it in place of what is not known.
pub struct Listed {
    model: Option<Model>,
    added: bool,
    folder: Option<String>,
    pub problem: Option<String>,
}

impl Listed {
    pub fn new(store: &Store, model: Result<Model>, added: bool) -> Self {
        match model {
            Ok(model) => {
                let folder = store.locate(&model).map(|folder| folder.display().to_string());
                let problem = folder.as_ref().err().map(ToString::to_string);
                Listed { model: Some(model), added, folder: folder.ok(), problem }
            }
            Err(error) => Listed { model: None, added, folder: None, problem: Some(error.to_string()) },
        }
    }

    pub fn print(&self, out: &mut impl Write) -> io::Result<()> {
        if let Some(model) = &self.model {
            let about = if model.about.is_empty() { String::new() } else { format!(" ({})", model.about) };
            writeln!(out, "{}", model.id)?;
            writeln!(out, "  task     {}{about}", model.task)?;
            writeln!(out, "  size     {}", megabytes(model.bytes()))?;
            writeln!(out, "  licence  {}", visible(&model.reference().license))?;
            writeln!(out, "  origin   {}", visible(&model.origin))?;
            if let Some(revision) = &model.revision {
                writeln!(out, "  revision {}", visible(revision))?;
            }
        }
        if let Some(folder) = &self.folder {
            writeln!(out, "  folder   {folder}")?;
        }
        if let Some(problem) = &self.problem {
            writeln!(out, "  PROBLEM  {problem}")?;
        }
        for file in self.model.iter().flat_map(|model| &model.files) {
            writeln!(out, "  sha256   {}  {}", file.sha256, file.name)?;
        }
        Ok(())
    }

    pub fn print_json(&self, out: &mut impl Write) -> io::Result<()> {
        let non_commercial = self.model.as_ref().map(|model| is_non_commercial(&model.license));
        let record = json!({
            "model": self.model,
            "added": self.added,
            "non_commercial": non_commercial,
            "folder": self.folder,
            "problem": self.problem,
        });
        writeln!(out, "{record}")
    }
}

pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
