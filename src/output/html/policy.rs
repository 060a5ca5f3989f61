//! The page's Content-Security-Policy: its own style and script, known by their checksums, and nothing else.

use std::sync::LazyLock;

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use sha2::{Digest, Sha256};

static FILE: LazyLock<String> = LazyLock::new(|| write("'none'"));
static SERVER: LazyLock<String> = LazyLock::new(|| write("'self'"));

/// The policy of a page; one `with_form` may send it to where it came from.
pub(super) fn policy(with_form: bool) -> &'static str {
    if with_form {
        &SERVER
    } else {
        &FILE
    }
}

fn write(forms: &str) -> String {
    let (style, script) = (sum(super::STYLE), sum(super::SCRIPT));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action {forms}"
    )
}

fn sum(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}
