-- What wrk sends: one operation, named by the first argument, over keys of a namespace.
--   plain  <path>                     the same GET again and again
--   random <path> <count>             GETs of <path>pod-<0..count-1>
--   post   <path> <body file> <prefix> creates, @NAME@ in the body replaced by a name never used before
--   patch  <path> <count> <type>      patches a label of a random pod
--   delete <path> <prefix>            deletes <path><prefix>1, 2, …: each name once
local op, path, a2, a3
local body, before, after
local counter = 0

function init(args)
  op, path, a2, a3 = args[1], args[2], args[3], args[4]
  math.randomseed(os.time())
  if op == "post" then
    local file = assert(io.open(a2, "rb"))
    body = file:read("*a")
    file:close()
    local from, to = string.find(body, "@NAME@", 1, true)
    before, after = string.sub(body, 1, from - 1), string.sub(body, to + 1)
    wrk.headers["Content-Type"] = "application/json"
  elseif op == "patch" then
    wrk.headers["Content-Type"] = a3
  end
end

local function pod(count)
  return path .. "pod-" .. math.random(0, count - 1)
end

function request()
  counter = counter + 1
  if op == "plain" then return wrk.format("GET", path) end
  if op == "random" then return wrk.format("GET", pod(tonumber(a2))) end
  if op == "post" then return wrk.format("POST", path, nil, before .. a3 .. counter .. after) end
  if op == "patch" then
    return wrk.format("PATCH", pod(tonumber(a2)), nil, '{"metadata":{"labels":{"turn":"t' .. counter .. '"}}}')
  end
  return wrk.format("DELETE", path .. a2 .. counter)
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration, failed, latency:percentile(99)))
end
