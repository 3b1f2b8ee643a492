/* Applications and users, and what can be done with them. */

const TEXT = { type: "string" };
const WORDS = { type: "words" };
const APPLICATION = [
  { name: "name", summary: "What the pages call it.", schema: TEXT, required: true },
  { name: "redirect_uris", summary: "Absolute URIs, with blanks between them.", schema: WORDS, required: true },
  { name: "confidential", summary: "Whether it has a secret.", schema: { type: "boolean" }, default: true },
  { name: "client_id", summary: "Drawn where it is left out.", schema: TEXT },
  { name: "client_secret", summary: "Drawn where it is left out.", schema: TEXT },
  { name: "scopes", summary: "What it is limited to, with blanks between them; nothing means all.", schema: WORDS },
];

function Applications({ room, around }) {
  const rotate = (it) => post("New secret", `applications/${encodeURIComponent(it.client_id)}/rotate-secret`, undefined, `livestorm.rotate_secret(${python(it.client_id)})`, `New secret for ${it.name}`);
  return html`<section aria-labelledby="applications"><h2 id="applications">Applications</h2>
    ${around.applications.map((it) => html`<div class="card" key=${it.id}>
      <h3><bdi>${visible(it.name)}</bdi> <small>${it.confidential ? "confidential" : "public"}</small></h3>
      <dl class="facts"><dt>client_id</dt><dd><code>${visible(it.client_id)}</code></dd>${it.confidential && html`<dt>secret</dt>
      <dd><${Secret} text=${it.client_secret} /></dd>`}<dt>redirect URIs</dt>
      <dd>${it.redirect_uris.map((uri) => html`<div key=${uri}><bdi>${visible(uri)}</bdi></div>`)}</dd></dl>
      ${it.confidential && html`<div class="actions"><${Action} room=${room} action=${rotate(it)} /></div>`}</div>`)}
    <div class="actions"><${Action} room=${room} action=${MINT} /></div>
    ${room.server.live && html`<${Register} room=${room} />`}
  </section>`;
}

function Secret({ text }) {
  const [isShown, show] = useState(false);
  return html`${isShown ? html`<code>${visible(text)}</code> ` : ""}
    <button type="button" class="quiet" aria-expanded=${String(isShown)} onClick=${() => show(!isShown)}>${isShown ? "Hide" : "Show"}</button>`;
}

function Register({ room }) {
  const { given, draw } = useForm("application");
  const body = given(APPLICATION);
  const action = post("Register", "applications", body, `livestorm.register_application(ApplicationEntry(${pythonArguments(body)}))`, "Register this application");
  return html`<details><summary>Register an application</summary><${Form} room=${room} action=${action}>
    <div class="keys">${APPLICATION.map(draw)}</div><//></details>`;
}

function Users({ room, around }) {
  return html`<section aria-labelledby="users"><h2 id="users">Users</h2>
    <ul>${around.users.map((it) => html`<li key=${it.email}><bdi>${visible(`${it.first_name} ${it.last_name}`)}</bdi>, <bdi>${visible(it.email)}</bdi>, <bdi>${visible(it.organization.name)}</bdi></li>`)}</ul>
    ${room.server.live && html`<${Decide} room=${room} around=${around} />`}</section>`;
}

/* The user at the browser, without the browser. */
function Decide({ room, around }) {
  const { given, draw } = useForm("decision");
  const keys = [
    { name: "client_id", summary: "Which application asks.", schema: { enum: around.applications.map((it) => it.client_id) }, default: around.sandbox.client_id },
    { name: "user", summary: "Who decides.", schema: { enum: around.users.map((it) => it.email) }, default: around.users[0].email },
    { name: "decision", summary: "What they press.", schema: { enum: ["approve", "deny"] }, default: "approve" },
    { name: "scope", summary: "What is granted; give less than the client needs, and see what it does.", schema: TEXT },
  ];
  const body = given(keys);
  const action = post("Decide", "authorize", body, `livestorm.authorize(${pythonArguments(body)})`, "Decide as this user");
  return html`<details><summary>Authorize or deny as a user</summary><${Form} room=${room} action=${action}>
    <div class="keys">${keys.map(draw)}</div><//></details>`;
}
