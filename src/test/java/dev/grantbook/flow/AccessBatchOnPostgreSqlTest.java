package dev.grantbook.flow;

import dev.grantbook.testing.Database;

class AccessBatchOnPostgreSqlTest extends AccessBatchContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
