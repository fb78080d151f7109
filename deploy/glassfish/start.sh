#!/bin/sh
# start.sh GLASSFISH_HOME: runs the domain "grantbook" in the foreground.
# Settings of Grantbook come from the environment: GRANTBOOK_PUBLIC_URL and so on.
set -eu
export AS_JAVA="${AS_JAVA:-${JAVA_HOME:-}}"
exec "$1/bin/asadmin" start-domain --verbose grantbook
