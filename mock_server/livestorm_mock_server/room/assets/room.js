/* The room: its views, its filter, and what it remembers in its address. */

const VIEWS = { journal: "Journal", sequence: "Sequence", tokens: "Tokens", faults: "Faults", setup: "Setup", audit: "Audit" };
const UNDER_WAY = 100; /* Exchanges that may be answered after one with a higher number. */
const OWN = location.pathname.replace(/\/*$/, "/");
const FRAGMENT = new URLSearchParams(location.hash.slice(1));

function readAddress() {
  const query = new URLSearchParams(location.search);
  const view = query.get("view");
  const number = (name) => (/^\d{1,15}$/.test(query.get(name) || "") ? Number(query.get(name)) : null);
  return { view: Object.hasOwn(VIEWS, view || "") ? view : "journal", filter: query.get("filter") || "", seq: number("seq"), family: number("family") };
}

function writeAddress({ view, filter, seq, family }) {
  const query = new URLSearchParams();
  if (view !== "journal") query.set("view", view);
  if (filter) query.set("filter", filter);
  if (seq !== null) query.set("seq", seq);
  if (family !== null && view === "tokens") query.set("family", family);
  const text = query.toString();
  return location.pathname + (text ? `?${text}` : "") + location.hash;
}

/* The filter: a text, and what it could go on with. */
function Filter({ value, set, exchanges }) {
  const [isOpen, open] = useState(false);
  const [at, setAt] = useState(-1);
  const listed = isOpen ? suggestionsFor(value, exchanges.all) : [];
  const take = (text) => {
    set(/:$/.test(text) ? text : `${text} `);
    setAt(-1);
  };
  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && isOpen) open(false);
    else if (event.key === "Enter" && listed[at]) take(listed[at]);
    else if (step) {
      open(true);
      setAt(Math.max(-1, Math.min(listed.length - 1, at + step)));
    } else return;
    event.preventDefault();
  };
  const change = (event) => {
    set(event.target.value);
    open(true);
    setAt(-1);
  };
  return html`<div class="filter"><label for="filter">Filter</label>
    <input id="filter" type="text" role="combobox" aria-expanded=${String(listed.length > 0)} aria-controls="suggestions" aria-autocomplete="list"
      aria-activedescendant=${listed[at] ? `suggestion-${at}` : undefined} placeholder="endpoint:token status:4xx client:abc fault:* text:\u2026" spellcheck=${false} autocomplete="off"
      value=${value} onInput=${change} onKeyDown=${press} onFocus=${() => open(true)} onBlur=${() => open(false)} />
    <ul id="suggestions" role="listbox" aria-label="Suggestions" hidden=${!listed.length}>${listed.map((it, index) => html`<li key=${it} id=${`suggestion-${index}`} role="option" aria-selected=${String(index === at)}
      onMouseDown=${(event) => { event.preventDefault(); take(it); }}>${visible(it)}</li>`)}</ul>
    ${value && html`<button type="button" class="quiet" onClick=${() => set("")}>Clear filter</button>`}
  </div>`;
}

/* Tell screen readers what came: each exchange once, and at most once a second. */
class Announcer {
  constructor(say) {
    Object.assign(this, { say, waiting: [], isListening: false });
    setInterval(() => this.flush(), 1000);
  }

  add(came) {
    if (this.isListening) this.waiting.push(...came); /* What was there before is not new. */
  }

  flush() {
    const came = this.waiting;
    this.waiting = [];
    if (came.length) {
      this.say(came.length === 1 ? sayExchange(came[0]) : `${plural(came.length, "new exchange")}, the last: ${sayExchange(came.at(-1))}`);
    }
  }
}

class Room {
  constructor(server, draw) {
    Object.assign(this, { server, draw, exchanges: new Exchanges(), stamp: 0, clock: null, state: "opening", error: null });
    Object.assign(this, { searchedTo: 0, searching: null, searches: 0, acted: 0, action: null, told: null, heard: "", isOpening: false, place: readAddress(), isWaiting: false });
    this.announcer = new Announcer((text) => this.change({ heard: text }));
    addEventListener("popstate", () => this.go(readAddress()));
    if (server.live) setInterval(() => document.hidden || this.refresh(), 3000);
  }

