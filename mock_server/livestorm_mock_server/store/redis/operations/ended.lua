-- What is over is remembered for a while.

local function remember(queue, what)
  local place = 'q:' .. queue .. ':' .. hex(count_up('places')) .. ':' .. what
  enter(place)
  return place
end

local function forget_surplus(queue, limit, is_over, forget)
  local from, to = all_of('q:' .. queue .. ':')
  for _ = 1, AT_ONCE do
    if redis.call('ZLEXCOUNT', index, from, to) <= limit then
      return
    end
    local place = first(from, to)
    local what = string.sub(place, 22)
    leave(place)
    if is_over(what) then
      forget(what)
    else
      remember(queue, what)
    end
  end
end
