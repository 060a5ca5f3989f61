//! Browsers without a screen, driven by chromedriver (WebDriver), and the small HTTP client that this takes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{json, Value};

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// A connection of one request; the answer may be read bit by bit.
pub struct Request {
    pub stream: BufReader<TcpStream>,
}

impl Request {
    /// Sends everything.
    pub fn send(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let length = body.len().to_string();
        let headers = [&[("Content-Length", length.as_str())], headers].concat();
        let mut request = Request::start(to, method, path, &headers);
        request.write(body);
        request
    }

    /// Sends the head only.
    pub fn start(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Self {
        let stream = TcpStream::connect(to).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += "\r\n";
        let mut request = Request { stream: BufReader::new(stream) };
        request.write(head.as_bytes());
        request
    }

    /// A server that has answered already need not read on.
    pub fn write(&mut self, bytes: &[u8]) {
        drop(self.stream.get_mut().write_all(bytes));
    }

    /// Status and headers.
    pub fn head(&mut self) -> Answer {
        let status = self.line().split(' ').nth(1).unwrap_or_default().parse().unwrap_or_default();
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            match line.split_once(':') {
                Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
                None => break,
            }
        }
        Answer { status, headers, body: Vec::new() }
    }

    /// The next chunk of a body that comes in chunks; empty at its end.
    pub fn chunk(&mut self) -> Vec<u8> {
        let length = usize::from_str_radix(&self.line(), 16).unwrap_or_default();
        let mut chunk = vec![0; length];
        self.stream.read_exact(&mut chunk).unwrap();
        self.line();
        chunk
    }

    pub fn answer(mut self) -> Answer {
        let mut answer = self.head();
        if answer.header("transfer-encoding") == Some("chunked") {
            loop {
                let chunk = self.chunk();
                if chunk.is_empty() {
                    break;
                }
                answer.body.extend(chunk);
            }
        } else if let Some(length) = answer.header("content-length") {
            answer.body = vec![0; length.parse().unwrap()];
            self.stream.read_exact(&mut answer.body).unwrap();
        } else {
            self.stream.read_to_end(&mut answer.body).unwrap();
        }
        answer
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

/// A request and its answer.
pub fn ask(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    Request::send(to, method, path, headers, body).answer()
}

/// The first of these programs that is there: named by a variable, or on the path.
fn program(variable: &str, usual: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let folders: Vec<PathBuf> =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    named.or_else(|| {
        usual.iter().flat_map(|name| folders.iter().map(move |f| f.join(name))).find(|path| path.is_file())
    })
}

/// A browser with one window; it ends with this value.
pub struct Browser {
    driver: Child,
    address: SocketAddr,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// A browser, where Chromium and chromedriver are installed.
    pub fn open() -> Option<Self> {
        let chromium = program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"]);
        let driver = program("CHROMEDRIVER", &["chromedriver"]);
        let (Some(chromium), Some(driver)) = (chromium, driver) else {
            eprintln!("skipped: no chromium with chromedriver is installed; CHROMIUM and CHROMEDRIVER can name them");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(driver.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "chromedriver said no port");
            if let Some((_, port)) = line.split_once("successfully on port ") {
                break port.trim().trim_end_matches('.').parse().unwrap();
            }
        };
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let args = json!([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-proxy-server",
            format!("--user-data-dir={}", profile.path().display()),
        ]);
        let options = json!({"binary": chromium, "args": args});
        let wanted = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}}}});
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut browser = Browser { driver, address, session: String::new(), _profile: profile };
        let session = browser.call("POST", "/session", &wanted);
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let path = format!("{}{path}", self.session);
        let answer =
            ask(self.address, method, &path, &[("Content-Type", "application/json")], body.as_bytes());
        assert_eq!(answer.status, 200, "{path} {body}: {}", answer.text());
        answer.json()["value"].take()
    }

    #[track_caller]
    pub fn visit(&self, url: &str) {
        self.call("POST", "/url", &json!({"url": url}));
    }

    /// What a script returns.
    #[track_caller]
    pub fn script(&self, script: &str) -> Value {
        self.call("POST", "/execute/sync", &json!({"script": script, "args": []}))
    }

    /// The element that a selector finds first.
    #[track_caller]
    fn element(&self, selector: &str) -> (Value, String) {
        let found = self.call("POST", "/element", &json!({"using": "css selector", "value": selector}));
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        (found, id)
    }

    /// Waits for an element: a page that a click asked for may not be there yet.
    #[track_caller]
    pub fn wait_for(&self, selector: &str) {
        for milliseconds in [20_000, 0] {
            self.call("POST", "/timeouts", &json!({"implicit": milliseconds}));
            self.element(selector);
        }
    }

    #[track_caller]
    pub fn click(&self, selector: &str) {
        let id = self.bring(selector);
        self.call("POST", &format!("/element/{id}/click"), &json!({}));
    }

    /// Brings an element into the middle of the window, at once: what still scrolls cannot be hit.
    #[track_caller]
    fn bring(&self, selector: &str) -> String {
        let (element, id) = self.element(selector);
        let script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.call("POST", "/execute/sync", &json!({"script": script, "args": [element]}));
        id
    }

    #[track_caller]
    pub fn fill(&self, selector: &str, text: &str) {
        let (_, id) = self.element(selector);
        self.call("POST", &format!("/element/{id}/clear"), &json!({}));
        self.call("POST", &format!("/element/{id}/value"), &json!({"text": text}));
    }

    /// Presses keys, as WebDriver names them.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})]
            })
            .collect();
        self.call(
            "POST",
            "/actions",
            &json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]}),
        );
    }

    /// Moves the mouse over an element.
    #[track_caller]
    pub fn hover(&self, selector: &str) {
        let id = self.bring(selector);
        let element = json!({"element-6066-11e4-a52e-4f735466cecf": id});
        let action = json!({"type": "pointerMove", "duration": 0, "origin": element, "x": 0, "y": 0});
        let mouse = json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [action]});
        self.call("POST", "/actions", &json!({"actions": [mouse]}));
    }

    /// A screen of this size, as on a telephone or a desk.
    pub fn size(&self, width: u32, height: u32) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// `light` or `dark`, on `screen` or in `print`.
    pub fn look(&self, scheme: &str, media: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.cdp("Emulation.setEmulatedMedia", json!({"media": media, "features": features}));
    }

    fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.call("POST", "/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// What the browser complained of since it was asked last.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.call("POST", "/se/log", &json!({"type": "browser"}));
        log.as_array().unwrap().iter().map(|entry| entry["message"].to_string()).collect()
    }

    /// Keeps what the window shows as a picture.
    pub fn picture(&self, to: &Path) {
        let picture = self.call("GET", "/screenshot", &Value::Null);
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap()).unwrap();
        std::fs::write(to, bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            drop(ask(self.address, "DELETE", &self.session, &[], b""));
        }
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}
