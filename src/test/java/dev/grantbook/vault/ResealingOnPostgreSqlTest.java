package dev.grantbook.vault;

import dev.grantbook.testing.Database;

class ResealingOnPostgreSqlTest extends ResealingContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
