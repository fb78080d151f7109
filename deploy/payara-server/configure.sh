#!/bin/sh
# configure.sh PAYARA_HOME GRANTBOOK_WAR: makes the domain "grantbook" in a new Payara Server and deploys Grantbook there.
# CONTEXT_PATH (default: /) is where Grantbook answers, on ADDRESS (127.0.0.1) and HTTP_PORT (8080). ADMIN_PORT (4848) is for this
# machine only.
set -eu
home=$1
war=$(realpath "$2")
path=${CONTEXT_PATH:-/}
admin=${ADMIN_PORT:-4848}
export AS_JAVA="${AS_JAVA:-${JAVA_HOME:-}}"
asadmin() {
  "$home/bin/asadmin" --interactive=false --port "$admin" "$@"
}

asadmin create-domain --nopassword --adminport "$admin" --instanceport "${HTTP_PORT:-8080}" grantbook
settings=$home/glassfish/domains/grantbook/config/grantbook.txt
server=configs.config.server-config
cat > "$settings" <<SETTINGS
set $server.network-config.network-listeners.network-listener.http-listener-1.address=${ADDRESS:-127.0.0.1}
set $server.network-config.network-listeners.network-listener.admin-listener.address=127.0.0.1
# The proxy in front of the server speaks https.
set $server.network-config.network-listeners.network-listener.http-listener-2.enabled=false
# No data grid: Grantbook's nodes share the database.
set $server.hazelcast-config-specific-configuration.enabled=false
# Nothing else listens.
set $server.admin-service.jmx-connector.system.enabled=false
set $server.iiop-service.iiop-listener.orb-listener-1.enabled=false
set $server.iiop-service.iiop-listener.SSL.enabled=false
set $server.iiop-service.iiop-listener.SSL_MUTUALAUTH.enabled=false
# What Grantbook's deployment guide explains for Payara Micro.
set $server.network-config.protocols.protocol.http-listener-1.http.server-header=false
set $server.network-config.protocols.protocol.http-listener-1.http.xpowered-by=false
set $server.network-config.protocols.protocol.http-listener-1.http.allow-payload-for-undefined-http-methods=true
set $server.network-config.transports.transport.tcp.read-timeout-millis=10000
# As many calls through Grantbook's own proxy at a time as grantbook.proxy.concurrent allows, and more.
set $server.thread-pools.thread-pool.http-thread-pool.max-thread-pool-size=200
SETTINGS
asadmin start-domain --prebootcommandfile "$settings" grantbook
asadmin create-jvm-options -Dorg.glassfish.grizzly.http.STRICT_HEADER_VALUE_VALIDATION_RFC_9110=false
asadmin deploy --enabled=false --contextroot "$path" --name grantbook "$war"
asadmin set applications.application.grantbook.enabled=true servers.server.server.application-ref.grantbook.enabled=true
asadmin stop-domain grantbook
