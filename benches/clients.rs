//! Other clients' logs beside OpenSSH's of the same size, in turn, as ratios of medians: `cargo bench --bench clients`.
//!
//! 256 MB each, by CPU time. What to hold: at most half as much again as OpenSSH's. It fails where that is not so.

#![allow(clippy::print_stdout, reason = "what it measured")]

use std::process::ExitCode;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use ssh_why::inside::reader::Reader;

const OPENSSH: &str = include_str!("../fixtures/demo/vcs.log");
const PLINK: &str = include_str!("../fixtures/dialects/putty/0.78-second-key-of-the-agent/plink.log");
const PARAMIKO: &str = include_str!("../fixtures/dialects/paramiko/5.1-default-key-is-taken/client.log");
const LIBSSH: &str = include_str!("../fixtures/dialects/libssh/0.10.6-the-agents-third-key/client.log");

/// Bytes of each log, and how many of them are made at once.
const LONG: usize = 256 << 20;
const BLOCK: usize = 1 << 20;

const ROUNDS: usize = 5;
const MOST: f64 = 1.5;

type Line = fn(usize) -> String;

/// How a log begins, and what it goes on with.
const LOGS: &[(&str, &str, Line)] = &[
    ("openssh", OPENSSH, |number| match number % 4 {
        0 => format!("debug2: channel 0: window {} sent adjust {}\n", 2_000_000 - number % 70_000, number % 70_000),
        1 => "debug3: receive packet: type 94\n".to_owned(),
        2 => format!("debug2: channel 0: rcvd ext data {}\n", number % 5000),
        _ => "debug3: send packet: type 93\n".to_owned(),
    }),
    ("plink -v", PLINK, |number| match number % 2 {
        0 => format!("Remote debug message: /etc/ssh/keys:{number}: key options: pty user-rc\n"),
        _ => format!("Server refused forwarded port {}\n", number % 60_000),
    }),
    ("plink -sshlog", PLINK, |number| match number % 4 {
        0 => format!("Incoming packet #0x{number:x}, type 94 / 0x5e (SSH2_MSG_CHANNEL_DATA)\n"),
        1 => format!("Outgoing packet #0x{number:x}, type 93 / 0x5d (SSH2_MSG_CHANNEL_WINDOW_ADJUST)\n"),
        _ => "  00000000  00 00 01 00 00 00 00 06 68 65 6c 6c 6f 0a        ........hello.\n".to_owned(),
    }),
    ("paramiko", PARAMIKO, |number| match number % 2 {
        0 => format!("DEBUG:paramiko.transport:[chan {}] Max packet in: 32768 bytes\n", number % 5000),
        _ => "DEBUG:paramiko.transport.sftp:[chan 0] open(b'/srv/app/release.tar', 'rb')\n".to_owned(),
    }),
    ("libssh", LIBSSH, |number| match number % 2 {
        0 => format!(
            "[2026/11/29 15:06:55.{:06}, 3] packet_send2:  packet: wrote [type=94, len=32]\n",
            number % 1_000_000
        ),
        _ => "[2026/11/29 15:06:55.407526, 2] channel_rcv_change_window:  Adding 2097152 bytes\n".to_owned(),
    }),
];

fn main() -> ExitCode {
    let blocks: Vec<Vec<u8>> = LOGS.iter().map(|(_, _, line)| block(*line)).collect();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); LOGS.len()];
    for _ in 0..ROUNDS {
        for (index, (_, start, _)) in LOGS.iter().enumerate() {
            times[index].push(read(start, &blocks[index]));
        }
    }
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    let mut slow = false;
    for ((name, ..), median) in LOGS.iter().zip(&medians) {
        let ratio = median / medians[0];
        slow |= ratio > MOST;
        println!("{name:<14} {median:>6.3} s  {ratio:>5.2}");
    }
    if slow { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn block(line: Line) -> Vec<u8> {
    let mut block = Vec::new();
    let mut number = 0;
    while block.len() < BLOCK {
        block.extend_from_slice(line(number).as_bytes());
        number += 1;
    }
    block
}

/// The CPU time of reading one log.
fn read(start: &str, block: &[u8]) -> Duration {
    let before = cpu();
    let mut reader = Reader::new("log");
    reader.feed(start.as_bytes());
    for piece in std::iter::repeat_n(block, LONG / block.len()).flat_map(|block| block.chunks(64 << 10)) {
        reader.feed(piece);
    }
    std::hint::black_box(reader.finish());
    cpu().saturating_sub(before)
}

fn cpu() -> Duration {
    let used = getrusage(UsageWho::RUSAGE_SELF).map(|usage| usage.user_time()).ok();
    used.map_or(Duration::ZERO, |time| {
        Duration::new(time.tv_sec().unsigned_abs(), 0) + Duration::from_micros(time.tv_usec().unsigned_abs())
    })
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
