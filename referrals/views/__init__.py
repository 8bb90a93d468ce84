"""Pages of the referral tool: the quick referral for anyone, the rest for members."""
