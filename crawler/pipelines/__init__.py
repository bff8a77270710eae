"""What happens to a fetched page: it is cleaned in a worker process and stored in batches."""
