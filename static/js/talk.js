// Saves a talk as it is typed. What is not saved yet stays in this page's memory and nowhere else: the device may be shared.
// One save at a time, each with a rising number, so that an older one that arrives late undoes nothing. The page works without this.

const PAUSE = 900; // milliseconds after the last key
const PATIENCE = 12000; // for an answer
const TRIES = [2000, 4000, 8000, 15000]; // between two tries

const form = document.querySelector("[data-talk]");
const guarded = document.querySelector("[data-guard]");
if (form) new Talk(form);
if (guarded) guard(guarded);

function Talk(form) {
  const texts = JSON.parse(document.getElementById("talk-texts").textContent);
  const status = form.querySelector("[data-status]");
  const fields = form.elements;
  const dirty = new Map(); // question: how often it changed since it was saved
  const apart = new Map(); // question: what another screen has, until somebody chooses
  const wrong = new Set(); // questions that cannot be saved as they are
  let sent = 0;
  let tries = 0;
  let busy = null;
  let waiting;
  let leaving = false;
  let refused = false;
  // A number of its own, however the browser came by this page
  fields.screen.value = String(1 + crypto.getRandomValues(new Uint32Array(1))[0] % 2147483646);

  const box = (name) => form.querySelector(`[data-question="${name}"]`);
  const say = (key) => {
    if (status.textContent !== texts[key]) status.textContent = texts[key];
    status.dataset.state = key;
  };
  const ready = () => [...dirty.keys()].filter((name) => !apart.has(name) && !wrong.has(name));
  const later = (wait) => {
    clearTimeout(waiting);
    waiting = setTimeout(save, wait);
  };

  const changed = (event) => {
    const name = event.target.closest("[data-question]")?.dataset.question;
    if (!name || !event.target.name) return;
    dirty.set(name, (dirty.get(name) ?? 0) + 1);
    if (wrong.delete(name)) fault(name, "");
    if (refused) return;
    if (!tries) say("typing");
    later(event.type === "change" && event.target.type !== "textarea" ? 0 : PAUSE);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);

  function parts(names) {
    fields.sent.value = String((sent += 1));
    const data = new FormData(form);
    const own = (key) => key === "questions" || names.some((name) => key.startsWith(`${name}-`)) || !key.includes("-");
    for (const key of [...data.keys()]) if (!own(key)) data.delete(key);
    data.delete("questions");
    for (const name of names) data.append("questions", name);
    return data;
  }

  /** One save at a time; whoever calls while one runs waits for it, and then for what is left. */
  async function save() {
    clearTimeout(waiting);
    if (busy) return busy.then(save);
    const names = ready();
    if (!names.length || refused) return undefined;
    busy = post(names).finally(() => (busy = null));
    await busy;
    if (!tries && ready().length) later(PAUSE);
    return undefined;
  }

  async function post(names) {
    const counts = new Map(names.map((name) => [name, dirty.get(name)]));
    if (!tries) say("saving");
    let answer;
    try {
      answer = await fetch(form.action || location.href, {
        method: "POST",
        body: parts(names),
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      return again("lost");
    }
    const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json().catch(() => null) : null;
    if (answer.status === 403 && told) return refuse();
    if (answer.type === "opaqueredirect" || answer.status === 403) return signedOut();
    if (answer.status === 422 && told) return faults(told.errors);
    if (!told || ![200, 409].includes(answer.status)) return again("lost");
    tries = 0;
    fields.revision.value = told.revision;
    for (const [name, count] of counts) if (!told.others[name] && dirty.get(name) === count) dirty.delete(name);
    for (const [name, other] of Object.entries(told.others)) show(name, other);
    return tell();
  }

  function tell() {
    say(apart.size ? "two" : wrong.size ? "wrong" : dirty.size ? "typing" : "saved");
  }

  function again(key) {
    say(key);
    later(TRIES[Math.min(tries, TRIES.length - 1)]);
    tries += 1;
  }

  /** Whoever signs in again on another tab has a new token: it stands in a new copy of this page. */
  async function signedOut() {
    again("out");
    const page = await fetch(location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (!page?.ok) return;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-talk] [name=csrfmiddlewaretoken]");
    if (!fresh) return;
    fields.csrfmiddlewaretoken.value = fresh.value;
    later(0);
  }

  function refuse() {
    refused = true;
    say("refused");
  }

  function faults(errors) {
    for (const [name, [words]] of Object.entries(errors)) {
      wrong.add(name);
      fault(name, words);
    }
    tell();
    if (ready().length) later(0);
  }

  function fault(name, words) {
    const line = box(name).querySelector("[data-error]");
    line.textContent = words;
    line.hidden = !words;
  }

  /** Both texts are in view; until one is chosen, this question waits. */
  function show(name, other) {
    apart.set(name, other);
    const note = box(name).querySelector("[data-other]");
    note.querySelector("[data-shown]").textContent = other.shown || "–";
    note.hidden = false;
    note.querySelector("[data-choose]").hidden = false;
  }

  form.addEventListener("click", (event) => {
    const name = event.target.closest("[data-question]")?.dataset.question;
    const take = event.target.closest("[data-take]");
    if (!name || !apart.has(name) || !(take || event.target.closest("[data-stay]"))) return;
    if (take) fill(name, apart.get(name));
    apart.delete(name);
    box(name).querySelector("[data-other]").hidden = true;
    box(name).querySelector("textarea").focus();
    dirty.set(name, (dirty.get(name) ?? 0) + 1);
    save();
  });

  function fill(name, { words, pictures, scale }) {
    for (const field of box(name).querySelectorAll("input:not([type=hidden])")) {
      field.checked = field.type === "checkbox" ? pictures.includes(field.value) : field.value === String(scale ?? "");
    }
    box(name).querySelector("textarea").value = words;
  }

  form.addEventListener("submit", async (event) => {
    if (refused || leaving) return;
    event.preventDefault();
    const on = event.submitter;
    await save();
    while (busy) await busy;
    if (!on || on.hasAttribute("data-save") || dirty.size) return;
    leaving = true;
    fields.sent.value = String((sent += 1));
    form.requestSubmit(on);
  });

  document.addEventListener("visibilitychange", () => document.hidden && save());
  addEventListener("online", () => tries && save());
  addEventListener("offline", () => dirty.size && say("lost"));
  addEventListener("beforeunload", (event) => dirty.size && !leaving && event.preventDefault());
  // What the browser typed back into the form after "back" counts as typed.
  addEventListener("pageshow", (event) => event.persisted && dirty.size && save());
}

/** A form that is saved by its button: nobody leaves it by mistake. */
function guard(form) {
  let typed = false;
  form.addEventListener("input", () => (typed = true));
  form.addEventListener("submit", () => (typed = false));
  addEventListener("beforeunload", (event) => typed && event.preventDefault());
}
