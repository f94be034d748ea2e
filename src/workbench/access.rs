//! Who may use the workbench: this machine, or whoever has the token.
//!
//! On a loopback address the `Host` must be a name of this machine, so that a page on the web cannot reach in by a name
//! of its own (DNS rebinding). On any other address a token is asked for, once in the address and from then on in a
//! cookie. What changes something must come from the workbench's own pages.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, COOKIE, HOST, ORIGIN, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::state::Shared;

/// 128 bits: not to be guessed.
const TOKEN_BYTES: usize = 16;
const COOKIE_NAME: &str = "workbench";
/// Nothing from elsewhere, and no script but our own.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What is asked of a request.
#[derive(Debug)]
pub(super) struct Access {
    /// Absent on a loopback address.
    token: Option<String>,
}

impl Access {
    /// A token where others than this machine can connect.
    pub(super) fn for_address(address: SocketAddr) -> io::Result<Self> {
        if address.ip().is_loopback() {
            return Ok(Self { token: None });
        }
        let mut bytes = [0_u8; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Self {
            token: Some(HEXLOWER.encode(&bytes)),
        })
    }

    /// The address to open.
    pub(super) fn url(&self, address: SocketAddr) -> String {
        match &self.token {
            None => format!("http://{address}/"),
            Some(token) => format!("http://{address}/?token={token}"),
        }
    }

    fn allows(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else {
            return host(headers).is_some_and(is_this_machine);
        };
        let cookies = headers
            .get(COOKIE)
            .and_then(|cookies| cookies.to_str().ok())
            .unwrap_or_default();
        cookies
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='))
            .any(|(name, value)| name == COOKIE_NAME && is_same(value, token))
    }
}

/// Lets a request through, or does not.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let access = &shared.access;
    if let (Some(token), Some(given)) = (&access.token, given_token(request.uri().query().unwrap_or_default()))
        && is_same(given, token)
    {
        let cookie = format!("{COOKIE_NAME}={token}; HttpOnly; SameSite=Strict; Path=/");
        return match HeaderValue::from_str(&cookie) {
            Ok(cookie) => ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
    }
    if !access.allows(request.headers()) {
        let why = "not allowed: open the address that the workbench printed when it started\n";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    if request.method() == Method::POST && !is_own_page(request.headers()) {
        return (
            StatusCode::FORBIDDEN,
            "not allowed: a change must come from the workbench's own page\n",
        )
            .into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn given_token(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("token="))
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "[::1]" || {
        let ip: Option<std::net::Ipv4Addr> = name.parse().ok();
        ip.is_some_and(|ip| ip.is_loopback())
    }
}

/// Whether a form was sent by a page of the same host. Browsers say where a form comes from.
fn is_own_page(headers: &HeaderMap) -> bool {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    match (origin.and_then(|origin| origin.split_once("://")), host(headers)) {
        (Some((_, origin)), Some(host)) => origin == host,
        _ => false,
    }
}

/// Compares in a time that does not tell how much is right.
fn is_same(given: &str, expected: &str) -> bool {
    Sha256::digest(given) == Sha256::digest(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_pass_on_loopback() {
        for host in [
            "localhost",
            "localhost:8600",
            "127.0.0.1:1",
            "127.1.2.3",
            "[::1]:80",
            "LOCALHOST:9",
        ] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "localhost.example",
            "example.org:8600",
            "127.0.0.1.example",
            "10.0.0.1:80",
            "",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn a_token_is_made_for_every_other_address_and_asked_for() {
        let open = Access::for_address("127.0.0.1:80".parse().unwrap()).unwrap();
        assert!(open.token.is_none());
        let address = "192.0.2.1:80".parse().unwrap();
        let access = Access::for_address(address).unwrap();
        let token = access.token.clone().unwrap();
        assert_eq!(token.len(), 2 * TOKEN_BYTES);
        assert_eq!(access.url(address), format!("http://192.0.2.1:80/?token={token}"));
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("127.0.0.1:80"));
        assert!(!access.allows(&headers));
        headers.insert(
            COOKIE,
            HeaderValue::from_str(&format!("a=b; workbench={token}")).unwrap(),
        );
        assert!(access.allows(&headers));
    }

    #[test]
    fn a_form_of_another_page_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("127.0.0.1:8600"));
        assert!(!is_own_page(&headers));
        headers.insert(ORIGIN, HeaderValue::from_static("http://example.org"));
        assert!(!is_own_page(&headers));
        headers.insert(ORIGIN, HeaderValue::from_static("http://127.0.0.1:8600"));
        assert!(is_own_page(&headers));
    }
}
