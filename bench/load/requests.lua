-- What wrk sends: one operation, named by the first argument, over keys of a namespace.
--   plain  <path>                     the same GET again and again
--   random <path> <count>             GETs of <path>pod-<0..count-1>
--   post   <path> <body file> <prefix> creates, @NAME@ in the body replaced by a name never used before
--   patch  <path> <count> <type>      patches a label of a random pod
--   delete <path> <prefix> <count>    deletes <path><prefix>1 … <count>, each once; the clock stops at the last answer
local op, path, a2, a3
local body, before, after
local counter = 0
local ffi = require("ffi")
ffi.cdef("typedef struct { long sec; long nsec; } moment; int clock_gettime(int clock, moment *now);")

local function micros()
  local now = ffi.new("moment")
  ffi.C.clock_gettime(1, now)
  return tonumber(now.sec) * 1e6 + tonumber(now.nsec) / 1e3
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end

-- Seen by done(): how many deletes there were to answer, and how long it took.
answered, took = 0, 0
local begun

-- Defined only where it is needed: without it wrk does not look into answers.
local function noteDeletes(count)
  response = function(status)
    if status ~= 200 then return end
    answered = answered + 1
    if answered == count then
      took = micros() - begun
      wrk.thread:stop()
    end
  end
end

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
  elseif op == "delete" then
    -- wrk asks for one request and throws it away before it starts: that name is never deleted.
    noteDeletes(tonumber(a3) - 1)
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
  if counter == 2 then begun = micros() end
  if counter > tonumber(a3) then return wrk.format("HEAD", "/readyz") end
  return wrk.format("DELETE", path .. a2 .. counter)
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  local all = threads[1]:get("answered")
  if all > 0 and threads[1]:get("took") > 0 then
    io.write(string.format("RESULT %d %d %d 0\n", all, threads[1]:get("took"), failed))
    return
  end
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration, failed, latency:percentile(99)))
end
