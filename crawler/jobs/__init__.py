"""The work as plain functions, their edges passed in: the command line, a schedule and a task queue call the same."""
