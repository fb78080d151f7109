package dev.grantbook.access;

import dev.grantbook.testing.Database;

class AccessOnPostgreSqlTest extends AccessContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
