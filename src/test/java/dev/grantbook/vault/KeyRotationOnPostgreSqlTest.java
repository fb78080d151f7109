package dev.grantbook.vault;

import dev.grantbook.testing.Database;

class KeyRotationOnPostgreSqlTest extends KeyRotationContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
