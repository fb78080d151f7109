package dev.grantbook.lifecycle;

import dev.grantbook.testing.Database;

class RefreshOnPostgreSqlTest extends RefreshContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
