//! A browser under test: Chromium without a window, driven by `chromedriver` over the `WebDriver` protocol.
//!
//! Only what the tests need of the protocol. Promise: the browser and its driver end with the value.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

/// How long a page may take; generous, since tests share few processors.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A session with one tab.
pub(crate) struct Browser {
    driver: Child,
    client: reqwest::Client,
    session: String,
}

/// Starts `chromedriver` on a free port, which it prints.
fn start_driver() -> (Child, String) {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("`chromedriver` is not there: install Debian's `chromium` and `chromium-driver`, as `.ci/run` does");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = lines
        .find_map(|line| {
            let line = line.unwrap();
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        })
        .expect("chromedriver says its port");
    // The rest is read away, so that the driver never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port)
}

/// The browser that is asked for.
fn capabilities(width: u32, height: u32, is_dark: bool) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--force-device-scale-factor=1".to_owned(),
        format!("--window-size={width},{height}"),
    ];
    if is_dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    json!({"capabilities": {"alwaysMatch": {
        "browserName": "chrome",
        "goog:chromeOptions": {"args": arguments},
        "goog:loggingPrefs": {"browser": "ALL"},
    }}})
}

impl Browser {
    /// Starts the driver on a free port, and a browser with a window of this size.
    pub(crate) async fn start(width: u32, height: u32, is_dark: bool) -> Self {
        let (driver, port) = start_driver();
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let wanted = capabilities(width, height, is_dark);
        let root = format!("http://127.0.0.1:{port}/session");
        let answer: Value = client
            .post(&root)
            .json(&wanted)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let id = answer["value"]["sessionId"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        let browser = Self {
            driver,
            client,
            session: format!("{root}/{id}"),
        };
        // `--window-size` counts the frame in; a page's width is what a phone's is told by.
        browser
            .command(
                "/goog/cdp/execute",
                json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": {
                    "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
                }}),
            )
            .await;
        let scheme = if is_dark { "dark" } else { "light" };
        browser
            .command(
                "/goog/cdp/execute",
                json!({"cmd": "Emulation.setEmulatedMedia", "params": {
                    "features": [{"name": "prefers-color-scheme", "value": scheme}],
                }}),
            )
            .await;
        browser
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.session);
        let answer: Value = self
            .client
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {answer}");
        answer["value"].clone()
    }

    pub(crate) async fn open(&self, url: &str) {
        self.command("/url", json!({"url": url})).await;
    }

    /// What a script gives.
    pub(crate) async fn script(&self, script: &str) -> Value {
        self.command("/execute/sync", json!({"script": script, "args": []}))
            .await
    }

    /// Types into the element, `\u{E007}` for the enter key.
    pub(crate) async fn type_into(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        self.command(&format!("/element/{element}/value"), json!({"text": text}))
            .await;
    }

    pub(crate) async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.command(&format!("/element/{element}/click"), json!({})).await;
    }

    async fn find(&self, css: &str) -> String {
        let found = self
            .command("/element", json!({"using": "css selector", "value": css}))
            .await;
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Waits until the script gives `true`.
    pub(crate) async fn wait_for(&self, what: &str, script: &str) {
        let begun = Instant::now();
        while self.script(script).await != json!(true) {
            let text = self.script("return document.body.innerText").await;
            assert!(
                begun.elapsed() < PATIENCE,
                "{what} did not come about; the page says:\n{text}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// A picture of what is in the window, as PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        let url = format!("{}/screenshot", self.session);
        let answer: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
        base64::engine::general_purpose::STANDARD
            .decode(answer["value"].as_str().unwrap())
            .unwrap()
    }

    /// What the page complained of: refused scripts, failed requests, errors.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.command("/se/log", json!({"type": "browser"})).await;
        log.as_array()
            .unwrap()
            .iter()
            .filter(|line| line["level"] == "SEVERE")
            .map(|line| line["message"].as_str().unwrap().to_owned())
            .filter(|message| !message.contains("favicon.ico"))
            .collect()
    }

    /// Ends the session; the driver ends with the value.
    pub(crate) async fn close(self) {
        let _ = self.client.delete(&self.session).send().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
