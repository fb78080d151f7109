package dev.grantbook.notice;

import dev.grantbook.testing.Database;

class DeletionsOnPostgreSqlTest extends DeletionsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
