//! The page, also in a real browser where one is installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use intisari::eval::formats::BadLine;
use intisari::eval::report::html;

use crate::evaluation::ner;

fn page() -> String {
    let mut evaluation = ner();
    let message = "`<script>alert(1)</script>` is no tag".to_owned();
    evaluation.set.skipped.push(BadLine { path: PathBuf::from("test.tsv"), line: 7, message });
    html(&[evaluation])
}

#[test]
fn lists_several_evaluations_first() {
    let page = html(&[ner(), ner()]);
    assert!(page.contains("<a href=\"#e2\">") && page.contains("<section id=\"e2\">"));
    assert!(!html(&[ner()]).contains("<a "));
}

#[test]
fn shows_everything_and_escapes_it() {
    let page = page();
    for part in [
        "<h2>entities of system &lt;1&gt; on folder/test.tsv</h2>",
        "Calibration",
        "Worst cases",
        "By length, F1",
        "line 2, F1 ",
        "test.tsv:7",
        "1 line left out",
        "Expected calibration error: 0.275",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    assert!(page.contains("Menteri<small>PER</small></mark> &amp; <mark"), "entities are marked");
}

#[test]
fn needs_no_network() {
    let page = page();
    for link in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(link), "{link}");
    }
}

/// A browser that can run without a screen: `CHROMIUM`, else one of the usual names.
fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let folders: Vec<PathBuf> =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let usual = ["chromium", "chromium-browser", "google-chrome"];
    named.or_else(|| {
        usual.iter().flat_map(|name| folders.iter().map(move |f| f.join(name))).find(|path| path.is_file())
    })
}

fn run(browser: &Path, profile: &Path, arguments: &[String]) -> String {
    let output = Command::new(browser)
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--virtual-time-budget=2000",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(arguments)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn looks_right_in_a_browser() {
    let Some(browser) = browser() else {
        eprintln!("skipped: no chromium is installed; set CHROMIUM to try another browser");
        return;
    };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let profile = tempfile::TempDir::new().unwrap();
    let plain = folder.join("evaluation.html");
    std::fs::write(&plain, page()).unwrap();
    // The same page with a script that says how it came out.
    let probe = "<script>document.title = JSON.stringify({ \
                 paper: getComputedStyle(document.body).backgroundColor, \
                 ink: getComputedStyle(document.body).color, \
                 wide: document.documentElement.scrollWidth > innerWidth, \
                 loaded: performance.getEntriesByType('resource').length, \
                 marks: document.querySelectorAll('mark').length })</script></body>";
    let probed = folder.join("evaluation-probed.html");
    std::fs::write(&probed, page().replace("</body>", probe)).unwrap();

    let mut papers = Vec::new();
    for (name, dark, width) in [("light", false, 1200), ("dark", true, 1200), ("narrow", false, 500)] {
        let look = format!("--blink-settings=preferredColorScheme={}", if dark { 0 } else { 1 });
        let size = format!("--window-size={width},2400");
        let picture = folder.join(format!("evaluation-{name}.png"));
        let _ = std::fs::remove_file(&picture);
        let to = format!("--screenshot={}", picture.display());
        run(
            &browser,
            profile.path(),
            &[look.clone(), size.clone(), to, format!("file://{}", plain.display())],
        );
        assert!(std::fs::metadata(&picture).unwrap().len() > 20_000, "{} shows the page", picture.display());

        let dom = run(
            &browser,
            profile.path(),
            &[look, size, "--dump-dom".into(), format!("file://{}", probed.display())],
        );
        let title = dom.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        let found: serde_json::Value = serde_json::from_str(&title.replace("&quot;", "\"")).unwrap();
        assert_eq!(found["wide"], false, "{name}: nothing leaves the screen sideways");
        assert_eq!(found["loaded"], 0, "{name}: nothing is fetched");
        assert_eq!(found["marks"], 6, "{name}: the entities of reference, output and the other system");
        assert_ne!(found["paper"], found["ink"]);
        papers.push(found["paper"].clone());
    }
    assert_ne!(papers[0], papers[1], "dark differs from light");
    assert_eq!(papers[0], papers[2]);
}
