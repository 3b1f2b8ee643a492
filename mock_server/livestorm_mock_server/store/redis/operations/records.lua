-- Tokens, where they stand in the index, and how they end.

local function fields_of(id)
  local fields = {}
  for at, name in ipairs(NAMES) do
    fields[at] = 't:' .. id .. ':' .. name
  end
  return fields
end

local function load(id)
  local values = redis.call('HMGET', records, unpack(fields_of(id)))
  if not values[1] then
    return nil
  end
  local token = {id = id}
  for at, name in ipairs(NAMES) do
    token[name] = values[at]
  end
  return token
end

local function find(field)
  local id = get(field)
  return id and load(id) or nil
end

local function told(token)
  if not token then
    return false
  end
  local answer = {token.id}
  for at = 1, TOLD do
    answer[at + 1] = token[NAMES[at]] or false
  end
  return answer
end

local function is_revoked(token, now)
  return token.ending and token.ending <= now
end

local function is_expired(token, now)
  return token.expired or (token.expires and now > token.expires)
end

local function places_of(token)
  local ending, id = token.ending or NEVER, ':' .. hex(token.id)
  local moved_on = token.refresh and ':1:' or ':0:'
  local by_family = 'f:' .. token.family .. moved_on .. ending .. id
  if token.ending then
    return 'r:' .. token.grant .. ':' .. ending .. id, by_family
  end
  return 'u:' .. token.grant .. ':' .. token.scopes .. ':' .. token.created .. id, by_family
end

local function enter_token(token)
  local by_grant, by_family = places_of(token)
  enter(by_grant)
  enter(by_family)
end

local function leave_token(token)
  local by_grant, by_family = places_of(token)
  leave(by_grant)
  leave(by_family)
end

local function set(token, name, value)
  local field = 't:' .. token.id .. ':' .. name
  token[name] = value
  if value then
    put(records, field, value)
  else
    drop(field)
  end
end

local function move(token, name, value)
  leave_token(token)
  set(token, name, value)
  enter_token(token)
end

local function let_end(token, at)
  if not token.ending then
    remember('r', token.id)
  end
  move(token, 'ending', at)
end

local function revoke(token, now)
  if token and not is_revoked(token, now) then
    let_end(token, now)
  end
end

local function revoke_all(from, to, now)
  for _, member in ipairs(members(from, to)) do
    revoke(load(id_in(member)), now)
  end
end

local function revoke_living(prefix, now)
  revoke_all('(' .. prefix .. now .. ':\255', '(' .. prefix .. '\255', now)
end

local function put_texts(token)
  put(records, 'a:' .. token.token, token.id)
  if token.refresh then
    put(records, 'r:' .. token.refresh, token.id)
  end
end

local function drop_texts(token)
  for _, field in ipairs({'a:' .. token.token, token.refresh and 'r:' .. token.refresh or nil}) do
    if get(field) == token.id then
      drop(field)
    end
  end
end

local function forget_token(id)
  local token = load(id)
  if not token then
    return
  end
  drop_texts(token)
  leave_token(token)
  leave('t:' .. hex(id))
  drop(unpack(fields_of(id)))
end

local function create(token)
  token.id = count_up('tokens')
  token.family = token.family or token.id
  local fields = {}
  for _, name in ipairs(NAMES) do
    if token[name] then
      fields[#fields + 1] = 't:' .. token.id .. ':' .. name
      fields[#fields + 1] = token[name]
    end
  end
  put(records, unpack(fields))
  put_texts(token)
  enter('t:' .. hex(token.id))
  enter_token(token)
  if not token.refresh then
    remember('e', token.id)
  end
  local function is_over(id)
    local one = load(id)
    if not one or is_revoked(one, token.created) then
      return true
    end
    return not one.refresh and is_expired(one, token.created)
  end
  forget_surplus('r', kept, is_over, forget_token)
  forget_surplus('e', kept, is_over, forget_token)
  return token
end

local function optional(text)
  return string.sub(text, 1, 1) == '=' and string.sub(text, 2)
end

local function requested(token, refresh, body, grant, scopes, created, expires)
  return {
    token = token, refresh = optional(refresh), body = body, grant = grant, scopes = scopes,
    created = heed(created), expires = optional(expires),
  }
end

local function issue(reuse, new)
  if reuse == '1' then
    local prefix = 'u:' .. new.grant .. ':' .. new.scopes .. ':'
    local from, to = all_of(prefix)
    local newest = redis.call('ZREVRANGEBYLEX', index, to, from, 'LIMIT', '0', '1')[1]
    local token = newest and load(id_in(newest))
    if token and not is_expired(token, new.created) then
      return token
    end
  end
  return create(new)
end
