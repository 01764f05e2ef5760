"""Who hears what: every mail and text message of this app, each in its reader’s language. A module a flow."""
