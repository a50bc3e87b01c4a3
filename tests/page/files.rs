//! What is given to the page: files of other encodings, packed, long, empty or wrong ones, and text from anywhere.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::driven;
use super::hands::{HANDS, demo, packed, powershell};

/// So many times the same, packed by gzip.
fn gzip(bytes: &[u8], times: usize) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..times {
        packer.write_all(bytes).unwrap();
    }
    packer.finish().unwrap()
}

#[test]
fn a_packed_log_is_unpacked() {
    let script = format!(
        "{HANDS} await drop(['ssh.log.gz', '{}']); \
         done([$('said').textContent, $('logs').innerText.includes('Log 1: ssh.log.gz'), logs()[0].bytes.length].join('|'));",
        packed(&gzip(&demo("ci.log"), 1))
    );
    assert_eq!(driven(&script), format!("no-identity: ssh had no key to offer.|true|{}", demo("ci.log").len()));
}

#[test]
fn what_cannot_be_read_is_told_beside_what_can() {
    let script = format!(
        "{HANDS} const file = (name, text) => new File([unpack(text)], name); const folder = new File(['x'], 'folder'); \
         folder.arrayBuffer = async () => {{ throw new Error('not a file'); }};\n\
         await take([file('empty.log', ''), folder, file('torn.gz', '{}'), file('bomb.gz', '{}')]); const none = $('said').textContent; \
         const hidden = [$('answer').hidden, $('skip').hidden]; \
         await take([file('ci.log', '{}'), file('empty.log', '')]); \
         done([none, hidden, $('said').textContent, $('said').className, $('answer').hidden, $('skip').hidden, logs().length].join('|'));",
        packed(&gzip(b"OpenSSH", 1)[..12]),
        packed(&gzip(&[b'x'; 1 << 20], 65)),
        packed(&demo("ci.log")),
    );
    let said = driven(&script);
    let parts: Vec<&str> = said.split('|').collect();
    assert!(
        parts[0].starts_with(
            "empty.log can't be read: it is empty. folder can't be read: not a file. torn.gz can't be read: "
        ),
        "{said}"
    );
    assert!(parts[0].ends_with("bomb.gz can't be read: it unpacks to more than 100 times its size."), "{said}");
    assert_eq!(parts[1..], ["true,true", "empty.log can't be read: it is empty.", "", "false", "false", "1"]);
}

/// What is shown of a file is the file where it can be changed, and else can't be.
#[test]
fn a_file_is_not_cut_by_what_is_shown_of_it() {
    let long: Vec<u8> = [b"plain words\n".repeat(20_000), demo("ci.log")].concat();
    let script = format!(
        "{HANDS} await drop(['a.log', '{}']); const area = () => [...document.querySelectorAll('textarea')].at(-1); \
         const seen = [area().readOnly, $('said').textContent, document.querySelector('.hint').textContent]; \
         await drop(['b.log', '{}']); seen.push(area().readOnly, area().value.startsWith('$ ssh -v -p')); \
         await drop(['c.log', '{}']); seen.push(area().readOnly); area().value = 'other'; area().dispatchEvent(new Event('input')); \
         done([...seen, decoder.decode(logs().at(-1).bytes)].join('|'));",
        packed(&long),
        packed(&powershell(&demo("ci.log"))),
        packed(&demo("ci.log")),
    );
    assert_eq!(
        driven(&script),
        format!(
            "true|no-identity: ssh had no key to offer.|The whole file is read, {} kB. What is shown of it here can't be changed.\
             |true|true|false|other",
            long.len().div_ceil(1000)
        )
    );
}

#[test]
fn text_is_taken_wherever_it_is_pasted() {
    let script = format!(
        "{HANDS} const clipboardData = new DataTransfer(); clipboardData.setData('text', decoder.decode(unpack('{}'))); \
         let next = answered(); document.body.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData, bubbles: true }})); await next; \
         const first = $('said').textContent; clipboardData.items.add(new File([unpack('{}')], 'vcs.log')); \
         next = answered(); document.body.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData, bubbles: true }})); await next; \
         const dataTransfer = new DataTransfer(); dataTransfer.setData('text', 'a word'); \
         const dropped = document.querySelector('textarea').dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }})); \
         done([first, logs().length, $('said').textContent.slice(0, 15), dropped].join('|'));",
        packed(&demo("ci.log")),
        packed(&demo("vcs.log")),
    );
    assert_eq!(driven(&script), "no-identity: ssh had no key to offer.|2|key-not-offered|true");
}
