//! How fast logs are read: `cargo bench`.
//!
//! What to compare with: reading should cost no more than a search for the words of interest, so most of the time
//! goes into finding line ends and passing over dull lines.

use divan::Bencher;
use divan::counter::BytesCount;
use ssh_why::inside::diagnose::diagnose;
use ssh_why::inside::reader::Reader;
use ssh_why::inside::shell::Shell;
use ssh_why::model::Facts;

const VCS: &str = include_str!("../fixtures/demo/vcs.log");
const CI: &str = include_str!("../fixtures/demo/ci.log");

/// As much as the program reads at a time.
const PIECE: usize = 64 * 1024;

const LONG: usize = 64 << 20;

fn main() {
    divan::main();
}

fn read(bytes: &[u8]) -> ssh_why::model::Transcript {
    let mut reader = Reader::new("log");
    for piece in bytes.chunks(PIECE) {
        reader.feed(piece);
    }
    reader.finish()
}

/// A log, and then so much of what `line` makes.
fn long(line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut log = VCS.as_bytes().to_vec();
    let mut number = 0;
    while log.len() < LONG {
        log.extend_from_slice(line(number).as_bytes());
        number += 1;
    }
    log
}

fn bench(bencher: Bencher<'_, '_>, log: &[u8]) {
    bencher.counter(BytesCount::of_slice(log)).bench(|| read(divan::black_box(log)));
}

/// Two usual logs, judged.
#[divan::bench]
fn usual_pair() -> ssh_why::inside::diagnose::Diagnosis {
    let logs = [VCS, CI].map(|log| read(divan::black_box(log.as_bytes())));
    diagnose(logs.into(), Facts::default(), Shell::Sh)
}

#[divan::bench(sample_count = 10)]
fn long_session_at_vvv(bencher: Bencher<'_, '_>) {
    let log = long(|number| match number % 4 {
        0 => format!("debug2: channel 0: window {} sent adjust {}\n", 2_000_000 - number % 70_000, number % 70_000),
        1 => "debug3: receive packet: type 94\n".to_owned(),
        2 => format!("debug2: channel 0: rcvd ext data {}\n", number % 5000),
        _ => "debug3: send packet: type 93\n".to_owned(),
    });
    bench(bencher, &log);
}

#[divan::bench(sample_count = 10)]
fn long_remote_output(bencher: Bencher<'_, '_>) {
    let log = long(|number| {
        format!("[{number:>6}] unit {} was built in {} ms, and all is well\n", number % 977, number % 5003)
    });
    bench(bencher, &log);
}

#[divan::bench(sample_count = 10)]
fn long_log_in_utf_16(bencher: Bencher<'_, '_>) {
    let text = String::from_utf8(long(|_| "debug3: receive packet: type 94\r\n".to_owned())).unwrap_or_default();
    let log: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().take(LONG / 2).flat_map(u16::to_le_bytes)).collect();
    bench(bencher, &log);
}

/// One line of 64 MB.
#[divan::bench(sample_count = 10)]
fn one_long_line(bencher: Bencher<'_, '_>) {
    let log = long(|_| "no end in sight ".to_owned());
    bench(bencher, &log);
}
