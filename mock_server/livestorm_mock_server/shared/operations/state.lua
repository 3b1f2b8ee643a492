-- What a sandbox is, beside its store: each operation whole, as Redis runs one script at a time.
--
-- KEYS: the state (a hash), the exchanges (a hash, by their numbers), the events (a stream whose
-- ids are `<event>-0`), who waits at barriers (a sorted set, by when they are given up), and the
-- three keys of the store.
-- ARGV: the seconds after which an idle sandbox is garbage, the channel on which changes are told,
-- the name of the operation, and its arguments.
--
-- Fields of the state:
--   version          a text of its own for each state       state   the state itself
--   epoch            the version that began anew: the journal and the counts are as old as that
--   seq, event       how many exchanges came, and were answered
--   oldest, bytes    the number of the oldest exchange that is kept, and what all of them take
--   f:<fault>        how often a fault was met and struck
-- An exchange is 16 digits, the number of its event, all 0 before there is one; then what is kept.
local sandbox, exchanges, events, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local lifetime, channel = ARGV[1], ARGV[2]
local UNANSWERED = string.rep('0', 16)

local operations = {}

local function get(field)
  return redis.call('HGET', sandbox, field)
end

local function number(field)
  return tonumber(get(field) or '0')
end

local function text(value)
  return string.format('%d', value)
end

local function put(...)
  redis.call('HSET', sandbox, ...)
end

local function tell()
  redis.call('PUBLISH', channel, '')
end

local function go_on()
  for _, key in ipairs(KEYS) do
    redis.call('EXPIRE', key, lifetime)
  end
end

-- Gives nothing where there is no sandbox; `state` is only told to whom has another version.
function operations.look(version)
  local current = get('version')
  return current and {current, current ~= version and get('state'), number('seq')}
end

local function let_go(gate)
  for _, member in ipairs(redis.call('ZRANGE', waiting, '0', '-1')) do
    if string.sub(member, 1, #gate + 1) == gate .. ' ' then
      redis.call('ZREM', waiting, member)
    end
  end
end

local function begin_anew(version)
  local event = text(number('event'))
  redis.call('UNLINK', unpack(KEYS))
  put('event', event, 'epoch', version)
end

-- Takes the version that is to be replaced ('' for none), the new one with its state, whether all
-- begins anew, how many faults are gone, their ids, and the new applications, each with its body.
-- Gives nothing where it is done, or what `look` does.
function operations.change(before, version, state, is_anew, gone, ...)
  if (get('version') or '') ~= before then
    return operations.look('') or {'', false, 0}
  end
  if is_anew == '1' then
    begin_anew(version)
  end
  put('version', version, 'state', state)
  local given = {...}
  for at = 1, tonumber(gone) do
    redis.call('HDEL', sandbox, 'f:' .. given[at])
    let_go(given[at])
  end
  for at = tonumber(gone) + 1, #given, 2 do
    redis.call('HSET', KEYS[6], given[at], given[at + 1])
  end
  go_on()
  tell()
  return false
end

-- Gives all that the sandbox is: its state, the number of the newest exchange, the counts of faults,
-- each behind its id, and the keys of the store: records, applications, index.
function operations.dump()
  local state = get('state')
  if not state then
    return false
  end
  local counts, fields = {}, redis.call('HGETALL', sandbox)
  for at = 1, #fields, 2 do
    if string.sub(fields[at], 1, 2) == 'f:' then
      counts[#counts + 1] = string.sub(fields[at], 3)
      counts[#counts + 1] = fields[at + 1]
    end
  end
  return {
    state, number('seq'), counts, redis.call('HGETALL', KEYS[5]), redis.call('HGETALL', KEYS[6]),
    redis.call('ZRANGE', KEYS[7], '0', '-1'),
  }
end

local AT_ONCE = 1000

-- Gives texts that stand in one, each behind its length.
local function texts_in(packed)
  local texts, at, text = {}, 1, nil
  while at <= #packed do
    text, at = struct.unpack('>I4c0', packed, at)
    texts[#texts + 1] = text
  end
  return texts
end

local function put_all(key, packed)
  local given = texts_in(packed)
  for at = 1, #given, AT_ONCE do
    redis.call('HSET', key, unpack(given, at, math.min(at + AT_ONCE - 1, #given)))
  end
end

-- Takes what `change` takes for another state, and the rest of what `dump` gives, each list packed.
-- All begins anew, but for the numbers of exchanges and events. Gives what `change` gives.
function operations.restore(
  before, version, state, last_exchange, counts, store_records, store_applications, store_index)
  if (get('version') or '') ~= before then
    return operations.look('') or {'', false, 0}
  end
  begin_anew(version)
  put('version', version, 'state', state, 'seq', last_exchange)
  put('oldest', text(tonumber(last_exchange) + 1))
  local given = texts_in(counts)
  for at = 1, #given, 2 do
    put('f:' .. given[at], given[at + 1])
  end
  put_all(KEYS[5], store_records)
  put_all(KEYS[6], store_applications)
  for _, member in ipairs(texts_in(store_index)) do
    redis.call('ZADD', KEYS[7], '0', member)
  end
  go_on()
  tell()
  return false
end

function operations.close()
  local was_there = redis.call('UNLINK', unpack(KEYS)) > 0
  tell()
  return was_there and 1 or 0
end
