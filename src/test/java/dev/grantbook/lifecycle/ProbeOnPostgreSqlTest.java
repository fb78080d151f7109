package dev.grantbook.lifecycle;

import dev.grantbook.testing.Database;

class ProbeOnPostgreSqlTest extends ProbeContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
