"""What pages show, made ready: words for values, cards for rows; no rules and no writes."""
