"""Many phones for a long time: no torn release, no step back, no growing server (`make soak`)."""
