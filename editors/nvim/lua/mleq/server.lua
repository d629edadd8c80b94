-- The server as a process: started again, and read about.
local M = {}

local client = require('mleq.client')

-- How often a server that ends by itself is started again within how many minutes, and how soon: Neovim's own
-- message about the end has to be seen before ours.
local most, minutes, pause_ms = 3, 5, 500
local patience_ms = 3000

local ends = {} ---@type integer[] when it ended, in milliseconds

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

-- Neovim says that a server has ended, and leaves it at that.
---@param code integer
---@param signal integer
function M.on_exit(code, signal)
  local was_asked = code == 0 and (signal == 0 or signal == 15)
  if not was_asked then
    vim.defer_fn(M.revive, pause_ms)
  end
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
