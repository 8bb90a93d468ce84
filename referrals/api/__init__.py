"""The API of the referral tool, for members in their session and for programs with a token."""
