"""How the site draws: cut paper, seeded by a name, so that the same name gives the same picture every time."""
