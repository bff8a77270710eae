"""The only room with SQL: models, migrations, queries, search, export."""
