"""Mail and webhooks: what they say, and how they go out. For `services` only."""
