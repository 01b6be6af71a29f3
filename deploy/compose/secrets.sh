#!/bin/sh
# Make the secrets of compose.yaml, once and as root: sh compose/secrets.sh
# It asks for the address of the mail server, or reads it from its input: nothing secret stands on a command line.
# What is there already stays. Only the account that needs a secret may read it, and root: the product's (10001), or
# that of PostgreSQL (999), whose first start reads the two roles' own.
set -eu
[ ! -t 0 ] || printf 'Mail server, such as smtp://user:password@host:587?tls=1: ' >&2
IFS= read -r mail
: "${mail:?the address of the mail server}"
umask 077
mkdir -p secrets
cd secrets
keep() { [ -s "$1" ] || cat > "$1"; }
openssl rand -hex 40 | keep secret_key
openssl rand -hex 32 | keep api_token_pepper
openssl rand -hex 24 | keep postgres
openssl rand -hex 24 | keep owner
openssl rand -hex 24 | keep serves
printf '%s\n' "$mail" | keep email_url
printf 'postgresql://samenspraak:%s@database:5432/samenspraak\n' "$(cat serves)" | keep database_url
printf 'postgresql://samenspraak_owner:%s@database:5432/samenspraak\n' "$(cat owner)" | keep migration_database_url
if [ "$(id -u)" -eq 0 ]; then
    chown 10001:10001 secret_key api_token_pepper database_url migration_database_url email_url
    chown 999:999 postgres owner serves
else
    echo 'Not root: make 10001 the owner of secret_key, api_token_pepper, email_url and *database_url, and 999 of the rest.' >&2
fi
