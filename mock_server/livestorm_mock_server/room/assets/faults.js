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

function Arm({ room }) {
  const described = useTold(room, "faults/kinds");
  const around = useTold(room, "overview");
  const [kindName, setKind] = useState("oauth_error");
  const { values, setValues, set, given, draw } = useForm("key");
  if (!described || !around) return html`<p class="empty loading">Loading</p>`;
  const kind = described.kinds.find((it) => it.fault === kindName);
  const labels = labelsFor(kind, around.labels);
  const choosing = described.shared.filter((it) => !["on", "phase"].includes(it.name));
  const phase = { ...described.shared.find((it) => it.name === "phase"), schema: { enum: kind.phases }, default: kind.phase };
  const keys = [...kind.parameters, phase, ...choosing];
  const on = labels.includes(values.on) ? values.on : labels[0];
  const body = { on, fault: kindName, ...given(keys) };
  const line = [python(on), python(kindName), pythonArguments(given(keys))].filter(Boolean).join(", ");
  const action = post("Arm", "faults", body, `livestorm.faults.arm(${line})`, "Arm this fault");
  return html`<section aria-labelledby="arm"><h2 id="arm">Arm a fault</h2><${Form} room=${room} action=${action}>
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
  <//></section>`;
}
