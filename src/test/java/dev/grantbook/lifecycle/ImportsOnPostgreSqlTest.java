package dev.grantbook.lifecycle;

import dev.grantbook.testing.Database;

class ImportsOnPostgreSqlTest extends ImportsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
