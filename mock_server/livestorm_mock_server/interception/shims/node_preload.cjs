// Connections to Livestorm's hosts lead to the fake: what Node loads before anything else.
'use strict';
const net = require('net');
const [host, port] = (process.env.LIVESTORM_MOCK_NODE_DOOR || '').split(':');
const connect = net.Socket.prototype.connect;

function led(options) {
  const named = String(options.host || '').toLowerCase().replace(/\.$/, '');
  if (!/(^|\.)livestorm\.co$/.test(named)) return options;
  if (/^(app|api)\.livestorm\.co$/.test(named) && [80, 443].includes(Number(options.port))) {
    return { ...options, host, port: Number(port) };
  }
  throw Object.assign(new Error(`livestorm-mock: ${named}:${options.port} is not faked`), { code: 'ECONNREFUSED' });
}

// What `net.connect` has put in order comes as a list, for which Node looks by a mark of its own.
function connectToFake(...given) {
  const list = Array.isArray(given[0]) ? given[0] : given;
  const [first, second] = list;
  try {
    if (first !== null && typeof first === 'object') list[0] = led(first);
    else if (typeof second === 'string') list.splice(0, 2, led({ port: first, host: second }));
  } catch (error) {
    process.nextTick(() => this.destroy(error));
    return this;
  }
  return connect.apply(this, given);
}

if (port) net.Socket.prototype.connect = connectToFake;
