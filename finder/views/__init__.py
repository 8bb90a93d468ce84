"""Public pages, one module for each part of the site; what a page says is in its template."""
