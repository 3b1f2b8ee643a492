/* The control API as the room uses it; a page that is a file has all that it needs in itself. */

const ALIVE = 40_000; /* Milliseconds after which a stream that is silent is given up. */

class Refusal extends Error {}

/* A browser has six connections to a host, for all tabs: one that nobody sees must not keep one. */
const seen = () => new Promise((done) => {
  if (!document.hidden) return done();
  const look = () => document.hidden || (document.removeEventListener("visibilitychange", look), done());
  return document.addEventListener("visibilitychange", look);
});

class Server {
  constructor(base, token) {
    this.live = true;
    this.leftOff = 0;
    this.base = base;
    this.token = /^[!-~]+$/.test(token || "") ? token : null; /* What no header can hold is none. */
  }

  headers(more = {}) {
    return this.token ? { Authorization: `Bearer ${this.token}`, ...more } : more;
  }

  async ask(method, path, body) {
    const options = { method, headers: this.headers(), cache: "no-store" };
    if (body !== undefined) {
      options.headers = this.headers({ "Content-Type": "application/json" });
      options.body = JSON.stringify(body);
    }
    const answer = await fetch(this.base + path, options);
    const text = await answer.text();
    const isJSON = (answer.headers.get("Content-Type") || "").includes("json");
    const told = isJSON && text ? JSON.parse(text) : text;
    if (!answer.ok) throw Object.assign(new Refusal(told.error || text.slice(0, 200)), { status: answer.status });
    return told;
  }

  get(path) {
    return this.ask("GET", path);
  }

  async exchange(seq) {
    return (await this.get(`journal?seq=${seq}`)).exchanges[0];
  }

  /* Tell of exchanges as they come, for ever: each failure is followed by another attempt. */
  async follow(take, tell) {
    let last = "0";
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      await seen();
      const given = new AbortController();
      const hide = () => document.hidden && given.abort();
      document.addEventListener("visibilitychange", hide);
      try {
        const headers = this.headers({ "Last-Event-ID": last });
        const options = { headers, signal: given.signal, cache: "no-store" };
        const answer = await fetch(`${this.base}journal/stream?brief=true`, options);
        if (!answer.ok) throw Object.assign(new Refusal(`the stream is refused with ${answer.status}`), { status: answer.status });
        pause = 250;
        await this.read(answer.body, given, (id, exchanges) => {
          last = id;
          take(exchanges);
        }, () => tell("live", null));
      } catch (error) {
        if (error.status === 401) return tell("refused", error);
      }
      given.abort();
      document.removeEventListener("visibilitychange", hide);
      if (document.hidden) continue;
      tell("lost", null);
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  /* `isCurrent` is called where all is taken that there was. */
  async read(body, given, take, isCurrent) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const silence = setTimeout(() => given.abort(), ALIVE);
      const { value, done } = await reader.read();
      clearTimeout(silence);
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      const events = parts.map((it) => it.match(/^id: (\d+)\nevent: exchange\ndata: (.*)$/)).filter(Boolean);
      if (events.length) take(events.at(-1)[1], events.map((it) => JSON.parse(it[2])));
      if (parts.includes(": current")) isCurrent();
    }
  }
}

/* The same for what was written into the page. */
class Told {
  constructor(told) {
    this.live = false;
    this.leftOff = told.left_off;
    this.base = "";
    this.told = told;
  }

  async get(path) {
    const [name, query] = path.split("?");
    if (name !== "journal/brief") return this.told[name];
    const text = new URLSearchParams(query).get("text").toLowerCase();
    const found = this.told.exchanges.filter((it) => JSON.stringify(it).toLowerCase().includes(text));
    return { exchanges: found.map(briefOf) };
  }

  async exchange(seq) {
    return this.told.exchanges.find((it) => it.seq === seq);
  }

  async follow(take, tell) {
    tell("file", null);
    take(this.told.exchanges.map(briefOf));
  }
}
