"""One module per app; every person lives at demo.example."""
