/* What is armed, and a form to arm more, made of the description of the kinds. */

function Faults({ room }) {
  const told = useTold(room, "faults");
  return html`<div class="faults">
    <section aria-labelledby="armed"><h2 id="armed">Armed</h2>
      ${told && !told.faults.length && html`<p class="empty">No fault is armed.</p>`}
      ${told && told.faults.length > 0 && html`<ul class="armed">${told.faults.map((it) => html`<${Armed} key=${it.id} room=${room} fault=${it} />`)}</ul>
        <${Action} room=${room} danger action=${remove("Disarm all", "faults", "livestorm.faults.disarm()")} />`}
    </section>
    ${room.server.live && html`<${Arm} room=${room} />`}
  </div>`;
}

function Armed({ room, fault }) {
  const { id, hits, on, fault: kind, phase, times } = fault;
  const isSpent = times !== null && hits >= times;
  return html`<li class=${isSpent ? "spent" : ""}><span><strong><bdi>${visible(kind)}</bdi></strong> <small>${id}</small></span>
    <span>at <code>${on}</code>, ${phase} the effect</span>
    <span><span class="hits">${hits}</span>${times === null ? "" : ` of ${times}`} ${(times === null ? hits : times) === 1 ? "hit" : "hits"}</span>
    <span class="actions"><${Action} room=${room} action=${remove("Disarm", `faults/${id}`, `livestorm.faults.disarm(${python(id)})`, `Disarm ${id}`)} />
    ${kind === "barrier" && html`<${Action} room=${room} action=${post("Let go", `faults/${id}/release`, undefined, `livestorm.faults.find(${python(id)}).release()`, `Let go who wait at ${id}`)} />`}</span></li>`;
}

const isWithin = (label, group) => label === group || label.startsWith(`${group}.`);

function labelsFor(kind, labels) {
  if (!kind.places.length) return labels;
  const fitting = labels.filter((it) => kind.places.some((place) => isWithin(it, place) || isWithin(place, it)));
  return fitting.length ? fitting : kind.places;
}

/* What sort of input a key takes, by its JSON Schema. */
function sortOf(schema) {
  const options = (schema.anyOf || [schema]).filter((it) => it.type !== "null");
  const choices = options.flatMap((it) => it.enum || ("const" in it ? [it.const] : []));
  if (choices.length) return { choices };
  const [only] = options.length === 1 ? options : [{}];
  if (only.type === "boolean") return { choices: [true, false] };
  if (only.type === "integer" || only.type === "number") return { number: only };
  return only.type === "string" ? { text: true } : { json: true };
}

function valueOf(sort, text) {
  if (sort.choices) return sort.choices.find((it) => String(it) === text);
  if (sort.number) return Number(text);
  if (sort.text) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; /* The fake says what is wrong with it. */
  }
}

function Key({ described, value, set }) {
  const { name, summary, takes, schema, required } = described;
  const sort = sortOf(schema);
  const id = `key-${name}`;
  const shown = described.default === undefined || described.default === null ? "" : JSON.stringify(described.default);
  const change = (event) => set(name, event.target.value);
  const input = sort.choices
    ? html`<select id=${id} value=${value} onChange=${change} aria-describedby=${`${id}-told`}>
      <option value="">${shown ? `default: ${shown}` : ""}</option>${sort.choices.map((it) => html`<option key=${it} value=${String(it)}>${String(it)}</option>`)}</select>`
    : html`<input id=${id} type=${sort.number ? "number" : "text"} step=${sort.number ? (sort.number.type === "integer" ? 1 : "any") : undefined} placeholder=${shown} value=${value} onInput=${change}
        aria-describedby=${`${id}-told`} spellcheck="false" autocomplete="off" />`;
  return html`<div class="key"><label for=${id}>${name}${required ? " (required)" : ""}</label>${input}
    <small id=${`${id}-told`}>${coded(summary)}${sort.json && ` As JSON: ${takes}.`}</small></div>`;
}

function Arm({ room }) {
  const described = useTold(room, "faults/kinds");
  const around = useTold(room, "overview");
  const [kindName, setKind] = useState("oauth_error");
  const [values, setValues] = useState({});
  if (!described || !around) return html`<p class="empty loading">Loading</p>`;
  const kind = described.kinds.find((it) => it.fault === kindName);
  const labels = labelsFor(kind, around.labels);
  const choosing = described.shared.filter((it) => !["on", "phase"].includes(it.name));
  const phase = { ...described.shared.find((it) => it.name === "phase"), schema: { enum: kind.phases }, default: kind.phase };
  const keys = [...kind.parameters, phase, ...choosing];
  const set = (name, value) => setValues({ ...values, [name]: value });
  const given = keys.filter((it) => (values[it.name] || "") !== "").map((it) => [it.name, valueOf(sortOf(it.schema), values[it.name])]);
  const on = labels.includes(values.on) ? values.on : labels[0];
  const body = { on, fault: kindName, ...Object.fromEntries(given) };
  const line = [python(on), python(kindName), pythonArguments(Object.fromEntries(given))].filter(Boolean).join(", ");
  const action = post("Arm", "faults", body, `livestorm.faults.arm(${line})`, "Arm this fault");
  const draw = (it) => html`<${Key} key=${it.name} described=${it} value=${values[it.name] || ""} set=${set} />`;
  const submit = (event) => {
    event.preventDefault();
    room.act(action);
  };
  return html`<section aria-labelledby="arm"><h2 id="arm">Arm a fault</h2><form onSubmit=${submit}>
    <div class="keys">
      <div class="key"><label for="kind">fault</label>
      <select id="kind" value=${kindName} aria-describedby="kind-told" onChange=${(event) => { setKind(event.target.value); setValues({ on: values.on }); }}>
        ${described.kinds.map((it) => html`<option key=${it.fault} value=${it.fault}>${it.fault}</option>`)}</select>
          <small id="kind-told">${coded(kind.summary)}</small></div>
      <div class="key"><label for="on">on</label>
      <select id="on" value=${on} aria-describedby="on-told" onChange=${(event) => set("on", event.target.value)}>
        ${labels.map((it) => html`<option key=${it} value=${it}>${it}</option>`)}</select>
          <small id="on-told">The endpoint; token and api stand for all of theirs.</small></div>
      ${[...kind.parameters, phase].map(draw)}
    </div>
    <details><summary>How often, and for which requests</summary><div class="keys">${choosing.map(draw)}</div></details>
    <${Action} room=${room} action=${action} submits /></form></section>`;
}
