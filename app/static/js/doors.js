// The grid of doors, quicker: a tap answers at once, is sent in the background, and waits on the phone while there is no network.
// What waits is sent from the page of a round as well. Without this module the same forms work as forms.

const store = "essaimage:gestures";

const read = () => JSON.parse(localStorage.getItem(store) ?? "[]");
const write = (gestures) => localStorage.setItem(store, JSON.stringify(gestures));
const idOf = (gesture) => Object.fromEntries(gesture.fields).gesture;
const grid = () => document.getElementById("grille");
const place = () => grid()?.dataset.place ?? location.pathname;
const token = () => document.querySelector("[name=csrf_token]").value;

function newGesture() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// Said by a screen reader and seen by nobody. It stays in the page while the grid is replaced: what comes with its words is not read out.
const voice = document.createElement("p");
voice.className = "visually-hidden";
voice.setAttribute("role", "status");
document.body.append(voice);

let refused = 0;

// How many taps wait, and how many were not taken: none goes without a word.
function sayWaiting(count) {
  const note = document.getElementById("attente");
  if (!note) return;
  const said = [[count, note.dataset.waiting], [refused, note.dataset.refused]].filter(([number]) => number);
  note.hidden = said.length === 0;
  note.textContent = said.map(([number, text]) => `${number} · ${text}`).join(" ");
  if (said.length) voice.textContent = note.textContent;
}

// A door whose tap is still on its way looks tapped, on a grid that came before it arrived as well.
function markWaiting() {
  for (const { action, fields } of read()) {
    if (!action.startsWith(place())) continue;
    for (const [, value] of fields) grid()?.querySelector(`[data-door="${CSS.escape(value)}"]`)?.closest(".door").classList.add("sending", "none");
  }
}

// Where one stood: the same control; else one that does the same thing; else the way on in the same part, or what takes the last tap back.
function focusAgain(fresh, from) {
  const value = from.value || from.dataset.door;
  const kind = ["details", ".dock", ".floor"].find((each) => from.closest(each));
  const part = kind && fresh.querySelector(kind === ".floor" ? `[id="${from.closest(kind).id}"]` : kind);
  const can = (root) => [...(root?.querySelectorAll("button, summary, a[href]") ?? [])].filter((each) => each.checkVisibility?.() ?? true);
  const all = can(fresh);
  const again = all.find((each) => value && (each.value === value || each.dataset.door === value))
    ?? can(part).find((each) => from.name && each.name === from.name)
    ?? can(part).find((each) => each.matches("a, summary"))
    ?? all.find((each) => each.name === "undone") ?? all[0];
  again?.focus({ preventScroll: true });
}

// Put the server's grid in place of ours, keeping the reader's place and focus.
function show(html) {
  const from = document.activeElement;
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("grille");
  if (!fresh || !grid()) return;
  const stood = grid().contains(from);
  grid().replaceWith(fresh);
  if (stood) focusAgain(fresh, from);
  markWaiting();
  voice.textContent = fresh.dataset.said ?? "";
}

let sending = false;

// Send what waits, in order. A gesture keeps its id, so that sending it twice counts once.
async function send() {
  if (sending) return;
  sending = true;
  let sent = 0;
  // A network that is neither there nor gone: what hangs is said, then sent again.
  const hanging = setTimeout(() => sayWaiting(read().length), 5000);
  try {
    for (let waiting = read(); waiting.length; waiting = read()) {
      const [gesture] = waiting;
      const body = new URLSearchParams([...gesture.fields, ["csrf_token", token()]]);
      const answer = await fetch(gesture.action, { method: "POST", body, headers: { "X-Fragment": "grid" }, signal: patience() });
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      if (answer.status === 400) {
        // Signed in anew in another tab: this page's form token is of the former session. The tap is kept, the token fetched.
        const page = await fetch(place());
        if (page.redirected) {
          location.assign(page.url);
          return;
        }
        const whole = await page.text();
        const fresh = new DOMParser().parseFromString(whole, "text/html").querySelector("[name=csrf_token]");
        if (fresh) document.querySelectorAll("[name=csrf_token]").forEach((each) => (each.value = fresh.value));
        show(whole);
        throw new Error("token");
      }
      // Whole, before it is taken for sent: a network may go in the middle of an answer.
      const html = await answer.text();
      // By its id: another tab may be sending the same ones.
      write(read().filter((each) => idOf(each) !== idOf(gesture)));
      if (answer.redirected) {
        location.assign(answer.url);
        return;
      }
      sent += 1;
      const ours = grid() && gesture.action.startsWith(place());
      // What is wrong with a tap on this grid stands on the grid.
      if (ours && (answer.ok || answer.status === 422)) show(html);
      else if (!answer.ok) refused += 1;
    }
    if (!grid() && sent && !refused) return location.reload();
    sayWaiting(0);
  } catch {
    sayWaiting(read().length);
    setTimeout(send, 4000);
  } finally {
    clearTimeout(hanging);
    sending = false;
  }
}

function patience() {
  const control = new AbortController();
  setTimeout(() => control.abort(), 20000);
  return control.signal;
}

function later(form, button) {
  const door = button?.closest(".door") ?? document.querySelector(`[data-door="${button?.value}"]`)?.closest(".door");
  // The second tap of a trembling finger.
  if (door?.classList.contains("sending") && door.contains(button)) return;
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "gesture");
  if (button?.name) fields.push([button.name, button.value]);
  fields.push(["gesture", newGesture()]);
  write([...read(), { action: new URL(form.action).pathname, fields }]);
  door?.classList.add("sending", "none");
  send();
}

function ask(link) {
  const value = link.dataset.door;
  const dialog = document.createElement("dialog");
  dialog.className = "asked";
  const model = document.getElementById("question-modele");
  dialog.append(model.content.cloneNode(true));
  const title = dialog.querySelector("h2");
  title.id = "question-titre";
  dialog.setAttribute("aria-labelledby", title.id);
  title.textContent = title.textContent.replace("{door}", value.split("/")[1]);
  dialog.querySelectorAll("button[value]").forEach((each) => (each.value = value));
  dialog.addEventListener("close", () => { dialog.remove(); link.isConnected && link.focus(); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("[data-close]")) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const path = new URL(form.action).pathname;
  if (!/\/(portes|personne|rencontres|annulation)$/.test(path)) return;
  // First: on a phone that keeps nothing more the form is sent as a form.
  later(form, event.submitter);
  event.preventDefault();
  form.closest("dialog")?.close();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-door]");
  if (!link || event.ctrlKey || event.metaKey || !window.HTMLDialogElement?.prototype.showModal) return;
  event.preventDefault();
  ask(link);
});

addEventListener("online", send);
markWaiting();
if (read().length) send();
