/* The exchanges as a list, of which only what is in sight is there. */

const ROW = 30;
const BEYOND = 8;
const NARROW = matchMedia("(max-width: 860px)");

/* Follow a scrolled box: its height, where it is, and whether it sticks to its end. */
function useWindow(box, count, height, dropped) {
  const [place, setPlace] = useState({ top: 0, height: 600 });
  const sticks = useRef(true);
  const before = useRef(dropped);
  useLayoutEffect(() => {
    const measure = () => setPlace({ top: box.current.scrollTop, height: box.current.clientHeight });
    const watcher = new ResizeObserver(measure);
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  useLayoutEffect(() => {
    const gone = (dropped - before.current) * height;
    before.current = dropped;
    if (sticks.current) box.current.scrollTop = count * height;
    else if (gone > 0) box.current.scrollTop -= gone;
  }, [count, dropped]);
  const scroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current;
    sticks.current = scrollTop + clientHeight >= scrollHeight - height;
    setPlace({ top: scrollTop, height: clientHeight });
  };
  const first = Math.max(0, Math.floor(place.top / height) - BEYOND);
  const end = Math.min(count, Math.ceil((place.top + place.height) / height) + BEYOND);
  return { first, end, scroll, sticks };
}

function reveal(box, at) {
  const top = at * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW - box.clientHeight;
}

function Row({ one, at, count, chosen, choose }) {
  const marks = [isRefused(one) && "refused", isLost(one) && "lost"].filter(Boolean).join(" ");
  return html`<div
    role="option"
    id=${`row-${one.seq}`}
    class=${`row ${marks}`}
    style=${{ top: `${at * ROW}px` }}
    aria-selected=${chosen ? "true" : "false"}
    aria-setsize=${count}
    aria-posinset=${at + 1}
    onClick=${() => choose(one.seq)}
  >
    <span class="seq">${one.seq}</span><span class="time">${timeOf(one.at)}</span
    ><span class=${`status s${one.status === null ? 0 : String(one.status)[0]}`}>${one.status === null ? html`<span aria-hidden="true">\u2715</span><span class="hidden">no answer</span>` : one.status}</span
    ><span class="method">${one.method}</span><span class="what">${one.webhook && html`<span aria-hidden="true">\u2192 </span><span class="hidden">webhook to </span>`}<bdi>${visible(pathOf(one))}</bdi> <i>${grantOf(one)}${visible(eventOf(one))}</i></span
    ><span class="why">${one.fault && html`<b class="fault"><span aria-hidden="true">\u26A1</span> ${one.fault.fault}</b> <span class="hidden">${one.fault.phase} the effect</span> `}<bdi>${visible(isLost(one) ? lossOf(one) : (isRefused(one) || one.webhook) && !one.fault ? one.reason : "")}</bdi></span
    ><span class="client"><bdi>${visible(one.client_id || "")}</bdi></span>
  </div>`;
}

const grantOf = (one) => ((one.endpoint || "").startsWith("token.") ? one.endpoint.slice(6) : "");

function List({ exchanges, seq, choose, open }) {
  const box = useRef(null);
  const { shown } = exchanges;
  const { first, end, scroll, sticks } = useWindow(box, shown.length, ROW, exchanges.dropped);
  const [cursor, setCursor] = useState(seq);
  const at = shown.findIndex((it) => it.seq === cursor);
  useLayoutEffect(() => {
    if (at < 0) return;
    sticks.current = at === shown.length - 1;
    reveal(box.current, at);
  }, [cursor]);
  useEffect(() => {
    if (seq !== null) setCursor(seq);
  }, [seq]);
  const page = Math.max(1, Math.floor((box.current ? box.current.clientHeight : 300) / ROW) - 1);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  const press = (event) => {
    if (event.key === "Enter" && at >= 0) open(cursor);
    if (!(event.key in steps) || !shown.length) return;
    event.preventDefault();
    const from = at < 0 ? (steps[event.key] > 0 ? -1 : shown.length) : at;
    const next = shown[Math.min(shown.length - 1, Math.max(0, from + steps[event.key]))].seq;
    setCursor(next);
    if (!NARROW.matches) choose(next); /* Where there is room for both. */
  };
  return html`<div class="list" role="listbox" tabindex="0" aria-label="Exchanges" ref=${box}
    aria-activedescendant=${at >= first && at < end ? `row-${cursor}` : undefined}
    onScroll=${scroll} onKeyDown=${press}>
    <div class="rows" role="presentation" style=${{ height: `${shown.length * ROW}px` }}>
      ${shown.slice(first, end).map((one, index) => html`<${Row} key=${one.seq} one=${one} at=${first + index}
        count=${shown.length} chosen=${one.seq === cursor} choose=${choose} />`)}
    </div>
  </div>`;
}
