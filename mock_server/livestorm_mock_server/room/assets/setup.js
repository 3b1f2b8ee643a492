/* Time, scenario, release, options, limits and sandboxes. */

function Clock({ room }) {
  const [seconds, setSeconds] = useState("7201");
  const now = useNow(room);
  const frozen = room.clock && room.clock.frozen;
  const turn = frozen
    ? post("Resume", "clock", { resume: true }, "livestorm.clock.resume()", "Resume time")
    : post("Freeze", "clock", { freeze: true }, "livestorm.clock.freeze()", "Freeze time");
  return html`<section aria-labelledby="clock"><h2 id="clock">Clock</h2>
    <p class="time">${dateOf(now)} UTC ${frozen ? "(frozen)" : ""}</p>
    ${room.server.live && html`<div class="actions">
      ${[["+1 min", 60], ["+1 h", 3600], ["+1 day", 86400], ["+30 days", 2592000]].map(([label, step]) => html`<${Action} key=${label} room=${room} action=${advance(label, step, `${label}: advance the clock`)} />`)}
      <${Action} room=${room} action=${turn} />
    </div>
    <div class="actions"><label for="seconds">Seconds</label>
    <input id="seconds" type="number" value=${seconds} onInput=${(event) => setSeconds(event.target.value)} />
      <${Action} room=${room} action=${advance("Advance", Number(seconds) || 0)} />
      <${Action} room=${room} danger action=${post("Reset all", "reset", undefined, "livestorm.reset()", "Reset all of the sandbox")} /></div>`}
  </section>`;
}

function Situation({ room, around }) {
  const [wanted, setWanted] = useState({ scenario: "", release: "", provider: "" });
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
  const { scenario, release, provider } = given;
  if (provider) given.provider = valueOf({ json: true }, provider);
  const options = { ...(release && { release }), ...given.provider };
  const line = [scenario && python(scenario), pythonArguments(options)].filter(Boolean).join(", ");
  const put = { label: "Start anew", name: "Start anew", method: "PUT", path: "scenario", body: given, python: `livestorm.put_scenario(${line})` };
  const action = Object.keys(given).length ? put : post("Start anew", "reset", undefined, "livestorm.reset()");
  const choice = (name, label, choices, none) => html`<span class="field"><label for=${name}>${label}</label>
    <select id=${name} value=${wanted[name]} onChange=${(event) => setWanted({ ...wanted, [name]: event.target.value })}>
    <option value="">${none}</option>${choices.map((it) => html`<option key=${it} value=${it}>${it}</option>`)}</select></span>`;
  return html`<section aria-labelledby="situation"><h2 id="situation">Scenario</h2>
    <p><bdi>${coded(around.scenario.title)}</bdi> ${around.scenario.client_should && html`<br /><em>A client should: <bdi>${coded(around.scenario.client_should)}</bdi></em>`}</p>
    <p>Doorkeeper ${around.options.release}</p>
    ${room.server.live && html`<div class="actions">${choice("scenario", "Scenario", around.scenarios, "the same")}${choice("release", "Release", around.releases, "the scenario's")}
      <span class="field"><label for="provider">Options</label>
      <input id="provider" type="text" placeholder=${'{"consent": "approve"}'} value=${wanted.provider} spellcheck=${false} autocomplete="off" onInput=${(event) => setWanted({ ...wanted, provider: event.target.value })} /></span>
      <${Action} room=${room} danger action=${action} /></div>`}
    <details><summary>Provider options, ${around.changed.length} changed</summary><table class="values">
    <tbody>${Object.entries(around.options).map(([name, value]) => html`<tr key=${name} class=${around.changed.includes(name) ? "changed" : ""}>
    <th scope="row">${name}</th><td><bdi>${visible(typeof value === "string" ? value : JSON.stringify(value))}</bdi></td></tr>`)}
    </tbody></table></details>
  </section>`;
}

function Limits({ around }) {
  const gauge = (told, label) => told.limit !== null && told.remaining !== null && html`<div class="gauge">
    <span>${label}</span><meter min="0" max=${told.limit} low=${told.limit / 5} value=${told.remaining} aria-label=${label}></meter>
    <span>${grouped(told.remaining)} of ${grouped(told.limit)}</span></div>`;
  return html`<section aria-labelledby="limits"><h2 id="limits">Limits</h2>
    ${!around.options.rate_limits && html`<p>There are none: <code>rate_limits = false</code>.</p>`}
    ${around.options.rate_limits && !around.limits.length && html`<p class="empty">No client has called the API yet.</p>`}
    ${around.limits.map((it) => html`<div key=${it.client_id}>
      <h3><bdi>${visible(clientOf(it))}</bdi> <small>as exchange ${it.seq} was told</small></h3>${gauge(it.interval, "in this second")}${gauge(it.monthly, "in this period")}
      <table class="values"><tbody>${it.headers.map(([name, value]) => html`<tr key=${name}><th scope="row">${visible(name)}</th><td>${visible(value)}</td></tr>`)}</tbody></table></div>`)}
  </section>`;
}

function Sandboxes({ room }) {
  const told = useTold(room, "sandboxes");
  const own = room.server.base;
  const pathOfRoom = (it) => (it.id ? `/s/${it.id}/_mock/` : "/_mock/") + location.hash;
  return html`<section aria-labelledby="sandboxes"><h2 id="sandboxes">Sandboxes</h2>
    <ul>${told && told.sandboxes.map((it) => html`<li key=${it.id || ""}>
      <a href=${pathOfRoom(it)}>${it.id || "the default one"}</a> ${own === `/s/${it.id}/_mock/` || (!it.id && own === "/_mock/") ? "(this one)" : ""}
      ${it.id && own !== `/s/${it.id}/_mock/` && html`<${Action} room=${room} danger action=${remove("Close", `sandboxes/${it.id}`, "sandbox.close()", `Close sandbox ${it.id}`)} />`}</li>`)}</ul>
    <${Action} room=${room} action=${post("Open a sandbox", "sandboxes", {}, "livestorm.sandbox()")} /></section>`;
}

function Setup({ room }) {
  const around = useTold(room, "overview");
  if (!around) return html`<p class="empty loading">Loading</p>`;
  return html`<div class="setup"><${Clock} room=${room} /><${Situation} room=${room} around=${around} /><${Limits} around=${around} />
    <${Applications} room=${room} around=${around} /><${Users} room=${room} around=${around} />${room.server.live && html`<${Sandboxes} room=${room} />`}</div>`;
}

function Audit({ room, choose }) {
  const told = useTold(room, "audit");
  if (!told) return html`<p class="empty loading">Loading</p>`;
  return html`<div class="audit"><h2>Audit</h2>${told.findings.length ? html`<${Findings} found=${told.findings} choose=${choose} />` : html`<p class="empty">Nothing is wrong with what the clients sent.</p>`}</div>`;
}
