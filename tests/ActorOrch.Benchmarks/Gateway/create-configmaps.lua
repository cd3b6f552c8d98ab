-- Creates ConfigMaps of 1 KB, each with a name of its own. The namespace's path is the URL's.
local sent = 0
local run = os.time() .. "-" .. tostring({}):match("0x(%x+)")
local padding = string.rep("x", 840)

function request()
  sent = sent + 1
  local body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c-' .. run .. '-' .. sent .. '","labels":{"app":"bench"}},"data":{"value":"' .. padding .. '"}}'
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["Authorization"] = wrk.headers["Authorization"] }, body)
end
