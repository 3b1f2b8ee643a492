-- What is asked for.

return operations[ARGV[3]](unpack(ARGV, 4))
