/* Forms of keys, each with what it takes, and the action that they amount to. */

/* What sort of input a key takes, by its JSON Schema. */
function sortOf(schema) {
  if (schema.type === "words") return { words: true };
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
  if (sort.words) return text.split(/\s+/).filter(Boolean);
  try {
    return JSON.parse(text);
  } catch {
    return text; /* The fake says what is wrong with it. */
  }
}

function Key({ form, described, value, set }) {
  const { name, summary, takes, schema, required } = described;
  const sort = sortOf(schema);
  const id = `${form}-${name}`;
  const shown = described.default === undefined || described.default === null ? "" : JSON.stringify(described.default);
  const change = (event) => set(name, event.target.value);
  const input = sort.choices
    ? html`<select id=${id} value=${value} onChange=${change} aria-describedby=${`${id}-told`}>
      <option value="">${shown ? visible(`default: ${shown}`) : ""}</option>${sort.choices.map((it) => html`<option key=${it} value=${String(it)}>${visible(it)}</option>`)}</select>`
    : html`<input id=${id} type=${sort.number ? "number" : "text"} step=${sort.number ? (sort.number.type === "integer" ? 1 : "any") : undefined} placeholder=${shown} value=${value} onInput=${change}
        aria-describedby=${`${id}-told`} spellcheck=${false} autocomplete="off" />`;
  return html`<div class="key"><label for=${id}>${name}${required ? " (required)" : ""}</label>${input}
    <small id=${`${id}-told`}>${coded(summary)}${sort.json && ` As JSON: ${takes}.`}</small></div>`;
}

/* What was typed into the keys of a form, by name, and each key with its input. */
function useForm(form) {
  const [values, setValues] = useState({});
  const set = (name, value) => setValues({ ...values, [name]: value });
  const isGiven = (it) => (values[it.name] || "") !== "";
  const given = (keys) => Object.fromEntries(keys.filter(isGiven).map((it) => [it.name, valueOf(sortOf(it.schema), values[it.name])]));
  const draw = (it) => html`<${Key} key=${it.name} form=${form} described=${it} value=${values[it.name] || ""} set=${set} />`;
  return { values, setValues, set, given, draw };
}

function Form({ room, action, children }) {
  const submit = (event) => {
    event.preventDefault();
    room.act(action);
  };
  return html`<form onSubmit=${submit}>${children}<${Action} room=${room} action=${action} submits /></form>`;
}
