"""One module a field: what a document says of itself. Each takes a Source and gives Guesses with their lines."""
