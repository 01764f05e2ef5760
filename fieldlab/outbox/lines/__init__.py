"""The ways out. Each channel has a `line()`: a context manager that gives a sender, which raises one of `failures` or has sent."""
