-- The journal: exchanges in order of arrival, and the events of their answers.

local function forget_oldest(oldest)
  local body = redis.call('HGET', exchanges, text(oldest))
  redis.call('HDEL', exchanges, text(oldest))
  return body and #body or 0
end

-- The newest stays in any case.
local function make_room(capacity, most)
  local oldest, bytes, newest = number('oldest'), number('bytes'), number('seq')
  local before = oldest
  while newest - oldest + 1 > capacity or (bytes > most and oldest < newest) do
    bytes = bytes - forget_oldest(oldest)
    oldest = oldest + 1
  end
  if oldest > before then
    put('oldest', text(oldest), 'bytes', text(bytes))
  end
end

local function write(seq, event, body)
  redis.call('HSET', exchanges, seq, event .. body)
  redis.call('HINCRBY', sandbox, 'bytes', text(#event + #body))
end

-- Gives the number and the epoch, or what `look` does to whom has another version.
function operations.open(version, body, capacity, most)
  local current = get('version')
  if current ~= version then
    return operations.look(version)
  end
  local seq = redis.call('HINCRBY', sandbox, 'seq', '1')
  if seq == 1 then
    put('oldest', '1')
  end
  write(text(seq), UNANSWERED, body)
  make_room(tonumber(capacity), tonumber(most))
  go_on()
  return {seq, get('epoch')}
end

-- An exchange of a journal that is gone, or that had to make room, is no longer written down.
local function rewrite(seq, event, body, capacity, most)
  local before = redis.call('HSTRLEN', exchanges, seq)
  if before > 0 then
    redis.call('HINCRBY', sandbox, 'bytes', text(-before))
    write(seq, event, body)
    make_room(tonumber(capacity), tonumber(most))
  end
end

function operations.amend(epoch, seq, ...)
  if get('epoch') == epoch then
    rewrite(seq, UNANSWERED, ...)
  end
end

function operations.answer(epoch, seq, body, capacity, most)
  if get('epoch') ~= epoch then
    return false
  end
  local event = redis.call('HINCRBY', sandbox, 'event', '1')
  rewrite(seq, string.format('%016d', event), body, capacity, most)
  redis.call('XADD', events, 'MAXLEN', capacity, text(event) .. '-0', 'seq', seq)
  tell()
  return event
end

-- Gives up to so many exchanges from a number on, and the number from which to go on, or 0.
function operations.read(from, limit)
  local first = math.max(tonumber(from), number('oldest'))
  local last = math.min(number('seq'), first + tonumber(limit) - 1)
  local found = {}
  for seq = first, last do
    local body = redis.call('HGET', exchanges, text(seq))
    if body then
      found[#found + 1] = {seq, body}
    end
  end
  return {last < number('seq') and last + 1 or 0, found}
end

-- Gives the newest event, or nothing of a sandbox that is gone, and up to so many exchanges behind
-- an event, in order of their events; of one that is still to come, there was none.
function operations.follow(after, limit)
  if not get('version') then
    return false
  end
  local newest, found = number('event'), {}
  after = tonumber(after)
  if after > newest then
    after = 0
  end
  local from = text(after + 1) .. '-0'
  for _, event in ipairs(redis.call('XRANGE', events, from, '+', 'COUNT', limit)) do
    local seq = event[2][2]
    after = tonumber(string.match(event[1], '^%d+'))
    local body = redis.call('HGET', exchanges, seq)
    if body then
      found[#found + 1] = {tonumber(seq), body}
    end
  end
  return {after, found}
end

function operations.forget()
  if not get('version') then
    return false
  end
  redis.call('UNLINK', exchanges, events)
  put('oldest', text(number('seq') + 1), 'bytes', '0')
end
