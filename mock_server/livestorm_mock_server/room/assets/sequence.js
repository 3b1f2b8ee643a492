/* The exchanges as a sequence diagram: browser, client, app and api, time going down. */

const STEP = 34;
const MOST_DRAWN = 2000; /* The newest; the list has them all. */
const HEAD = 30;
const ACTORS = ["browser", "client", "app", "api"];
const NARROWEST = 3; /* Pixels of a letter. */
const PEN = document.createElement("canvas").getContext("2d");

/* What of a text is within so many pixels. */
function fitted(text, pixels, weight = "") {
  PEN.font = `${weight} 12px system-ui, sans-serif`;
  let most = Math.min(text.length, Math.floor(pixels / NARROWEST));
  while (most > 2 && PEN.measureText(cut(text, most)).width > pixels) most -= 1;
  return cut(text, Math.max(2, most));
}

function Sequence({ exchanges, seq, choose }) {
  const box = useRef(null);
  const [width, setWidth] = useState(760);
  const moments = useMemo(() => momentsOf(exchanges.shown.slice(-MOST_DRAWN)), [exchanges, exchanges.version]);
  const { first, end, scroll } = useWindow(box, moments.length + 1, STEP, 0);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(() => setWidth(Math.max(300, box.current.clientWidth)));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  const gutter = width < 560 ? 14 : 96;
  const lane = (width - gutter) / ACTORS.length;
  const x = Object.fromEntries(ACTORS.map((name, index) => [name, gutter + lane * (0.25 + index * 0.98)]));
  const told = `Sequence diagram of ${plural(exchanges.shown.length, "exchange")}; the list tells the same`;
  return html`<div class="sequence" ref=${box} onScroll=${scroll} tabindex="0" role="region" aria-label="Sequence diagram">
    <svg class="actors" width=${width} height=${HEAD} aria-hidden="true">${ACTORS.map((name) => html`<text key=${name} x=${x[name]} y="20">${name}</text>`)}</svg>
    <svg role="img" aria-label=${told} width=${width} height=${(moments.length + 1) * STEP}>
      ${ACTORS.map((name) => html`<line key=${name} class="life" x1=${x[name]} x2=${x[name]} y1="0" y2=${(moments.length + 1) * STEP} />`)}
      ${moments.slice(first, end).map((moment, index) => html`<${Moment} key=${`${moment.one.seq}${moment.kind}`} moment=${moment} y=${(first + index + 0.75) * STEP}
        x=${x} width=${width} gutter=${gutter} chosen=${moment.one.seq === seq} choose=${choose} />`)}
    </svg>
  </div>`;
}

function Moment({ moment, y, x, width, gutter, chosen, choose }) {
  const { kind, one } = moment;
  const [from, to] = endsOf(one).map((name) => x[name]);
  const [left, inset] = from < to ? [from, 5] : [to, -5];
  const text = sayMoment(moment);
  const time = gutter > 50 && html`<text class="time" x="4" y=${y + 4}>${timeOf(moment.at).slice(0, 12)}</text>`;
  if (kind === "leap") {
    return html`<g class="leap">${time}<line x1=${gutter} x2=${width - 6} y1=${y} y2=${y} />
      <text x=${(gutter + width) / 2} y=${y - 5} text-anchor="middle">${text}</text></g>`;
  }
  const marks = [kind, isRefused(one) && "refused", hadEffect(one) && "effect", chosen && "chosen"].filter(Boolean).join(" ");
  return html`<g class=${marks} onClick=${() => choose(one.seq)}>
    <rect class="touch" x=${gutter} y=${y - STEP * 0.7} width=${width - gutter} height=${STEP} />
    ${time}${kind === "request" ? html`<${Arrow} from=${from} to=${to - inset} y=${y} />` : kind === "answer" ? html`<${Arrow} from=${to} to=${from + inset} y=${y} />` : html`<${Broken} from=${to} to=${from} y=${y} happened=${hadEffect(one)} />`}
    <text x=${left + 8} y=${kind === "lost" ? y - 9 : y - 5}>${fitted(text, width - left - 20)}<title>${text}</title></text>
    ${kind !== "request" && one.fault && html`<${Struck} fault=${one.fault} x=${to} y=${y} room=${width - to} />`}
  </g>`;
}

function Arrow({ from, to, y }) {
  const back = to > from ? -7 : 7;
  return html`<line x1=${from} x2=${to} y1=${y} y2=${y} /><path class="tip" d=${`M${to} ${y}l${back} -4v8z`} />`;
}

/* An answer that never came: it breaks off half-way. The dot at the server is full where the effect
   happened all the same, and hollow where nothing did. */
function Broken({ from, to, y, happened }) {
  const middle = (from + to) / 2;
  return html`<line x1=${from} x2=${middle + 8} y1=${y} y2=${y} />
    <path class="cross" d=${`M${middle - 5} ${y - 5}l10 10m0 -10l-10 10`} />
    <circle class=${happened ? "happened" : "nothing"} cx=${from} cy=${y} r="6" />`;
}

function Struck({ fault, x, y, room }) {
  const text = `\u26A1 ${fault.fault} (${fault.phase})`;
  return html`<text class="struck" x=${x + 9} y=${y + 4}>${fitted(text, room - 20, 600)}<title>${text}</title></text>`;
}
