"""What a delegate waits for and what the server bears: `make bench` prints figures and judges none."""
