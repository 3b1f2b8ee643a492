-- What is asked for, one after the other.

local answer
local at = 6
while ARGV[at] do
  local number = tonumber(ARGV[at + 1])
  answer = operations[ARGV[at]](unpack(ARGV, at + 2, at + 1 + number))
  at = at + 2 + number
end
if is_rehearsal then
  take_back()
else
  for _, key in ipairs(KEYS) do
    redis.call('EXPIRE', key, lifetime)
  end
end
return answer
