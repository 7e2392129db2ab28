"""Parts that both faces are made of; they know neither."""
