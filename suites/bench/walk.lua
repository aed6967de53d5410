-- For wrk: asks each interrupt of a file once, every thread those of its own.
-- usage: wrk -t THREADS ... -s walk.lua URL -- get|respond IDS THREADS
local threads = {}

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

local requests, count, at = {}, 0, 0
ran_out = false

function init(arguments)
    local method, tail, headers, body = "GET", "", nil, nil
    if arguments[1] == "respond" then
        method, tail, body = "POST", "/respond", '{"text":"yes"}'
        headers = { ["Content-Type"] = "application/json" }
    end
    local line = 0
    for id in io.lines(arguments[2]) do
        if line % tonumber(arguments[3]) == number then
            count = count + 1
            requests[count] = wrk.format(method, wrk.path .. "/interrupts/" .. id .. tail .. "?user_id=ann", headers, body)
        end
        line = line + 1
    end
end

function request()
    at = at + 1
    if at > count then
        ran_out = true
        at = 1
    end
    return requests[at]
end

function done(summary, latency)
    local errors = summary.errors
    local out = 0
    for _, thread in ipairs(threads) do
        if thread:get("ran_out") then
            out = 1
        end
    end
    io.write(string.format("walked %d in %d us, refused %d, broken %d, ran out %d\n", summary.requests, summary.duration,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout, out))
end
