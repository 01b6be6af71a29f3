#!/bin/sh
# The two roles and the database (docs/schools.md), made once, when the database's folder is empty. psql reads the
# passwords itself: a command line can be read by others.
set -eu
test -r /run/secrets/owner
test -r /run/secrets/serves
psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set owner `cat /run/secrets/owner`
\set serves `cat /run/secrets/serves`
CREATE ROLE samenspraak_owner LOGIN PASSWORD :'owner';
CREATE ROLE samenspraak LOGIN PASSWORD :'serves';
CREATE DATABASE samenspraak OWNER samenspraak_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
SQL
