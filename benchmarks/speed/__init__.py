"""The site as deployed, driven over HTTP beside other ways of giving the same answers."""
