package dev.grantbook.notice;

import dev.grantbook.testing.Database;

class DeliveriesOnPostgreSqlTest extends DeliveriesContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
