(ERROR) @doc
