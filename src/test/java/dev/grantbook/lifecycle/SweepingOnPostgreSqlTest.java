package dev.grantbook.lifecycle;

import dev.grantbook.testing.Database;

class SweepingOnPostgreSqlTest extends SweepingContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
