"""Webhooks: what happens is sent to receivers of the organization's own, signed, at least once."""
