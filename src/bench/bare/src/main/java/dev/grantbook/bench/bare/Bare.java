package dev.grantbook.bench.bare;

import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Everything at the root; the settings come from the command. */
@ApplicationPath("/")
@DataSourceDefinition(
        name = "java:app/jdbc/bare",
        className = "org.postgresql.ds.PGSimpleDataSource",
        url = "${MPCONFIG=bench.database}",
        user = "${MPCONFIG=bench.user}",
        password = "${MPCONFIG=bench.password}",
        initialPoolSize = 1,
        minPoolSize = 1,
        maxPoolSize = 32)
public class Bare extends Application {}
