"""The same jobs on several machines: Celery carries invitations to work, the database says what the work is.

A message says "crawl this source" or "read a batch"; whoever takes it claims the work in the database first, under a
lease with a fencing token. A message that is lost, doubled or late therefore loses, doubles and delays nothing for
good: the dispatcher sees what is still to be done and invites again. Nothing here is imported unless the `cluster`
extra is used.
"""
