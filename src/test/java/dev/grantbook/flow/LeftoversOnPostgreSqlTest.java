package dev.grantbook.flow;

import dev.grantbook.testing.Database;

class LeftoversOnPostgreSqlTest extends LeftoversContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
