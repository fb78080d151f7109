package dev.grantbook.access;

import dev.grantbook.testing.Database;

class RepeatableRequestsOnPostgreSqlTest extends RepeatableRequestsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
