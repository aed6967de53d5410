"""An interrupt service after docs/spec.md, written for being read and copied."""
