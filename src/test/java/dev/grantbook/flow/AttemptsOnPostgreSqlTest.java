package dev.grantbook.flow;

import dev.grantbook.testing.Database;

class AttemptsOnPostgreSqlTest extends AttemptsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
