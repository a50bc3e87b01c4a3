"use strict";
// The page: logs in, a report out. The core (core.js) is WebAssembly without imports; see src/lib.rs for what it takes.

const $ = (id) => document.getElementById(id);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ROLES = [["other", "let the log tell"], ["vcs", "git host, which takes the key"], ["ci", "the host that refuses it"]];

// Bytes of a file that are shown, and of logs that take a while.
const SHOWN = 100000;
const LONG = 5000000;

let core = null;
let started = null;
// What is shown now: the same logs go into every form.
let shown = null;

async function start() {
  const bytes = unlzma(Uint8Array.from(atob(CORE), (c) => c.charCodeAt(0)));
  core = (await WebAssembly.instantiate(bytes)).instance.exports;
  $("explain").disabled = false;
}

/** Asks the core: `sources` are `{name, role, bytes}`; `only` is the number of the one log that is wanted, with stand-ins. */
function ask(form, sources, redact, shell, only = null) {
  const words = sources.flatMap(({ name, role, bytes }) => [name, role, bytes.length]);
  const header = encoder.encode([form, redact ? 1 : 0, shell, only ?? "", ...words].join("\0"));
  const length = 4 + header.length + sources.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const room = core.ssh_why_alloc(length);
  const memory = new Uint8Array(core.memory.buffer, room, length);
  new DataView(core.memory.buffer).setUint32(room, header.length, true);
  memory.set(header, 4);
  let at = 4 + header.length;
  for (const { bytes } of sources) {
    memory.set(bytes, at);
    at += bytes.length;
  }
  const answer = core.ssh_why_run(room, length);
  core.ssh_why_free(room, length);
  // Memory may have grown, and then the old views are void.
  const size = new DataView(core.memory.buffer).getUint32(answer, true);
  const text = decoder.decode(new Uint8Array(core.memory.buffer, answer + 4, size));
  core.ssh_why_free(answer, 4 + size);
  return text;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Says something below the form; `unseen` where it stands in the report, too. */
function say(text, unseen = false) {
  $("said").textContent = text;
  $("said").className = unseen ? "unseen" : "";
}

/** A file's beginning as text, and whether that is the file itself, which may be changed then. */
function glance(bytes) {
  const [one, two] = bytes;
  const name = one === 0xff && two === 0xfe ? "utf-16le" : one === 0xfe && two === 0xff ? "utf-16be" : "utf-8";
  const text = new TextDecoder(name).decode(bytes.subarray(0, SHOWN));
  const back = bytes.length > SHOWN ? [] : encoder.encode(text);
  return { text, whole: back.length === bytes.length && back.every((byte, at) => byte === bytes[at]) };
}

/** One more log: pasted, or a file's bytes as they are. */
function addLog(name, bytes) {
  const legend = element("legend");
  const role = element("select", {}, ...ROLES.map(([value, text]) => element("option", { value, textContent: text })));
  const text = element("textarea", { spellcheck: false, autocapitalize: "off", placeholder: "OpenSSH_9.6p1 …" });
  const remove = element("button", { type: "button", textContent: "Remove" });
  const hint = element("p", { className: "hint" });
  const set = element("fieldset", { className: "log" }, legend);
  set.append(element("p", { className: "row" }, element("label", { textContent: "Whose: " }, role), remove), hint, text);
  set.number = (number) => {
    legend.textContent = name ? `Log ${number}: ${name}` : `Log ${number}`;
    text.setAttribute("aria-label", `Text of log ${number}`);
    remove.setAttribute("aria-label", `Remove log ${number}`);
    set.called = name ?? `log${number}`;
  };
  set.read = () => ({ name: set.called, role: role.value, bytes: bytes ?? encoder.encode(text.value) });
  if (bytes) {
    const seen = glance(bytes);
    text.value = seen.text;
    text.readOnly = !seen.whole;
    if (!seen.whole) hint.textContent = `The whole file is read, ${size(bytes.length)}. What is shown of it here can't be changed.`;
    text.addEventListener("input", () => { bytes = null; });
  }
  remove.addEventListener("click", () => {
    set.remove();
    if ($("logs").children.length === 0) addLog();
    number();
    $("logs").querySelector("textarea").focus();
    if (logs().length > 0) {
      if (shown) explain();
    } else {
      clear();
      say("The log was removed.");
    }
  });
  $("logs").append(set);
  number();
  return text;
}

function number() {
  [...$("logs").children].forEach((set, at) => set.number(at + 1));
}

function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What is in a file; of one that gzip has packed, what it was, within the program's limits. */
async function contents(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length > 2 ** 26 && length > 100 * bytes.length) throw new Error("it unpacks to more than 100 times its size");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function take(files) {
  const wrong = [];
  for (const file of files) {
    try {
      const bytes = await contents(file);
      if (bytes.length === 0) throw new Error("it is empty");
      [...$("logs").children].filter((set) => set.read().bytes.length === 0).forEach((set) => set.remove());
      addLog(file.name, bytes);
    } catch (error) {
      wrong.push(`${file.name} can't be read: ${error.message}.`);
    }
  }
  if (wrong.length < files.length) await explain(true);
  if (wrong.length > 0) say(wrong.join(" "));
}

function logs() {
  return [...$("logs").children].map((set) => set.read()).filter(({ bytes }) => bytes.length > 0);
}

/** No report is shown. */
function clear() {
  shown = null;
  document.body.classList.remove("answered");
  $("answer").hidden = $("skip").hidden = true;
}

/** Shows the report on what is there now; `go` where that is what was asked for, so that it is to be seen. */
async function explain(go = false) {
  await started;
  const sources = logs();
  if (sources.length === 0) {
    clear();
    say("There is no log yet: paste one above.");
    return;
  }
  const length = sources.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (length > LONG) {
    say(`Reading ${size(length)} …`);
    await new Promise((then) => setTimeout(then, 50));
  }
  shown = { sources, redact: $("redact").checked, shell: $("shell").value };
  try {
    const report = ask("html", sources, shown.redact, shown.shell);
    document.body.classList.add("answered");
    $("answer").hidden = $("skip").hidden = false;
    await new Promise((then) => {
      $("report").addEventListener("load", then, { once: true });
      $("report").srcdoc = report;
    });
    if (go) $("answer").scrollIntoView();
  } catch (error) {
    // What has failed may hold anything: the next log gets a new core.
    clear();
    say(`This log is too much for the page (${error.message}). The program ssh-why reads it.`);
    started = start();
  }
}

function save(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  explain(true);
});
document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files ?? [];
  if (files.length > 0) {
    event.preventDefault();
    take(files);
  } else if (event.target.tagName === "TEXTAREA") {
    setTimeout(() => explain(true));
  } else {
    const text = event.clipboardData?.getData("text");
    if (!text) return;
    const empty = [...$("logs").querySelectorAll("textarea")].find((area) => area.value === "");
    (empty ?? addLog()).value = text;
    explain(true);
  }
});
// What is asked anew as soon as it is another question.
$("form").addEventListener("change", ({ target }) => {
  if (shown && (target.tagName === "SELECT" || target.id === "redact")) explain();
});
$("add").addEventListener("click", () => addLog().focus());
$("files").addEventListener("change", async ({ target }) => {
  await take([...target.files]);
  // The same file may be opened again.
  target.value = "";
});
$("copy").addEventListener("click", async () => {
  const text = ask("markdown", shown.sources, shown.redact, shown.shell);
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    // A page that was opened as a file may not be allowed to.
    save("ssh-why.md", text, "text/markdown");
    say("The browser does not let this page copy, so it was saved as a file.");
  }
});
$("save").addEventListener("click", () => save("ssh-why.html", ask("html", shown.sources, shown.redact, shown.shell), "text/html"));
$("share").addEventListener("click", () => shown.sources.forEach((_, only) => {
  save(`shared${only + 1}.log`, ask("redact", shown.sources, true, shown.shell, only), "text/plain");
}));
// Text that is dragged goes where it is dropped.
const holdsFiles = (event) => event.dataTransfer.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  document.body.classList.remove("dropping");
  take([...event.dataTransfer.files]);
});

/** As high as what it holds, so that nothing scrolls inside of what scrolls. */
function fit() {
  const shownIn = $("report").contentDocument?.documentElement;
  if (shownIn) $("report").style.height = `${Math.ceil(shownIn.getBoundingClientRect().height) + 2}px`;
}

addEventListener("resize", fit);
$("report").addEventListener("load", ({ target }) => {
  fit();
  // A fold that opens makes it higher.
  target.contentDocument.addEventListener("toggle", fit, true);
  // What is in a frame without an address of its own can't lead to a part of itself.
  target.contentDocument.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    const line = target.contentDocument.getElementById(link.getAttribute("href").slice(1));
    line.tabIndex = -1;
    line.focus();
  });
  const verdict = target.contentDocument.querySelector(".verdict");
  if (verdict) {
    const [summary, cause] = ["h1", ".cause code"].map((part) => verdict.querySelector(part).textContent);
    say(`${cause}: ${summary}`, true);
  }
});

addLog();
started = start();
started.catch((error) => say(`This browser can't run the page: ${error.message}`));
