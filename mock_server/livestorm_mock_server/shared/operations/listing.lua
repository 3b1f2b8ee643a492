-- The ids of the sandboxes beside the default one.
--
-- KEYS: a set. ARGV: the seconds after which it is garbage, "SADD", "SREM" or "SMEMBERS", and ids.
local answer = redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[1], ARGV[1])
return answer
