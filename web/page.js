"use strict";
// The page: logs in, a report out. The core (core.js) is WebAssembly without imports; see src/lib.rs for what it takes.

const $ = (id) => document.getElementById(id);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ROLES = [["other", "let the log tell"], ["vcs", "git host, which takes the key"], ["ci", "the host that refuses it"]];

let core = null;
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

/** One more log: pasted, or a file's bytes as they are. */
function addLog(name, bytes) {
  const number = $("logs").children.length + 1;
  const set = element("fieldset", { className: "log" }, element("legend", { textContent: `Log ${number}` }));
  const role = element("select", {}, ...ROLES.map(([value, text]) => element("option", { value, textContent: text })));
  const text = element("textarea", { spellcheck: false, autocapitalize: "off", placeholder: "OpenSSH_9.6p1 …" });
  text.setAttribute("aria-label", `Text of log ${number}`);
  set.append(element("p", { className: "row" }, element("label", { textContent: "Whose: " }, role)), text);
  set.read = () => ({ name: set.name_ || `log${number}`, role: role.value, bytes: set.bytes || encoder.encode(text.value) });
  if (bytes) {
    set.name_ = name;
    set.bytes = bytes;
    text.value = decoder.decode(bytes.subarray(0, 100000));
    text.addEventListener("input", () => { set.bytes = null; });
  }
  $("logs").append(set);
  return text;
}

async function take(files) {
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    for (const set of $("logs").children) {
      if (set.read().bytes.length === 0) set.remove();
    }
    addLog(file.name, bytes);
  }
  explain();
}

function logs() {
  return [...$("logs").children].map((set) => set.read()).filter(({ bytes }) => bytes.length > 0);
}

function explain() {
  const sources = logs();
  if (sources.length === 0) {
    $("said").textContent = "There is no log yet: paste one above.";
    return;
  }
  shown = { sources, redact: $("redact").checked, shell: $("shell").value };
  try {
    $("report").srcdoc = ask("html", sources, shown.redact, shown.shell);
    $("answer").hidden = false;
  } catch (error) {
    // What has failed may hold anything: the next log gets a new core.
    $("answer").hidden = true;
    $("said").textContent = `This log is too much for the page (${error.message}). The program ssh-why reads it.`;
    start();
  }
}

function save(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  explain();
  $("said").scrollIntoView();
});
// What is asked anew as soon as it is another question.
$("form").addEventListener("paste", () => setTimeout(explain));
$("form").addEventListener("change", ({ target }) => {
  if (shown && (target.tagName === "SELECT" || target.id === "redact")) explain();
});
$("add").addEventListener("click", () => addLog().focus());
$("files").addEventListener("change", (event) => take(event.target.files));
$("copy").addEventListener("click", async () => {
  const text = ask("markdown", shown.sources, shown.redact, shown.shell);
  try {
    await navigator.clipboard.writeText(text);
    $("said").textContent = "Copied.";
  } catch {
    // A page that was opened as a file may not be allowed to.
    save("ssh-why.md", text, "text/markdown");
    $("said").textContent = "The browser does not let this page copy, so it was saved as a file.";
  }
});
$("save").addEventListener("click", () => save("ssh-why.html", ask("html", shown.sources, shown.redact, shown.shell), "text/html"));
$("share").addEventListener("click", () => shown.sources.forEach((_, only) => {
  save(`shared${only + 1}.log`, ask("redact", shown.sources, true, shown.shell, only), "text/plain");
}));
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  take(event.dataTransfer.files);
});

/** As high as what it holds, so that nothing scrolls inside of what scrolls. */
function fit() {
  const report = $("report");
  report.style.height = 0;
  report.style.height = `${report.contentDocument.documentElement.scrollHeight + 2}px`;
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
    $("said").textContent = `${cause}: ${summary}`;
  }
});

addLog();
start().catch((error) => { $("said").textContent = `This browser can't run the page: ${error.message}`; });
