-- What wrk asks: the requests of a file, in turn, at a stated rate or as fast as it can.
--
-- wrk ... -s web_load.lua ADDRESS -- FILE PAUSE
-- FILE has lines such as "GET /health 200", with the status that is right, and an ETag that the
-- browser has where it asks again; PAUSE is how many
-- milliseconds each connection waits between two requests, on average. Prints JSON at the end.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  requests, at, pause = {}, 0, tonumber(arguments[2])
  asked, statuses = {}, {}
  for line in io.lines(arguments[1]) do
    local method, path, status, etag = line:match("^(%S+) (%S+) (%d+) ?(%S*)$")
    local body = method == "POST" and "List-Unsubscribe=One-Click" or nil
    local headers = body and { ["Content-Type"] = "application/x-www-form-urlencoded" } or {}
    headers["Host"] = "news.example"
    if etag ~= "" then headers["If-None-Match"] = etag end
    table.insert(requests, { wrk.format(method, path, headers, body), tonumber(status) })
  end
end

function delay()
  return pause == 0 and 0 or math.random(0, 2 * pause)
end

function request()
  at = at % #requests + 1
  local bytes, status = requests[at][1], requests[at][2]
  asked[status] = (asked[status] or 0) + 1
  return bytes
end

function response(status)
  statuses[status] = (statuses[status] or 0) + 1
end

-- Of each status no more than were asked for: a few of those may not have been answered at the end.
local function wrong()
  local number = 0
  for _, thread in ipairs(threads) do
    local asked, statuses = thread:get("asked"), thread:get("statuses")
    for status, times in pairs(statuses) do
      number = number + math.max(0, times - (asked[status] or 0))
    end
  end
  return number
end

function done(summary, latency)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  print(string.format(
    '{"seconds": %.3f, "answers": %d, "p50_ms": %.2f, "p99_ms": %.2f, "slowest_ms": %.2f, '
      .. '"lost": %d, "wrong": %d}',
    summary.duration / 1e6, summary.requests, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3, lost, wrong()
  ))
end
