"""What a trace is made of: scopes, the table of rows, traced arrays, the tape and the graph."""
