#!/bin/sh
# configure.sh WILDFLY_HOME GRANTBOOK_WAR: prepares a new WildFly (standalone.xml) for Grantbook and deploys it. The server must not run.
# CONTEXT_PATH (default: /) is where Grantbook answers.
set -eu
home=$1
war=$(realpath "$2")
path=${CONTEXT_PATH:-/}
name=${path#/}

"$home/bin/jboss-cli.sh" --file=/dev/stdin <<CLI
embed-server --server-config=standalone.xml --std-out=discard
batch
# Grantbook has the whole server for itself: its own start page, and its own console at /console.
/subsystem=undertow/server=default-server/host=default-host/location=\/:remove
/subsystem=undertow/server=default-server/host=default-host:write-attribute(name=disable-console-redirect, value=true)
# The proxy in front of the server speaks https.
/subsystem=undertow/server=default-server/https-listener=https:remove
# As many calls through Grantbook's own proxy at a time as grantbook.proxy.concurrent allows, and more.
/subsystem=io/worker=default:write-attribute(name=task-max-threads, value=200)
run-batch
deploy "$war" --name=grantbook.war --runtime-name=${name:-ROOT}.war
stop-embedded-server
CLI
