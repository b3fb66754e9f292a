-- Run by wrk: sends the requests of a file, each ended by a zero byte, in random order, or without a file plain GETs; says at
-- the end what came back.
local requests = {}

function init(args)
  if args[1] == "" then
    requests[1] = wrk.format()
    return
  end
  local file = assert(io.open(args[1], "rb"))
  for each in string.gmatch(file:read("*a"), "([^%z]+)%z") do
    requests[#requests + 1] = each
  end
  file:close()
  math.randomseed(tonumber(args[2]))
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\n{"requests":%d,"us":%d,"failed":%d,"p50Us":%d,"p99Us":%d}\n',
    summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(99)))
end
