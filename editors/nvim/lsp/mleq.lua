-- mleq-lsp for Neovim 0.11 and later: with this folder on the runtimepath,
-- `vim.lsp.enable('mleq')` is all the configuration there is.

-- By autocommands and not by `on_attach`, which is the user's own.
require('mleq.client').watch()

---@type vim.lsp.Config
return {
  cmd = { 'mleq-lsp' },
  filetypes = { 'tex', 'plaintex', 'markdown', 'quarto', 'rmd' },
  root_markers = { '.mleq', '.latexmkrc', '_quarto.yml', '.git' },
  on_exit = function(...)
    require('mleq.server').on_exit(...)
  end,
}
