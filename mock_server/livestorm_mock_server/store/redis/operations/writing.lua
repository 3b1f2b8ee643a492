-- The operations of a store, each whole: Redis runs one script at a time.
--
-- KEYS: the records and the applications (hashes), and the index (a sorted set whose scores are
-- all 0, so that it is in the order of its members).
-- ARGV: the seconds after which an idle store is garbage, how much of what is over is kept, how
-- many counts of requests, "1" for a rehearsal, the setting of the clock; then the operations, each
-- as its name, the number of its arguments, and these. The answer is that of the last one.
--
-- Times are texts that sort as the times do, see `encoding.py`; nothing here asks for the time.
--
-- Fields of the records, each of which is missing where there is nothing to tell:
--   t:<id>:<name>      a token, see NAMES      a:<token>, r:<refresh token>   its id
--   c:<code>:<name>    a code                  w:<bucket>:<name>   a count of requests
--   clock, latest      the setting of the clock, and the latest time that came by it
-- Members of the index:
--   t:<id>                                     all tokens
--   u:<user>:<application>:<scopes>:<created>:<id>   tokens without an end
--   r:<user>:<application>:<end>:<id>          those with one
--   f:<family>:<0 or 1>:<end>:<id>             families; 0: the refresh token moved on
--   c:<user>:<application>:<code>              unused codes
--   q:<c, r, e or w>:<number>:<key>            what is over or will be: codes, revoked tokens,
--                                              expiring ones, counts of requests
local records, applications, index = KEYS[1], KEYS[2], KEYS[3]
local lifetime, kept, counts_kept = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local is_rehearsal, clock = ARGV[4] == '1', ARGV[5]

local ALREADY_USED = 'already used'
local NEVER = 'fff0000000000000'
local AT_ONCE = 2
local NAMES = {
  'body', 'token', 'refresh', 'ending', 'previous', 'expired', 'family', 'successor',
  'grant', 'scopes', 'created', 'expires',
}
local TOLD = 8

local operations = {}

-- Reading and writing. What takes back the writes of a rehearsal is noted as they are made.

local undo = {}

local function get(field)
  return redis.call('HGET', records, field)
end

local function note(key, field)
  if is_rehearsal then
    undo[#undo + 1] = {key, field, redis.call('HGET', key, field)}
  end
end

-- Takes fields, each with its value.
local function put(key, ...)
  for at = 1, select('#', ...), 2 do
    note(key, (select(at, ...)))
  end
  redis.call('HSET', key, ...)
end

local function drop(...)
  for at = 1, select('#', ...) do
    note(records, (select(at, ...)))
  end
  redis.call('HDEL', records, ...)
end

local function enter(member)
  if redis.call('ZADD', index, '0', member) == 1 then
    undo[#undo + 1] = {index, member, false}
  end
end

local function leave(member)
  if redis.call('ZREM', index, member) == 1 then
    undo[#undo + 1] = {index, member, true}
  end
end

local function take_back()
  for at = #undo, 1, -1 do
    local key, what, before = undo[at][1], undo[at][2], undo[at][3]
    if key == index and before then
      redis.call('ZADD', key, '0', what)
    elseif key == index then
      redis.call('ZREM', key, what)
    elseif before then
      redis.call('HSET', key, what, before)
    else
      redis.call('HDEL', key, what)
    end
  end
end

local function members(from, to)
  return redis.call('ZRANGEBYLEX', index, from, to)
end

local function first(from, to)
  return redis.call('ZRANGEBYLEX', index, from, to, 'LIMIT', '0', '1')[1]
end

local function all_of(prefix)
  return '[' .. prefix, '(' .. prefix .. '\255'
end

local function hex(number)
  return string.format('%016x', tonumber(number))
end

local function id_in(member)
  return string.format('%d', tonumber(string.sub(member, -16), 16))
end

local function count_up(field)
  local number = string.format('%d', tonumber(get(field) or '0') + 1)
  put(records, field, number)
  return number
end

-- Gives the time of an operation. Requests that are under way at once come in another order than
-- their times have: by one clock, none comes before what was done already. A clock that is moved
-- begins anew; without a setting, times are as they are given.
local function heed(now)
  if clock == '' then
    return now
  end
  local latest = get('clock') == clock and get('latest')
  if latest and latest > now then
    return latest
  end
  put(records, 'clock', clock, 'latest', now)
  return now
end
