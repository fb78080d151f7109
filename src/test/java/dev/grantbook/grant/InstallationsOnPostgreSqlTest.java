package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class InstallationsOnPostgreSqlTest extends InstallationsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
