-- Creates ConfigMaps of 1 KB, each with a name of its own; no more than its argument says. The namespace's path is the URL's.
local sent = 0
local run = os.time() .. "-" .. tostring({}):match("0x(%x+)")
local padding = string.rep("x", 840)

function init(args)
  local left = tonumber(args[1])
  if not left then return end
  function delay()
    left = left - 1
    return left >= 0 and 0 or 3600000
  end
end

function request()
  sent = sent + 1
  local body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c-' .. run .. '-' .. sent .. '","labels":{"app":"bench"}},"data":{"value":"' .. padding .. '"}}'
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["Authorization"] = wrk.headers["Authorization"] }, body)
end
