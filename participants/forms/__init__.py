"""Input shapes and their messages, a module a flow."""
