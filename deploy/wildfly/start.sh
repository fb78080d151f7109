#!/bin/sh
# start.sh WILDFLY_HOME: runs WildFly in the foreground, on ADDRESS (127.0.0.1) and HTTP_PORT (8080); ADMIN_PORT (9990) is for this machine only.
# Settings of Grantbook come from the environment: GRANTBOOK_PUBLIC_URL and so on.
set -eu
exec "$1/bin/standalone.sh" -b "${ADDRESS:-127.0.0.1}" -bmanagement 127.0.0.1 \
  "-Djboss.http.port=${HTTP_PORT:-8080}" "-Djboss.management.http.port=${ADMIN_PORT:-9990}"
