//! A way to a server that can be cut and mended, and made long.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Passes connections on, while it is not cut.
pub(crate) struct Proxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_cut: bool,
    /// Bytes of the server's that still pass before every connection ends.
    n_left: Option<usize>,
    /// How long what the server says is on its way.
    delay: Duration,
    open: Vec<TcpStream>,
}

impl State {
    /// How many of so many bytes pass.
    fn n_passing(&mut self, n: usize) -> usize {
        let n_passing = self.n_left.map_or(n, |left| left.min(n));
        self.n_left = self.n_left.map(|left| left - n_passing);
        n_passing
    }

    fn end_all(&mut self) {
        for stream in self.open.drain(..) {
            // It may have ended already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Proxy {
    /// To a server at `host:port`; it stands until the process ends.
    pub(crate) fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let server = server.to_owned();
        thread::spawn({
            let shared = Arc::clone(&state);
            move || {
                for client in listener.incoming() {
                    let (Ok(client), Ok(server)) = (client, TcpStream::connect(&server)) else {
                        continue;
                    };
                    let mut state = shared.lock().unwrap();
                    // Dropped where it is cut.
                    if !state.is_cut {
                        state
                            .open
                            .extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
                        pass(&client, &server, None);
                        pass(&server, &client, Some(Arc::clone(&shared)));
                    }
                }
            }
        });
        Self { address, state }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection, and passes none on.
    pub(crate) fn cut(&self) {
        let mut state = self.state.lock().unwrap();
        state.is_cut = true;
        state.end_all();
    }

    /// Ends every connection once so many more bytes of the server's have passed, wherever in a message that is.
    pub(crate) fn cut_after(&self, n_bytes: usize) {
        self.state.lock().unwrap().n_left = Some(n_bytes);
    }

    /// Lets whatever the server says take so long from now on.
    pub(crate) fn slow_down(&self, delay: Duration) {
        self.state.lock().unwrap().delay = delay;
    }

    /// Passes connections on again.
    pub(crate) fn mend(&self) {
        self.state.lock().unwrap().is_cut = false;
    }
}

fn pass(from: &TcpStream, to: &TcpStream, bound: Option<Arc<Mutex<State>>>) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        // Either end may go at any time.
        let _ = pass_on(&mut from, &mut to, bound.as_deref());
        let _ = to.shutdown(Shutdown::Both);
    });
}

fn pass_on(from: &mut TcpStream, to: &mut TcpStream, bound: Option<&Mutex<State>>) -> io::Result<()> {
    let mut bytes = [0; 16 * 1024];
    loop {
        let n = from.read(&mut bytes)?;
        let (n_passing, delay) = bound.map_or((n, Duration::ZERO), |state| {
            let mut state = state.lock().unwrap();
            (state.n_passing(n), state.delay)
        });
        thread::sleep(delay);
        to.write_all(&bytes[..n_passing])?;
        if n_passing < n
            && let Some(state) = bound
        {
            let mut state = state.lock().unwrap();
            state.n_left = None;
            state.end_all();
        }
        if n == 0 || n_passing < n {
            return Ok(());
        }
    }
}
