#!/bin/sh
# Runs once, when the database folder is empty: the owner's role migrates, the app's role is bound by row-level security.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE fieldlab_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE fieldlab_app LOGIN PASSWORD :'app_password';
CREATE DATABASE fieldlab OWNER fieldlab_owner;
REVOKE ALL ON DATABASE fieldlab FROM PUBLIC;
GRANT CONNECT ON DATABASE fieldlab TO fieldlab_app;
SQL
