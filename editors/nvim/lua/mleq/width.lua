-- How wide a preview may be. Neovim breaks the lines of a float at its window's width, in the middle of a drawing:
-- the server, which can break a formula where it reads well, has to know.
local M = {}

-- Cells of a line in a preview, as the server takes them.
local widest, narrowest = 88, 20

local function tell(client)
  local border = vim.tbl_contains({ '', 'none' }, vim.o.winborder) and 0 or 2
  local room = vim.api.nvim_win_get_width(0) - border
  local chosen = vim.tbl_get(client.config.settings or {}, 'mleq', 'previewWidth') or widest
  local width = math.max(math.min(room, chosen), narrowest)
  if width ~= vim.tbl_get(client.settings, 'mleq', 'previewWidth') then
    client.settings = vim.tbl_deep_extend('force', client.settings, { mleq = { previewWidth = width } })
    client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  end
end

---@param client vim.lsp.Client
function M.keep_telling(client)
  local function tell_if_here()
    if vim.lsp.buf_is_attached(0, client.id) then
      tell(client)
    end
    return client:is_stopped()
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'WinEnter', 'WinResized' }, {
    group = vim.api.nvim_create_augroup('mleq_width_' .. client.id, { clear = true }),
    callback = tell_if_here,
  })
  tell_if_here()
end

return M
