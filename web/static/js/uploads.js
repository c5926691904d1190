// Files sent piece by piece, in tus 1.0: <div data-uploads="address" data-into="id of the list that shows them">.
// After a cut connection an upload goes on where it stopped; after a reload, once the same file is chosen again.
const PIECE = 1 << 20;
const WAITS = [1000, 2000, 5000, 10000, 30000];

class Refused extends Error {}

for (const room of document.querySelectorAll("[data-uploads]")) offer(room);

function offer(room) {
  const form = room.closest("form");
  const field = room.querySelector("input[type=file]");
  const kind = () => room.querySelector("[name=kind]").value;
  let last = Promise.resolve();

  // One after another: each changes the claim, whose version the form must follow.
  const add = (files) => {
    for (const file of files) {
      const row = rowFor(room, file);
      const shows = kind();
      row.begin = () => { last = last.then(() => run(room, form, row, file, shows)); };
      row.begin();
    }
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do][value=attach]");
    if (!button || !field.files.length) return;
    event.preventDefault();
    add([...field.files]);
    field.value = "";
  });
  room.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    room.classList.add("attach--over");
  });
  room.addEventListener("dragleave", () => room.classList.remove("attach--over"));
  room.addEventListener("drop", (event) => {
    event.preventDefault();
    room.classList.remove("attach--over");
    add([...event.dataTransfer.files]);
  });
}

function rowFor(room, file) {
  const item = room.querySelector("template").content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(name);
  const row = { item, bar: part("progress"), said: part(".upload__said"), retry: part("[data-retry]"), stop: new AbortController() };
  part(".upload__name").textContent = file.name;
  part(".upload__size").textContent = file.size < 1e6 ? `${Math.ceil(file.size / 1e3)} kB` : `${(file.size / 1e6).toFixed(1)} MB`;
  row.said.textContent = room.dataset.waiting;
  row.bar.ariaLabel = file.name;
  part("[data-cancel]").addEventListener("click", () => {
    row.stop.abort();
    row.cancel?.();
    item.remove();
  });
  row.retry.addEventListener("click", () => (row.wake ?? row.begin)());
  room.querySelector(".uploads").append(item);
  return row;
}

// Bring one file there, however often the connection is cut. Whatever else goes wrong is told in its row.
async function run(room, form, row, file, kind) {
  for (let tries = 0; !row.stop.signal.aborted; tries += 1) {
    tell(row, room.dataset.going);
    try {
      const version = await bring(room, form, row, file, kind, () => { tries = 0; });
      await arrived(room, form, row, file, version);
      return;
    } catch (error) {
      if (row.stop.signal.aborted) return;
      if (error instanceof Refused) {
        tell(row, error.message || room.dataset.lost, true);
        return;
      }
      if (!(error instanceof TypeError)) throw error;
      tell(row, error.cause || room.dataset.cut, true);
      await pause(row, WAITS[Math.min(tries, WAITS.length - 1)]);
    }
  }
}

// Send what is missing of a file; return the version that its claim got by it. TypeError where the connection is cut.
async function bring(room, form, row, file, kind, got) {
  const key = ["upload", room.dataset.uploads, kind, file.name, file.size, file.lastModified].join(" ");
  const ask = async (method, address, headers, body) => {
    const signal = method === "DELETE" ? undefined : row.stop.signal;
    const token = form.elements.csrf_token.value;
    const all = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...headers };
    const answer = await fetch(address, { method, body, signal, headers: all, redirect: "manual" });
    if (answer.status >= 502) throw new TypeError("away", { cause: await wordsOf(answer) });
    return answer;
  };
  const number = (answer, name) => Number(answer.headers.get(name));
  const refuse = async (answer) => {
    localStorage.removeItem(key);
    throw new Refused(await wordsOf(answer));
  };
  let address = localStorage.getItem(key);
  let offset = 0;
  if (address) {
    const stands = await ask("HEAD", address);
    if (stands.ok) offset = number(stands, "Upload-Offset");
    else address = null;
  }
  if (!address) {
    const begun = await ask("POST", room.dataset.uploads, { "Upload-Length": file.size, "Upload-Metadata": metadata(file.name, kind) });
    if (!begun.ok) await refuse(begun);
    address = begun.headers.get("Location");
    localStorage.setItem(key, address);
  }
  row.cancel = () => {
    localStorage.removeItem(key);
    ask("DELETE", address).catch(() => {});
  };
  for (;;) {
    row.bar.value = offset / file.size;
    const headers = { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
    const answer = await ask("PATCH", address, headers, file.slice(offset, offset + PIECE));
    if (!answer.ok) await refuse(answer);
    got();
    offset = number(answer, "Upload-Offset");
    if (answer.headers.has("Claim-Version")) {
      localStorage.removeItem(key);
      return number(answer, "Claim-Version");
    }
  }
}

// Show what was attached. The form follows the claim's version only where nobody else changed it meanwhile.
async function arrived(room, form, row, file, version) {
  const seen = form.elements.version;
  if (Number(seen.value) === version - 1) seen.value = version;
  row.item.remove();
  room.querySelector(".uploads__done").textContent = room.dataset.done.replace("{name}", () => file.name);
  const answer = await fetch(location.pathname).catch(() => null);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = fresh && fresh.getElementById(room.dataset.into);
  if (!list) return;
  document.getElementById(room.dataset.into).replaceWith(document.adoptNode(list));
  offerToo(form, fresh.querySelector("select[data-files]"));
  form.dispatchEvent(new Event("input"));
}

// Let every field that chooses among files offer what a fresh page offers; what was chosen stays.
function offerToo(form, fresh) {
  for (const field of form.querySelectorAll("select[data-files]")) {
    const there = new Set([...field.options].map((option) => option.value));
    for (const option of fresh?.options ?? []) {
      if (!there.has(option.value)) field.add(new Option(option.text, option.value));
    }
  }
}

// What an answer says for people; other answers, such as a proxy's pages, are not for them.
async function wordsOf(answer) {
  return answer.headers.get("Content-Type")?.startsWith("text/plain") ? answer.text() : "";
}

function metadata(name, kind) {
  const coded = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
  return `filename ${coded(name)},kind ${coded(kind)}`;
}

function tell(row, words, wrong = false) {
  row.said.textContent = words;
  row.said.setAttribute("role", wrong ? "alert" : "status");
  row.said.classList.toggle("field__error", wrong);
  row.retry.hidden = !wrong;
}

function pause(row, wait) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wait);
    row.wake = () => { clearTimeout(timer); resolve(); };
  }).finally(() => { row.wake = null; });
}
