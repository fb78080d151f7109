package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class RotationOnPostgreSqlTest extends RotationContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
