-- Codes.

local function code_field(code, name)
  return 'c:' .. code .. ':' .. name
end

local function forget_code(code)
  local grant = get(code_field(code, 'grant'))
  if grant then
    leave('c:' .. grant .. ':' .. code)
  end
  drop(
    code_field(code, 'body'), code_field(code, 'grant'), code_field(code, 'expires'),
    code_field(code, 'ending'), code_field(code, 'token'))
end

local function end_code(code, now, token_id)
  put(records, code_field(code, 'ending'), now)
  if token_id then
    put(records, code_field(code, 'token'), token_id)
  end
  leave('c:' .. get(code_field(code, 'grant')) .. ':' .. code)
end

function operations.issue_code(code, body, grant, created, expires)
  created = heed(created)
  forget_code(code)
  put(
    records, code_field(code, 'body'), body, code_field(code, 'grant'), grant,
    code_field(code, 'expires'), expires)
  enter('c:' .. grant .. ':' .. code)
  remember('c', code)
  local function is_over(one)
    local ends = get(code_field(one, 'expires'))
    return not ends or get(code_field(one, 'ending')) or created > ends
  end
  forget_surplus('c', kept, is_over, forget_code)
end

function operations.find_code(code)
  local body = get(code_field(code, 'body'))
  return body and {body, get(code_field(code, 'ending')), get(code_field(code, 'token'))}
end

function operations.redeem_code(code, reuse, ...)
  if not get(code_field(code, 'body')) or get(code_field(code, 'ending')) then
    return ALREADY_USED
  end
  local new = requested(...)
  local token = issue(reuse, new)
  end_code(code, new.created, token.id)
  return told(token)
end
