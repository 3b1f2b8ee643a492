/* The newest exchanges, and those of them that a filter leaves. */

const MOST = 10_000;

class Exchanges {
  constructor() {
    this.all = [];
    this.shown = [];
    this.dropped = 0; /* Of `shown`, from its beginning, so far. */
    this.terms = [];
    this.found = new Map();
    this.version = 0;
  }

  /* Add what came; give what is new and shown. */
  add(came) {
    const last = this.all.at(-1);
    const isOfAnother = last && came.some((it) => it.seq <= last.seq && it.wall > last.wall);
    if (isOfAnother) this.clear(); /* The sandbox was reset: its numbers began anew. */
    const added = [];
    for (const one of came) {
      insert(this.all, one);
      if (matches(one, this.terms, this.found)) {
        insert(this.shown, one);
        added.push(one);
      }
    }
    this.forget();
    this.version += 1;
    return added;
  }

  forget() {
    const surplus = this.all.length - MOST;
    if (surplus <= 0) return;
    const oldest = this.all[surplus].seq;
    this.all.splice(0, surplus);
    const gone = this.shown.findIndex((it) => it.seq >= oldest);
    const count = gone < 0 ? this.shown.length : gone;
    this.shown.splice(0, count);
    this.dropped += count;
  }

  filter(terms, found) {
    Object.assign(this, { terms, found });
    this.shown = this.all.filter((it) => matches(it, terms, found));
    this.version += 1;
  }

  clear() {
    Object.assign(this, { all: [], shown: [] });
    this.version += 1;
  }
}

/* Put an exchange where its number belongs, near the end. */
function insert(list, one) {
  let at = list.length;
  while (at > 0 && list[at - 1].seq > one.seq) at -= 1;
  if (at > 0 && list[at - 1].seq === one.seq) list[at - 1] = one;
  else list.splice(at, 0, one);
}
