"""Notifications: what people are told of, in the app and by e-mail."""
