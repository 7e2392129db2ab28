"""Pure rules and values. No input or output, no clock, no SQL, no Reflex."""
