"""What happens by itself: each task finds what is due and calls an action. Missing or doubling one harms nothing."""
