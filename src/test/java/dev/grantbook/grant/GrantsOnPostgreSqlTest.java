package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class GrantsOnPostgreSqlTest extends GrantsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
