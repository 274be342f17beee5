"""The MIME types by which a page publishes: what it read, its exhibits, and the figures of charts and maps."""

READ_MIME = "application/vnd.casebook.read+json"
EXHIBIT_MIME = "application/vnd.casebook.exhibit+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"
