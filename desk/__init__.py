"""The analysts' desk: pages and a JSON API over the incident table.

`create_app(Desk.of(database, settings))` in desk.app is the whole of it; `sageon serve` runs it. This room may import `storage`
and `alerts` only: what it needs to know of outlets and place names comes in with its settings.
"""
