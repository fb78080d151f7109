package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class RevocationsOnPostgreSqlTest extends RevocationsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
