package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class ConfirmationOnPostgreSqlTest extends ConfirmationContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
