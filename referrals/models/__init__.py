"""The referral tool's models, re-exported."""
