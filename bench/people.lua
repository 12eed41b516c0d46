-- wrk script: asks for the paths of a file, one after the other, starting each thread elsewhere.
local paths = {}
local started = 0

function setup(thread)
  started = started + 1
  thread:set("number", started)
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    paths[#paths + 1] = line
  end
  at = (number * 7919) % #paths
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end

function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout
  io.write(string.format("requests-per-second: %.1f\n", summary.requests / summary.duration * 1e6))
  io.write(string.format("p50-ms: %.3f\n", latency:percentile(50) / 1000))
  io.write(string.format("p99-ms: %.3f\n", latency:percentile(99) / 1000))
  io.write(string.format("failed: %d\n", failed))
end
