"""The network core compiled: golden's results, some thousand times as fast."""
