#!/bin/sh
# configure.sh LIBERTY_HOME GRANTBOOK_WAR: makes the server "grantbook" in a new Open Liberty (the directory wlp) and unpacks Grantbook there,
# because Open Liberty finds the class of a data source in a library only.
set -eu
home=$1
war=$(realpath "$2")
server=$home/usr/servers/grantbook

mkdir -p "$server/apps/grantbook.war"
cp "$(dirname "$0")/server.xml" "$server/server.xml"
cd "$server/apps/grantbook.war"
"${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf "$war"
