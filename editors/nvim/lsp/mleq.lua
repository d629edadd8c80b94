-- mleq-lsp for Neovim 0.11 and later: with this folder on the runtimepath,
-- `vim.lsp.enable('mleq')` is all the configuration there is.

-- Completion plugins that show the server's list themselves; two lists over each other would be noise.
local plugins = { 'cmp', 'blink.cmp', 'mini.completion', 'coq' }

local function has_completion_plugin()
  return vim.iter(plugins):any(function(name)
    return package.loaded[name] ~= nil
  end)
end

-- An answer that comes after the writer has typed on is shown by Neovim as if it were about the new text:
-- ask again, unless something was selected meanwhile.
local function refresh_late_list(client)
  if not vim.tbl_isempty(vim.v.event.completed_item) then
    return
  end
  local first = vim.fn.complete_info({ 'items' }).items[1]
  local sent = vim.tbl_get(first or {}, 'user_data', 'nvim', 'lsp')
  if not sent or sent.client_id ~= client.id then
    return
  end
  local answered = vim.tbl_get(sent.completion_item, 'textEdit', 'range', 'end', 'character')
  local cursor = vim.lsp.util.make_position_params(0, client.offset_encoding).position.character
  if answered ~= cursor then
    vim.schedule(vim.lsp.completion.get)
  end
end

local function enable_completion(client, bufnr)
  if vim.g.mleq_completion == false or has_completion_plugin() or not vim.api.nvim_buf_is_valid(bufnr) then
    return
  end
  -- The default ('menu,popup') shows no list for a single match and writes the first one into the text unasked.
  -- A value that the user chose is left alone.
  if vim.o.completeopt == 'menu,popup' then
    vim.bo[bufnr].completeopt = 'menuone,noselect,popup'
  end
  vim.lsp.completion.enable(true, client.id, bufnr, { autotrigger = true })
  vim.api.nvim_create_autocmd('CompleteChanged', {
    buffer = bufnr,
    callback = function()
      refresh_late_list(client)
    end,
  })
end

---@type vim.lsp.Config
return {
  cmd = { 'mleq-lsp' },
  filetypes = { 'tex', 'plaintex', 'markdown', 'quarto', 'rmd' },
  root_markers = { '.mleq', '.latexmkrc', '_quarto.yml', '.git' },
  on_attach = function(client, bufnr)
    local function enable()
      enable_completion(client, bufnr)
    end
    if vim.api.nvim_get_mode().mode:sub(1, 1) == 'i' then
      enable()
    else
      -- At the first insert and not now: plugin managers load completion plugins only then.
      vim.api.nvim_create_autocmd('InsertEnter', { buffer = bufnr, once = true, callback = enable })
    end
  end,
}
