"""Services that are not ours, each answered by a small local server over a real socket."""
