-- The server as a process: started again, and read about.
local M = {}

local client = require('mleq.client')

-- How often a server that ends by itself is started again within how many minutes, and how soon: Neovim's own
-- message about the end has to be seen before ours.
local most, minutes, pause_ms = 3, 5, 500
local patience_ms = 3000
-- What is wrong with the settings is told by the server one by one.
local gather_ms = 100

local ends = {} ---@type integer[] when it ended, in milliseconds

-- What each client's server has complained about, for :checkhealth.
M.complaints = {} ---@type table<integer, string[]>
local untold = {} ---@type string[]

local function running()
  return vim.lsp.get_clients({ name = 'mleq' })
end

function M.restart()
  if not client.is_enabled() then
    return client.say("vim.lsp.enable('mleq') was not called", vim.log.levels.WARN)
  end
  ends = {}
  vim.lsp.enable('mleq', false)
  local has_ended = vim.wait(patience_ms, function()
    return #running() == 0
  end, 20)
  for _, one in ipairs(has_ended and {} or running()) do
    one:stop(true)
  end
  vim.lsp.enable('mleq')
end

function M.log()
  vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.log.get_filename()))
  vim.cmd.normal({ 'G', bang = true })
end

---@param params lsp.ShowMessageParams
---@param context lsp.HandlerContext
function M.on_message(problem, params, context)
  if not params or params.type > vim.lsp.protocol.MessageType.Warning then
    return vim.lsp.handlers['window/showMessage'](problem, params, context)
  end
  M.complaints[context.client_id] = vim.list_extend(M.complaints[context.client_id] or {}, { params.message })
  table.insert(untold, params.message)
  if #untold == 1 then
    vim.defer_fn(M.tell, gather_ms)
  end
end

-- What is wrong, without what to do about it, and of a file its name and the place in it.
---@param message string
local function in_short(message)
  local place, problem = message:match('([^/\\]*:%d+:%d+: )(.+)$')
  problem = problem or message
  return (place or '') .. (problem:match('^(.-): ') or problem)
end

-- All in one line: more than that would ask for a key, and each message anew.
function M.tell()
  local first, count = in_short(untold[1]), #untold
  untold = {}
  local rest = (count == 1 and '' or (', and %d more'):format(count - 1)) .. '; see :checkhealth mleq'
  local room = vim.v.echospace - #'mleq: ' - #rest
  if vim.fn.strchars(first) > room then
    first = vim.fn.strcharpart(first, 0, room - 1) .. '…'
  end
  client.say(first .. rest, vim.log.levels.WARN)
end

-- Neovim says that a server has ended, and leaves it at that.
---@param code integer
---@param signal integer
---@param id integer of the client
function M.on_exit(code, signal, id)
  local was_asked = code == 0 and (signal == 0 or signal == 15)
  local one = vim.lsp.get_client_by_id(id)
  if not was_asked then
    vim.defer_fn(one and one.initialized and M.revive or M.say_that_it_does_not_start, pause_ms)
  end
end

-- Another attempt would end in the same way.
function M.say_that_it_does_not_start()
  client.say('the server does not start; :checkhealth mleq says why', vim.log.levels.ERROR)
end

function M.revive()
  if vim.v.exiting ~= vim.NIL or not client.is_enabled() then
    return
  end
  local now = vim.uv.now()
  ends = vim.tbl_filter(function(at)
    return now - at < minutes * 60000
  end, ends)
  table.insert(ends, now)
  if #ends > most then
    local told = 'the server ended %d times within %d minutes: see :Mleq log, then :Mleq restart'
    return client.say(told:format(#ends, minutes), vim.log.levels.ERROR)
  end
  vim.lsp.enable('mleq')
  -- Two messages at once would ask for a key.
  vim.cmd.redraw()
  client.say('the server had ended and was started again', vim.log.levels.WARN)
end

return M
