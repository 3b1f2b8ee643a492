/* The families of tokens as trees: code, pairs, what used them and what ended them. */

function Tokens({ room, choose, family }) {
  const told = useTold(room, "tokens");
  const now = useNow(room);
  const aimed = useRef(null);
  useEffect(() => {
    if (aimed.current) aimed.current.scrollIntoView({ block: "start" });
  }, [told === null, family]);
  if (!told) return html`<p class="empty loading">Loading</p>`;
  const { families, codes, left_off: leftOff } = told;
  return html`<div class="tokens">
    ${!families.length && !codes.length && html`<p class="empty">Nobody has a token yet. <${Action} room=${room} action=${MINT} /></p>`}
    ${families.map((it) => html`<section key=${it.id} ref=${it.id === family ? aimed : null} class=${it.id === family ? "aimed" : ""} aria-label=${`Family ${it.id}`}>
      <h2>Family ${it.id}: <bdi>${visible(cut(it.client_name, 60))}</bdi> <small><bdi>${visible(it.user || "no user")}</bdi>, <bdi>${visible(it.client_id)}</bdi></small></h2>
      <ul class="tree">${it.code
        ? html`<li><${CodeCard} room=${room} code=${it.code} now=${now} choose=${choose} />
          <ul>${branches(it.pairs, null, { room, now, choose })}</ul></li>`
        : branches(it.pairs, null, { room, now, choose })}</ul>
    </section>`)}
    ${codes.length > 0 && html`<section aria-label="Codes without tokens"><h2>Codes without tokens</h2>
      <ul class="tree">${codes.map((it) => html`<li key=${it.code}><${CodeCard} room=${room} code=${it} now=${now} choose=${choose} /></li>`)}</ul></section>`}
    ${leftOff > 0 && html`<p class="hint">${plural(leftOff, "older family")} are left off.</p>`}
  </div>`;
}

const MINT = post("Issue a pair", "tokens", {}, "livestorm.issue_tokens()");

/* The virtual time, anew each second. */
function useNow(room) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((it) => it + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return room.now();
}

/* Pairs whose parent is known hang below it; those of a generation that is forgotten are roots. */
function branches(pairs, parent, given) {
  const ids = new Set(pairs.map((it) => it.id));
  const isChild = (it) => (parent === null ? !ids.has(it.refreshed_from) || it.refreshed_from === it.id : it.refreshed_from === parent && it.id !== parent);
  return pairs.filter(isChild).map((it) => {
    const below = branches(pairs, it.id, given);
    return html`<li key=${it.id}><${PairCard} pair=${it} ...${given} />${below.length > 0 && html`<ul>${below}</ul>`}</li>`;
  });
}

function Badge({ state, children }) {
  return html`<span class=${`badge ${state}`}>${children}</span>`;
}

function Countdown({ state, at, now }) {
  if (at === null) return html`<span class="left">never expires</span>`;
  if (state === "revoked" || state === "used") return null;
  return html`<span class="left">${now > at ? `expired ${spanOf(now - at)} ago` : `expires in ${spanOf(at - now)}`}</span>`;
}

function Uses({ label, uses, choose }) {
  const [stale, good] = [uses.filter((it) => it.stale), uses.filter((it) => !it.stale)];
  return html`${good.length > 0 && html`<span> ${label} by ${good.map((it) => html`<${Seq} key=${it.seq} seq=${it.seq} choose=${choose} />`)}</span>`}
    ${stale.length > 0 && html`<span class="stale">${" \u26A0\u00A0stale use by "}${stale.map((it) => html`<${Seq} key=${it.seq} seq=${it.seq} choose=${choose} marks="stale" />`)}</span>`}`;
}

function CodeCard({ room, code, now, choose }) {
  const state = code.state === "good" && now > code.expires_at ? "expired" : code.state;
  return html`<div class=${`card ${state}`}>
    <strong>Code</strong> <code>${visible(cut(code.code, 12))}</code> <${Badge} state=${state}>${state}<//> ${state === "good" && html`<${Countdown} state=${state} at=${code.expires_at} now=${now} />`}
    <div class="by">${code.issued_by && html`issued by <${Seq} seq=${code.issued_by} choose=${choose} />`}<${Uses} label=" \u00B7 sent" uses=${code.uses} choose=${choose} /></div>
    ${state === "good" && html`<div class="actions"><${Moves} room=${room} at=${code.expires_at} of="this code" /></div>`}
  </div>`;
}

function Moves({ room, at, of }) {
  return html`<${Action} room=${room} action=${setClock("Just before expiry", at - 1, `Just before expiry of ${of}`)} />
    <${Action} room=${room} action=${setClock("Just after expiry", at + 1, `Just after expiry of ${of}`)} />`;
}

const ENDINGS = { none: "no refresh token", good: "refresh: good", ending: "refresh: ending", revoked: "refresh: revoked" };

function isLostBy(room, seq) {
  const one = room.exchanges.all.find((it) => it.seq === seq);
  return one !== undefined && isLost(one);
}

function PairCard({ room, pair, now, choose }) {
  const isOver = pair.access_state === "good" && pair.expires_at !== null && now > pair.expires_at;
  const state = isOver ? "expired" : pair.access_state;
  const name = `pair ${pair.id}`;
  const isStale = pair.uses.some((it) => it.stale);
  return html`<div class=${`card ${state} ${isStale ? "has-stale" : ""}`}>
    <strong>Pair ${pair.id}</strong> <small>generation ${pair.generation}</small> <code>${visible(cut(pair.access_token, 12))}</code> <${Badge} state=${state}>access: ${state}<//> <${Countdown} state=${pair.access_state} at=${pair.expires_at} now=${now} /> <${Badge} state=${pair.refresh_state}>${ENDINGS[pair.refresh_state]}<//>
    <div class="by">${pair.issued_by ? html`issued by <${Seq} seq=${pair.issued_by} choose=${choose} />${isLostBy(room, pair.issued_by) && html` <b class="fault">${"\u26A1 whose answer was lost"}</b>`}` : "issued without an exchange"}<${Uses} label=" \u00B7 sent" uses=${pair.uses} choose=${choose} />${pair.ended_by && html` \u00B7 ended by <${Seq} seq=${pair.ended_by} choose=${choose} />`}</div>
    ${pair.access_state !== "revoked" && html`<div class="actions">
      ${state === "good" && html`<${Action} room=${room} action=${post("Expire", "tokens/expire", { token: pair.access_token }, `livestorm.expire_token(${python(pair.access_token)})`, `Expire ${name}`)} />`}
      <${Action} room=${room} danger action=${post("Revoke", "tokens/revoke", { token: pair.access_token }, `livestorm.revoke_token(${python(pair.access_token)})`, `Revoke ${name}`)} />
      ${state === "good" && pair.expires_at !== null && html`<${Moves} room=${room} at=${pair.expires_at} of=${name} />`}
    </div>`}
  </div>`;
}
