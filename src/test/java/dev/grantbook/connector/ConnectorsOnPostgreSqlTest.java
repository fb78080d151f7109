package dev.grantbook.connector;

import dev.grantbook.testing.Database;

class ConnectorsOnPostgreSqlTest extends ConnectorsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
