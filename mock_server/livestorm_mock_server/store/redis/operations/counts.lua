-- Applications, counts of requests, and the end of all.

function operations.add_application(client_id, body)
  put(applications, client_id, body)
end

function operations.applications()
  return redis.call('HVALS', applications)
end

function operations.find_application(client_id)
  return redis.call('HGET', applications, client_id)
end

function operations.count_request(bucket, now, second, period_ends, interval_limit, monthly_limit)
  now = heed(now)
  local field = 'w:' .. bucket .. ':'
  local window = redis.call(
    'HMGET', records, field .. 'second', field .. 'count', field .. 'starts', field .. 'ends',
    field .. 'total', field .. 'place', field .. 'clock')
  local count, starts, ends = tonumber(window[2] or '0'), window[3], window[4]
  local total = tonumber(window[5] or '0')
  if clock ~= '' and window[1] and window[1] > second and window[7] == clock then
    second = window[1]
  end
  if window[1] ~= second then
    count = 0
  end
  if not starts or now < starts or now >= ends then
    starts, ends, total = now, period_ends, 0
  end
  local exceeded = false
  if total >= tonumber(monthly_limit) then
    exceeded = 'monthly'
  elseif count >= tonumber(interval_limit) then
    exceeded = 'interval'
  else
    count, total = count + 1, total + 1
  end
  if window[6] then
    leave(window[6])
  end
  put(
    records, field .. 'second', second, field .. 'count', string.format('%d', count),
    field .. 'starts', starts, field .. 'ends', ends,
    field .. 'total', string.format('%d', total), field .. 'place', remember('w', bucket),
    field .. 'clock', clock)
  local function is_over()
    return true
  end
  local function forget(one)
    local field = 'w:' .. one .. ':'
    drop(
      field .. 'second', field .. 'count', field .. 'starts', field .. 'ends', field .. 'total',
      field .. 'place', field .. 'clock')
  end
  forget_surplus('w', counts_kept, is_over, forget)
  return {count, total, ends, exceeded}
end

function operations.clear()
  redis.call('UNLINK', records, applications, index)
end
