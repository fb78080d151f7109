#!/bin/sh
# configure.sh GLASSFISH_HOME GRANTBOOK_WAR: makes the domain "grantbook" in a new GlassFish and deploys Grantbook there.
# CONTEXT_PATH (default: /) is where Grantbook answers, on ADDRESS (127.0.0.1) and HTTP_PORT (8080). ADMIN_PORT (4848) is for this
# machine only.
set -eu
home=$1
war=$(realpath "$2")
path=${CONTEXT_PATH:-/}
admin=${ADMIN_PORT:-4848}
export AS_JAVA="${AS_JAVA:-${JAVA_HOME:-}}"
# Milliseconds that a start may take on a busy machine.
export AS_START_TIMEOUT=600000
asadmin() {
  "$home/bin/asadmin" --interactive=false --port "$admin" "$@"
}

asadmin create-domain --nopassword --adminport "$admin" --instanceport "${HTTP_PORT:-8080}" grantbook
# Before the first start: nothing listens for other machines but what ADDRESS names, and nothing but http. The rest is what Grantbook's
# deployment guide explains for Payara Micro.
sed -i -E \
  -e 's/<network-listener (port=.*name="http-listener-1")/<network-listener address="'"${ADDRESS:-127.0.0.1}"'" \1/' \
  -e 's/<network-listener (port=.*name="admin-listener")/<network-listener address="127.0.0.1" \1/' \
  -e 's/<network-listener (port=.*name="http-listener-2")/<network-listener enabled="false" \1/' \
  -e 's/<(jmx-connector|iiop-listener) /<\1 enabled="false" /' \
  -e 's/<http default-virtual-server="server" /&xpowered-by="false" allow-payload-for-undefined-http-methods="true" /' \
  -e 's/<transport name="tcp"/& read-timeout-millis="10000"/' \
  -e 's/<thread-pool name="http-thread-pool" max-queue-size/<thread-pool name="http-thread-pool" max-thread-pool-size="200" max-queue-size/' \
  -e 's/<java-config [^>]*>/&<jvm-options>-Dproduct.name=<\/jvm-options>/' \
  -e 's/<java-config [^>]*>/&<jvm-options>-Dorg.glassfish.grizzly.http.STRICT_HEADER_VALUE_VALIDATION_RFC_9110=false<\/jvm-options>/' \
  "$home/glassfish/domains/grantbook/config/domain.xml"
asadmin start-domain grantbook
asadmin deploy --enabled=false --contextroot "$path" --name grantbook "$war"
asadmin set applications.application.grantbook.enabled=true servers.server.server.application-ref.grantbook.enabled=true
asadmin stop-domain grantbook
