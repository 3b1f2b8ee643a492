/* One exchange: what was asked, what was answered, and why. */

const REST = 10; /* How many times as long as it took. */

/* Ask the fake for something, and again when it may be another; what takes long is asked seldom. */
function useTold(room, path) {
  const [told, setTold] = useState(null);
  const rests = useRef(0); /* Until then it is not asked again. */
  const isGone = useRef(false);
  useEffect(() => () => {
    isGone.current = true;
  }, []);
  useEffect(() => {
    rests.current = 0;
  }, [room.acted]);
  useEffect(() => {
    const began = performance.now();
    if (began < rests.current) return;
    rests.current = Infinity;
    const ask = async () => {
      try {
        const it = await room.server.get(path);
        if (!isGone.current) setTold(it);
      } catch (error) {
        room.tell(error.message, true);
      }
      const ended = performance.now();
      rests.current = ended + REST * (ended - began);
    };
    ask();
  }, [path, room.stamp, room.server]);
  return told;
}

function Source({ reference, url }) {
  const isKnown = (url || "").startsWith(RFC);
  return isKnown ? html`<a href=${url} target="_blank" rel="noreferrer">${reference}</a>` : reference || "";
}

const linkOf = (reference) => {
  const [, rfc, section] = (reference || "").match(/^RFC (\d+), section ([\d.]+)$/) || [];
  return rfc && `${RFC}${rfc}#section-${section}`;
};

function Detail({ room, seq, choose, close }) {
  const [one, setOne] = useState(null);
  const title = useRef(null);
  useEffect(() => {
    let isOver = false;
    room.server.exchange(seq).then(
      (it) => isOver || setOne(it || false),
      (error) => isOver || room.tell(error.message, true),
    );
    return () => {
      isOver = true;
    };
  }, [seq]);
  useEffect(() => {
    if (!room.isOpening || !title.current) return;
    room.isOpening = false;
    title.current.focus();
  });
  const press = (event) => event.key === "Escape" && close();
  return html`<section class="detail" aria-label="Exchange" onKeyDown=${press}>
    <button type="button" class="quiet close" onClick=${close}>Close</button>
    ${one === null && html`<p class="empty loading">Loading</p>`}
    ${one === false && html`<p class="empty">The journal has no exchange ${seq}.</p>`}
    ${one && html`<${Whole} room=${room} one=${one} title=${title} choose=${choose} />`}
  </section>`;
}

function Whole({ room, one, title, choose }) {
  const brief = briefOf(one);
  return html`<h2 tabindex="-1" ref=${title}>
    <span class="seq">${one.seq}</span> ${one.request.method} <bdi>${visible(cut(pathOf(brief), 80))}</bdi> <span class=${`status s${brief.status === null ? 0 : String(brief.status)[0]}`}>${statusOf(brief)}</span></h2>
    <${Why} one=${one} brief=${brief} />
    <${Remarks} room=${room} seq=${one.seq} choose=${choose} />
    <dl class="facts">
      <dt>Endpoint</dt><dd>${one.endpoint || "none"}</dd>
      ${one.webhook
        ? html`<dt>Webhook</dt><dd><bdi>${visible(one.webhook.event)}</bdi> to <bdi>${visible(cut(one.webhook.url, 200))}</bdi>: delivery ${one.webhook.delivery}, attempt ${one.webhook.attempt}</dd>
            <dt>Sent for</dt><dd><bdi>${visible(one.webhook.cause)}</bdi></dd>`
        : html`<dt>Client</dt><dd><bdi>${visible(clientOf(one))}</bdi></dd>`}
      <dt>Virtual time</dt><dd>${dateOf(one.at)} UTC</dd>
      <dt>Took</dt><dd>${one.answered_at === null ? "not answered yet" : `${Math.max(0, (one.answered_at - one.wall) * 1000).toFixed(1)} ms`}</dd>
      <dt>Connection</dt><dd>${one.connection !== null ? one.connection : one.webhook ? "one of the fake's own" : "none: sent by a short cut"}</dd>
      ${one.tokens.length > 0 && html`<dt>Tokens</dt>
        <dd>${one.tokens.map((it) => html`<button type="button" class="link" key=${it.role + it.id} onClick=${() => room.show({ view: "tokens", family: it.family })}>${it.role} pair ${it.id}</button> `)}</dd>`}
    </dl>
    <${Copies} room=${room} one=${one} />
    <h3>Request</h3>
    <pre class="target"><bdi>${one.request.method} ${visible(one.request.target)}</bdi></pre>
    <${Parameters} values=${one.request.parameters} />
    <${Fields} headers=${one.request.headers} />
    <${Body} message=${one.request} />
    <h3>Answer</h3>
    ${one.response === null
      ? html`<p>Nothing was answered.</p>`
      : html`<${Parameters} values=${membersOf(one.response.body)} />
        <${Fields} headers=${one.response.headers} />
        <${Body} message=${one.response} />`}`;
}

function Why({ one, brief }) {
  return html`<div class=${`why ${isRefused(brief) ? "refused" : ""}`}>
    ${one.reason && html`<p><strong>${one.ground ? "Why refused: " : "Why: "}</strong><bdi>${sentence(one.reason)}</bdi></p>`}
    ${one.ground && html`<p>${coded(one.ground.sentence)} <${Source} ...${one.ground} /> <code>${one.ground.id}</code></p>`}
    ${one.fault && html`<p class="fault">${"\u26A1 "}<strong>${one.fault.fault}</strong> (${one.fault.id}) struck ${one.fault.phase} the effect. ${effectOf(brief)}</p>`}
    ${!one.reason && !one.fault && html`<p>Nothing stood against it.</p>`}
  </div>`;
}

