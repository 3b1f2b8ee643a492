/* Which exchanges are shown: `endpoint:token status:4xx -client:abc fault:* text:"two words"`.
   `found` has for each text the numbers of those in which the fake has found it. */

const MATCHERS = {
  endpoint: (one, value) => `${one.endpoint || "none"}.`.startsWith(`${value}.`),
  status: (one, value) => matchesStatus(one.status, value),
  client: (one, value) => (one.client_id || "").toLowerCase().startsWith(value),
  fault: (one, value) => (value === "none" ? !one.fault : Boolean(one.fault) && isNamed(one.fault, value)),
  method: (one, value) => one.method.toLowerCase() === value,
  rule: (one, value) => Boolean(one.ground) && (value === "*" || one.ground === value),
  token: (one, value) => [...one.sent, ...one.issued].includes(Number(value)),
  seq: (one, value) => one.seq === Number(value),
  text: (one, value, found) => found.get(value)?.has(one.seq) || sayExchange(one).toLowerCase().includes(value),
};

const isNamed = (fault, value) => value === "*" || [fault.id, fault.fault, fault.phase].includes(value);

function matchesStatus(status, value) {
  if (status === null) return value === "none";
  return /^[1-5]xx$/.test(value) ? String(status)[0] === value[0] : String(status) === value;
}

/* Give the terms of a filter: what stands alone is text. */
function readFilter(text) {
  const words = text.match(/-?(?:\w+:)?(?:"[^"]*"|\S+)/g) || [];
  return words.map((word) => {
    const [, minus, key, value] = word.match(/^(-?)(?:(\w+):)?"?(.*?)"?$/s);
    const isKey = Object.hasOwn(MATCHERS, key);
    return {
      excludes: minus === "-",
      key: isKey ? key : "text",
      value: (isKey || !key ? value : `${key}:${value}`).toLowerCase(),
    };
  });
}

const matches = (one, terms, found) =>
  terms.every((it) => it.value === "" || MATCHERS[it.key](one, it.value, found) !== it.excludes);

/* Complete the last word of a filter from what there is. */
function suggestionsFor(text, exchanges) {
  const [, before, minus, word] = text.match(/^(.*?)(-?)(\S*)$/s);
  const [key, value] = word.split(/:(.*)/s);
  const known = value === undefined ? Object.keys(MATCHERS).map((it) => `${it}:`) : valuesOf(key, exchanges).map((it) => `${key}:${it}`);
  const typed = word.toLowerCase();
  return known
    .filter((it) => it.toLowerCase().startsWith(typed) && it.toLowerCase() !== typed)
    .slice(0, 12)
    .map((it) => before + minus + it);
}

const quotedValue = (value) => (/[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value);

function valuesOf(key, exchanges) {
  const newest = exchanges.slice(-2000);
  const of = (read) => [...new Set(newest.map(read).filter(Boolean))].sort().map(quotedValue);
  const listed = {
    endpoint: () => [...new Set(of((it) => it.endpoint).flatMap((it) => [it.split(".")[0], it]))],
    status: () => ["2xx", "3xx", "4xx", "5xx", "none", ...of((it) => it.status && String(it.status))],
    client: () => of((it) => it.client_id),
    fault: () => ["*", "none", "before", "after", ...of((it) => it.fault && it.fault.fault)],
    method: () => of((it) => it.method),
    rule: () => ["*", ...of((it) => it.ground)],
  };
  return Object.hasOwn(listed, key) ? listed[key]() : [];
}
