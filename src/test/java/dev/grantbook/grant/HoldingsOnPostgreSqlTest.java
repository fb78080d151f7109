package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class HoldingsOnPostgreSqlTest extends HoldingsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
