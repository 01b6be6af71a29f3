"""A copy of the whole database in one file, and a database from such a file.

What has to hold is told in docs/backup.md: a file that bears a backup's name is whole, a restore changes everything or
nothing, and what was restored sends nothing by itself.
"""
