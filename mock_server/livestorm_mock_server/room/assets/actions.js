/* What can be done: each action shows the same by curl and by Python. */

const TOKEN = '-H "Authorization: Bearer $LIVESTORM_MOCK_CONTROL_TOKEN"';

function curlOf(server, action) {
  const words = ["curl"];
  if (action.method !== "GET") words.push("-X", action.method);
  if (server.token) words.push(TOKEN);
  if (action.body !== undefined) {
    words.push("-H", quoted("Content-Type: application/json"), "-d", quoted(JSON.stringify(action.body)));
  }
  return [...words, quoted(location.origin + server.base + action.path)].join(" ");
}

/* A button that does something at the fake. `room.act` does it and tells what came of it;
   one that submits leaves that to its form. */
function Action({ room, action, danger, submits }) {
  if (!room.server.live) return null;
  const show = () => room.explain(action);
  return html`<button
    type=${submits ? "submit" : "button"}
    class=${danger ? "danger" : ""}
    aria-label=${action.name}
    onClick=${submits ? undefined : () => room.act(action)}
    onFocus=${show}
    onMouseEnter=${show}
  >${action.label}</button>`;
}

/* Over plain HTTP from another machine a browser has no `clipboard`. */
async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (!isCopied) throw new Error("the browser does not let it");
  return undefined;
}

function Copy({ text, label }) {
  const [told, tell] = useState("");
  const copy = async () => {
    try {
      await copyText(typeof text === "function" ? await text() : text);
      tell("copied");
    } catch (error) {
      tell(`not copied: ${cut(String(error.message), 60)}`);
    }
    setTimeout(() => tell(""), 2000);
  };
  return html`<button type="button" class="quiet" onClick=${copy}>${label}</button>
    <span class="told" role="status">${told}</span>`;
}

/* The bar at the bottom: the action that has the focus or was done, in two languages; folded where
   there is little room. */
function Explained({ room, action, told }) {
  const [isOpen, open] = useState(false);
  if (!room.server.live) return null;
  return html`<section class=${`explained ${isOpen ? "open" : ""} ${action || told ? "" : "idle"}`} aria-label="The same by curl and by Python">
    <output class=${told && told.isRefused ? "refused" : ""}>${told ? visible(told.text) : ""}</output>
    ${action && html`<button type="button" class="quiet fold" aria-expanded=${String(isOpen)} onClick=${() => open(!isOpen)}>The same by curl and by Python</button>
      <${Line} tag="curl" text=${curlOf(room.server, action)} /><${Line} tag="Python" text=${action.python} />`}
    ${!action && html`<p class="hint">Each action shows here how to do the same by curl and by Python.</p>`}
  </section>`;
}

const Line = ({ tag, text }) => html`<div class="line"><span class="tag">${tag}</span><code><bdi>${visible(text)}</bdi></code>
  <${Copy} text=${text} label=${`Copy ${tag}`} /></div>`;

const post = (label, path, body, python, name) => ({ label, name: name || label, method: "POST", path, body, python });
const remove = (label, path, python, name) => ({ label, name: name || label, method: "DELETE", path, python });

const advance = (label, seconds, name) =>
  post(label, "clock", { advance: seconds }, `livestorm.clock.advance(${seconds})`, name);
const setClock = (label, now, name) =>
  post(label, "clock", { set: now }, `livestorm.clock.set(${now})`, name);
