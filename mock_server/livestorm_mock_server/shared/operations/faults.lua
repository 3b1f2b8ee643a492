-- Faults: how often each was met and struck, and who waits at a barrier.

-- Takes faults, each with its counts as they were and as they should be. Gives nothing where that
-- is done, or the counts that there are, where one has others.
function operations.count(...)
  local given, current, is_right = {...}, {}, true
  for at = 1, #given, 3 do
    local counts = get('f:' .. given[at]) or '0 0'
    current[#current + 1] = counts
    is_right = is_right and counts == given[at + 1]
  end
  if not get('version') then
    return false
  end
  if not is_right then
    return current
  end
  for at = 1, #given, 3 do
    put('f:' .. given[at], given[at + 2])
  end
  return false
end

-- Takes back that a fault was met and struck, where the journal is of that epoch still. Whoever
-- believed the fault spent learns of it by the new version.
function operations.take_back(epoch, version, fault)
  local counts = get('f:' .. fault)
  if not counts or get('epoch') ~= epoch then
    return
  end
  local seen, hits = string.match(counts, '^(%d+) (%d+)$')
  put('f:' .. fault, text(seen - 1) .. ' ' .. text(hits - 1), 'version', version)
  tell()
end

function operations.counts(...)
  local found = {}
  for at = 1, select('#', ...) do
    found[at] = get('f:' .. (select(at, ...))) or '0 0'
  end
  return found
end

local function seconds_now()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end

-- Real time: who says nothing more for so long has ended with its worker, and is no party.
local function keep(member, seconds)
  redis.call('ZADD', waiting, string.format('%.6f', seconds_now() + tonumber(seconds)), member)
end

-- Gives 1 to whom is let through: who completes the parties, for all of them.
function operations.meet(gate, ticket, parties, seconds)
  if not get('version') then
    return 1
  end
  redis.call('ZREMRANGEBYSCORE', waiting, '-inf', string.format('%.6f', seconds_now()))
  keep(gate .. ' ' .. ticket, seconds)
  redis.call('EXPIRE', waiting, lifetime)
  local there = 0
  for _, member in ipairs(redis.call('ZRANGE', waiting, '0', '-1')) do
    if string.sub(member, 1, #gate + 1) == gate .. ' ' then
      there = there + 1
    end
  end
  if there < tonumber(parties) then
    return 0
  end
  let_go(gate)
  tell()
  return 1
end

-- Gives 1 to whom was let through; who still waits says so.
function operations.wait_on(gate, ticket, seconds)
  local member = gate .. ' ' .. ticket
  if not redis.call('ZSCORE', waiting, member) then
    return 1
  end
  keep(member, seconds)
  return 0
end

function operations.leave(gate, ticket)
  redis.call('ZREM', waiting, gate .. ' ' .. ticket)
end

function operations.release(gate)
  let_go(gate)
  tell()
end