function effectOf(brief) {
  const answer = brief.status === null ? "the answer was lost" : "the answer is what the fault made of it";
  if (!hadEffect(brief)) return brief.status === null ? "Nothing happened, and nothing was answered." : "Nothing happened behind it.";
  const issued = brief.issued.length ? ` (pair ${brief.issued.join(", ")} was issued)` : "";
  return `The effect happened${issued}, and ${answer}.`;
}

function Remarks({ room, seq, choose }) {
  const told = useTold(room, "audit");
  const found = told ? told.findings.filter((it) => it.exchanges.includes(seq)) : [];
  return found.length > 0 && html`<div class="remarks">
    <h3>The audit remarks</h3><${Findings} found=${found} seq=${seq} choose=${choose} /></div>`;
}

function Findings({ found, seq, choose }) {
  return html`<ul class="findings">${found.map((it) => html`<li key=${it.rule + it.message} class=${it.severity}>
    <span class="tag">${it.severity}</span> <bdi>${coded(it.message)}</bdi> <${Source} reference=${it.reference} url=${linkOf(it.reference)} /> <code>${it.rule}</code>
    ${it.exchanges.filter((other) => other !== seq).slice(0, 20).map((other) => html`<${Seq} key=${other} seq=${other} choose=${choose} />`)}
  </li>`)}</ul>`;
}

const Seq = ({ seq, choose, marks }) => html` <button type="button" class=${`link seq ${marks || ""}`} aria-label=${`Exchange ${seq}`} onClick=${() => choose(seq)}>${seq}</button>`;

function membersOf(body) {
  try {
    const read = JSON.parse(body);
    return read && typeof read === "object" && !Array.isArray(read) ? Object.fromEntries(Object.entries(read).filter(([name]) => Object.hasOwn(PARAMETERS, name))) : null;
  } catch {
    return null;
  }
}

function Parameters({ values }) {
  const pairs = Object.entries(values || {});
  return pairs.length > 0 && html`<table class="values"><caption>Parameters</caption><tbody>${pairs.map(([name, value]) => {
    const [meaning, source] = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : ["", ""];
    return html`<tr key=${name}><th scope="row"><bdi>${visible(cut(name, 100))}</bdi></th>
      <td><bdi>${visible(cut(typeof value === "string" ? value : JSON.stringify(value), 2000))}</bdi>
      ${meaning && html`<small>${meaning} ${source && html`<${Source} reference=${`RFC ${source.replace("#section-", ", section ")}`} url=${RFC + source} />`}</small>`}</td></tr>`;
  })}</tbody></table>`;
}

function Fields({ headers }) {
  return html`<details><summary>${plural(headers.length, "header field")}</summary>
    <table class="values"><tbody>${headers.map(([name, value], index) => html`<tr key=${index}>
    <th scope="row"><bdi>${visible(name)}</bdi></th><td><bdi>${visible(value)}</bdi></td></tr>`)}</tbody></table></details>`;
}

function Body({ message }) {
  const [isWhole, setWhole] = useState(false);
  if (!message.body) return html`<p class="hint">No body.</p>`;
  const text = prettyBody(message.body);
  const shown = isWhole ? text : text.slice(0, 4000);
  return html`<pre class="body" tabindex="0" aria-label="Body"><bdi>${visible(shown)}</bdi></pre>
    ${message.body_base64 && html`<p class="hint">It is no UTF-8; as bytes: <code>${cut(message.body_base64, 200)}</code></p>`}
    ${message.body_cut_from && html`<p class="hint">The journal kept the first part of ${grouped(message.body_cut_from)} bytes.</p>`}
    ${shown.length < text.length && html`<button type="button" class="quiet" onClick=${() => setWhole(true)}>Show all ${grouped(text.length)} characters</button>`}`;
}

const UNSENT = new Set(["host", "content-length", "connection", "transfer-encoding"]);

function exchangeAsCurl(one) {
  const host = (one.request.headers.find(([name]) => name === "host") || ["", "127.0.0.1"])[1];
  const scheme = (one.webhook ? one.webhook.url : location.protocol).startsWith("https:") ? "https:" : "http:";
  const words = ["curl", "-i", "-X", quoted(one.request.method), quoted(`${scheme}//${host}${one.request.target}`)];
  for (const [name, value] of one.request.headers) {
    if (!UNSENT.has(name)) words.push("-H", quoted(`${name}: ${value}`));
  }
  if (one.request.body) words.push("--data-raw", quoted(one.request.body));
  return words.join(" ");
}

function Copies({ room, one }) {
  const { server } = room;
  const query = `?seq=${one.seq}`;
  return html`<p class="copies"><${Copy} label="Copy as curl" text=${() => exchangeAsCurl(one)} />
    <${Copy} label="Copy as JSON" text=${() => JSON.stringify(one, null, 2)} />
    ${server.live && html`<${Copy} label="Copy as HAR" text=${async () => JSON.stringify(await server.get(`journal/har${query}`), null, 2)} />
      <${Copy} label="Copy as Mermaid" text=${() => server.get(`journal/mermaid${query}`)} />
      ${!one.webhook && html`<${Copy} label="Copy as scenario" text=${() => server.get(`journal/scenario${query}`)} />`}`}</p>`;
}
