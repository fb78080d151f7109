package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class ErasuresOnPostgreSqlTest extends ErasuresContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
