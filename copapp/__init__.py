"""The conference companion; README.md in this folder is the map of the house."""
