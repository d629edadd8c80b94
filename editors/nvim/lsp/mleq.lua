-- mleq-lsp for Neovim 0.11 and later: with this folder on the runtimepath,
-- `vim.lsp.enable('mleq')` is all the configuration there is.

-- Completion plugins that show the server's list themselves; two lists over each other would be noise.
local plugins = { 'cmp', 'blink.cmp', 'mini.completion', 'coq' }

local function has_completion_plugin()
  return vim.iter(plugins):any(function(name)
    return package.loaded[name] ~= nil
  end)
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
