//! Requests, written down as a JSON object a line. Never a word of an article, nor what was asked for after a `?`.

use std::fmt;
use std::sync::Arc;

use serde_json::{json, Value};

/// Where lines go.
#[derive(Clone)]
pub struct Log(Option<Arc<Write>>);

type Write = dyn Fn(&str) + Send + Sync;

impl Log {
    /// To standard error.
    #[allow(dead_code)] // tests keep the lines
    pub fn stderr() -> Self {
        // Nobody reads it: the service goes on.
        Log::to(|line| {
            use std::io::Write;
            let _gone = writeln!(std::io::stderr(), "{line}");
        })
    }

    /// To nowhere.
    #[allow(dead_code)] // tests keep the lines
    pub fn off() -> Self {
        Log(None)
    }

    /// To a function.
    pub fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Log(Some(Arc::new(write)))
    }

    /// Writes an event with its fields.
    pub fn event(&self, level: &str, event: &str, fields: Value) {
        let Some(write) = &self.0 else { return };
        let mut line = json!({"time": jiff::Timestamp::now().to_string(), "level": level, "event": event});
        if let (Value::Object(line), Value::Object(fields)) = (&mut line, fields) {
            line.extend(fields);
        }
        write(&line.to_string());
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Log").field(&self.0.is_some()).finish()
    }
}