  /* Draw anew, once for all that happens before the next frame. */
  change(changes) {
    Object.assign(this, changes);
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.draw();
    });
  }

  start() {
    this.filter();
    this.refresh();
    this.server.follow((came) => this.take(came), (state, error) => {
      this.announcer.isListening ||= state === "live";
      this.change({ state, error });
    });
  }

  take(came) {
    this.announcer.add(this.exchanges.add(came));
    if (this.exchanges.terms.some((it) => it.key === "text")) this.search();
    this.refreshSoon();
    this.change({});
  }

  refreshSoon() {
    this.soon = this.soon || setTimeout(() => this.refresh(), this.server.live ? 300 : 0);
  }

  async refresh() {
    clearTimeout(this.soon);
    this.soon = null;
    try {
      const { now, frozen } = await this.server.get("clock");
      this.clock = { now, frozen, read: performance.now() };
    } catch (error) {
      if (error.status === 401) return this.change({ state: "refused", error });
    }
    return this.change({ stamp: this.stamp + 1 });
  }

  now() {
    const { clock } = this;
    if (!clock) return Date.now() / 1000;
    const stands = clock.frozen || !this.server.live;
    return stands ? clock.now : clock.now + (performance.now() - clock.read) / 1000;
  }

  show(changes) {
    const isOther = "view" in changes && changes.view !== this.place.view;
    const place = { ...this.place, ...changes };
    history[isOther ? "pushState" : "replaceState"](null, "", writeAddress(place));
    this.go(place);
  }

  go(place) {
    const isOther = place.filter !== this.place.filter;
    this.place = place;
    if (isOther) this.filter();
    this.change({});
  }

  filter() {
    this.searchedTo = 0;
    this.exchanges.filter(readFilter(this.place.filter), new Map());
    if (this.exchanges.terms.some((it) => it.key === "text")) this.search();
  }

  /* Texts of headers and bodies are looked for by the fake. */
  search() {
    this.searching = this.searching || setTimeout(async () => {
      this.searching = null;
      this.searches += 1;
      const { terms, found, all } = this.exchanges;
      const since = this.searchedTo;
      this.searchedTo = Math.max(0, (all.at(-1)?.seq ?? 0) - UNDER_WAY);
      for (const { value } of terms.filter((it) => it.key === "text" && it.value)) {
        const path = `journal/brief?since=${since}&text=${encodeURIComponent(value)}`;
        const told = await this.server.get(path).catch(() => ({ exchanges: [] }));
        found.set(value, new Set([...(found.get(value) || []), ...told.exchanges.map((it) => it.seq)]));
      }
      if (this.exchanges.terms === terms) this.exchanges.filter(terms, found);
      this.searches -= 1;
      this.change({});
    }, 200);
  }

  explain(action) {
    this.change({ action });
  }

  tell(text, isRefused) {
    this.change({ told: { text, isRefused } });
  }

  async act(action) {
    this.change({ action, told: { text: `${action.name}\u2026`, isRefused: false } });
    try {
      const answer = await this.server.ask(action.method, action.path, action.body);
      const told = answer && typeof answer === "object" ? cut(JSON.stringify(answer), 160) : "";
      this.tell(`${action.name}: done. ${told}`, false);
      if (action.path === "reset" || action.path === "scenario") this.exchanges.clear();
      if (action.method === "DELETE" && action.path === "journal") this.exchanges.clear();
    } catch (error) {
      this.tell(`${action.name}: ${error.message}`, true);
    }
    this.acted += 1;
    await this.refresh();
  }

  async save() {
    const page = await this.server.get("journal/html");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([page], { type: "text/html" }));
    link.download = "livestorm-mock.html";
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

const STATES = { opening: "connecting", live: "live", lost: "connection lost, trying again", refused: "refused", file: "a file" };

