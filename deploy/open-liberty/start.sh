#!/bin/sh
# start.sh LIBERTY_HOME: runs the server "grantbook" in the foreground, on ADDRESS (127.0.0.1) and HTTP_PORT (8080), with Grantbook at
# CONTEXT_PATH (/). Settings of Grantbook come from the environment: GRANTBOOK_PUBLIC_URL and so on.
set -eu
exec "$1/bin/server" run grantbook
