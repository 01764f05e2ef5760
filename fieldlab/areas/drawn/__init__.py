"""The two maps of the sample data, drawn by hand: see draw.py."""

# What the sketch under the map covers, in degrees: west, south, east, north
SKETCH_BOUNDS = (4.72, 52.27, 5.10, 52.44)
