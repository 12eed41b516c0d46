-- Registers residents' cases at about 200 a second: 20 connections, each pausing 100 ms between its requests.
-- One address sends 12,000 requests a minute, so the server has to allow as many:
--   paiban serve --open --writes-per-minute 60000 …
--   wrk -t2 -c20 -d30s -s bench/intake.lua http://127.0.0.1:8080
-- The loaded city (seed 7) has the eleven streets of district 220105, each with at least ten communities.
local serial = 0
local thread_count = 0

function setup(thread)
  thread_count = thread_count + 1
  thread:set("number", thread_count)
end

function delay()
  return 100
end

function request()
  serial = serial + 1
  local unit = string.format("220105%03d%03d", serial % 11 + 1, serial % 10 + 1)
  local body = string.format(
    '{"unit":"%s","channel":"hotline","subject":"%d号楼楼道灯不亮","address":"测试路%d号",' ..
      '"location":{"latitude":%.6f,"longitude":%.6f},"resident":{"name":"张桂英","phone":"13800005678"}}',
    unit, serial % 40, serial % 500, 43.86 + (serial % 97) / 5000, 125.37 + (serial % 89) / 5000)
  local headers = {
    ["content-type"] = "application/json",
    ["idempotency-key"] = string.format("bench-%d-%d-%d", os.time(), number, serial),
  }
  return wrk.format("POST", "/api/v1/cases", headers, body)
end

function done(summary, latency, requests)
  local errors = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.write
  print(string.format("rate_per_second: %.0f", summary.requests / (summary.duration / 1e6)))
  print(string.format("p50_ms: %.1f", latency:percentile(50) / 1000))
  print(string.format("p99_ms: %.1f", latency:percentile(99) / 1000))
  print(string.format("max_ms: %.1f", latency.max / 1000))
  print(string.format("errors: %d", errors))
end
