-- The operations on tokens and on whose they are.

function operations.issue_token(reuse, ...)
  return told(issue(reuse, requested(...)))
end

function operations.rotate(refresh, mode, repeats, grace_ends, ...)
  local old, new = find('r:' .. refresh), requested(...)
  if not old or is_revoked(old, new.created) then
    return ALREADY_USED
  end
  new.family = old.family
  if mode == 'never' then
    new.refresh = refresh
    local token = create(new)
    move(old, 'refresh', false)
    remember('e', old.id)
    return told(token)
  end
  if repeats == '1' and old.successor then
    local successor = load(old.successor)
    if not successor or is_revoked(successor, new.created) then
      return ALREADY_USED
    end
    return told(successor)
  end
  new.previous = mode == 'on_use' and refresh
  local token = create(new)
  if mode == 'instant' or mode == 'family' then
    let_end(old, new.created)
  elseif mode ~= 'on_use' and not old.ending then
    let_end(old, grace_ends)
  end
  if repeats == '1' then
    set(old, 'successor', token.id)
  end
  return told(token)
end

function operations.find_token(token)
  return told(find('a:' .. token))
end

function operations.find_refresh_token(refresh)
  return told(find('r:' .. refresh))
end

function operations.present_token(text, now)
  now = heed(now)
  local token = find('a:' .. text)
  if token and token.previous then
    revoke(find('r:' .. token.previous), now)
    set(token, 'previous', false)
  end
  return told(token)
end

function operations.revoke_token(id, now)
  now = heed(now)
  local token = load(id)
  revoke(token, now)
  if token and token.refresh then
    revoke_living('f:' .. token.family .. ':0:', now)
  end
end

function operations.revoke_family(family, now)
  now = heed(now)
  revoke_living('f:' .. family .. ':0:', now)
  revoke_living('f:' .. family .. ':1:', now)
end

function operations.expire_token(id)
  local token = load(id)
  if token then
    set(token, 'expired', '1')
  end
end

function operations.rename_token(id, text, refresh)
  local token = load(id)
  if not token then
    return false
  end
  drop_texts(token)
  if optional(text) then
    set(token, 'token', optional(text))
  end
  if optional(refresh) then
    move(token, 'refresh', optional(refresh))
  end
  put_texts(token)
  return told(token)
end

function operations.has_valid_token(grant, scopes)
  return first(all_of('u:' .. grant .. ':' .. scopes .. ':')) and 1 or 0
end

function operations.tokens()
  local answer = {}
  for at, member in ipairs(members(all_of('t:'))) do
    answer[at] = told(load(id_in(member)))
  end
  return answer
end

function operations.authorized_applications(user)
  local from, to = all_of('u:' .. user .. ':')
  local ids, member = {}, first(from, to)
  while member do
    local id = string.match(member, '^u:[^:]*:([^:]*):')
    ids[#ids + 1] = id
    member = first('(u:' .. user .. ':' .. id .. ':\255', to)
  end
  return {ids, redis.call('HVALS', applications)}
end

function operations.revoke_application(grant, now)
  now = heed(now)
  local from, to = all_of('u:' .. grant .. ':')
  revoke_all(from, to, now)
  revoke_living('r:' .. grant .. ':', now)
  local prefix = 'c:' .. grant .. ':'
  for _, member in ipairs(members(all_of(prefix))) do
    end_code(string.sub(member, #prefix + 1), now)
  end
end
