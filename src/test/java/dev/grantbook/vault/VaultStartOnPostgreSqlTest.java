package dev.grantbook.vault;

import dev.grantbook.testing.Database;

class VaultStartOnPostgreSqlTest extends VaultStartContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