function Head({ room }) {
  const now = useNow(room);
  const { server, clock, state } = room;
  return html`<header><h1>livestorm-mock <span>control room</span></h1>
    <span class=${`state ${state}`} role="status">${STATES[state]}</span>
    <span class="now"><span class="label">Virtual time</span> ${dateOf(now)}${clock && clock.frozen ? " frozen" : ""}</span>
    ${server.live && html`<span class="tools"><${Action} room=${room} action=${advance("+1 h", 3600, "+1 h: advance the clock")} />
      <${Action} room=${room} action=${remove("Clear", "journal", "livestorm.journal.clear()", "Clear the journal")} />
      <${Copy} label="Copy link" text=${location.origin + writeAddress(room.place).split("#")[0]} />
      <button type="button" class="quiet" onClick=${() => room.save()}>Save as a file</button></span>`}
  </header>`;
}

function Nav({ room }) {
  const go = (event, view) => {
    event.preventDefault();
    room.show({ view });
  };
  return html`<nav aria-label="Views">${Object.entries(VIEWS).map(([view, label]) => html`<a key=${view} href=${writeAddress({ ...room.place, view })} aria-current=${room.place.view === view ? "page" : undefined} onClick=${(event) => go(event, view)}>${label}</a>`)}</nav>`;
}

function AskForToken({ room }) {
  const [token, setToken] = useState("");
  const submit = (event) => {
    event.preventDefault();
    location.hash = `token=${encodeURIComponent(token)}`;
    location.reload();
  };
  return html`<main class="ask"><h1>livestorm-mock <span>control room</span></h1><form onSubmit=${submit}>
    <p>The control API wants the token that <code>serve</code> printed.</p>
    <label for="token">Control token</label>
    <input id="token" type="password" autocomplete="off" value=${token} onInput=${(event) => setToken(event.target.value)} />
    <button type="submit">Enter</button></form></main>`;
}

function sayEmpty({ exchanges, state, searching, searches }) {
  if (!exchanges.all.length) return state === "opening" ? "Loading" : "No exchange yet. Point a client here, and it shows at once.";
  return searching || searches ? "Searching the headers and bodies." : "No exchange passes the filter.";
}

function App({ room }) {
  const { place, exchanges } = room;
  const choose = (seq) => room.show({ seq });
  const isJournal = place.view === "journal" || place.view === "sequence";
  if (room.state === "refused") return html`<${AskForToken} room=${room} />`;
  return html`<${Head} room=${room} /><${Nav} room=${room} />
    ${isJournal && html`<div class="bar" role="search"><${Filter} value=${place.filter} set=${(filter) => room.show({ filter })} exchanges=${exchanges} />
      <span class="count">${grouped(exchanges.shown.length)} of ${plural(exchanges.all.length, "exchange")}${room.server.leftOff > 0 && `; ${grouped(room.server.leftOff)} older ones are left off`}</span></div>`}
    <main class=${place.seq === null ? "" : "split"}>
      <div class="pane" key=${place.view} data-view=${place.view}>
        ${isJournal && !exchanges.shown.length && html`<p class="empty" role="status">${sayEmpty(room)}</p>`}
        ${place.view === "journal" && html`<${List} exchanges=${exchanges} seq=${place.seq} choose=${choose} open=${(seq) => { room.isOpening = true; choose(seq); }} />`}
        ${place.view === "sequence" && html`<${Sequence} exchanges=${exchanges} seq=${place.seq} choose=${choose} />`}
        ${place.view === "tokens" && html`<${Tokens} room=${room} choose=${choose} family=${place.family} />`}
        ${place.view === "faults" && html`<${Faults} room=${room} />`}
        ${place.view === "setup" && html`<${Setup} room=${room} />`}
        ${place.view === "audit" && html`<${Audit} room=${room} choose=${choose} />`}
      </div>
      ${place.seq !== null && html`<${Detail} room=${room} key=${place.seq} seq=${place.seq} choose=${choose} close=${() => { room.show({ seq: null }); requestAnimationFrame(() => document.querySelector(".list, .sequence")?.focus()); }} />`}
    </main>
    <${Explained} room=${room} action=${room.action} told=${room.told} />
    <div class="hidden" role="log" aria-live="polite" aria-label="New exchanges">${room.heard}</div>`;
}

function begin() {
  const told = JSON.parse(document.getElementById("told").textContent);
  const server = told ? new Told(told) : new Server(OWN, FRAGMENT.get("token"));
  const place = document.getElementById("room");
  place.replaceChildren();
  const room = new Room(server, () => render(html`<${App} room=${room} />`, place));
  room.draw();
  room.start();
}

begin();
