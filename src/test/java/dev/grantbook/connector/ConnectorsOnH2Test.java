package dev.grantbook.connector;

import dev.grantbook.testing.Database;

class ConnectorsOnH2Test extends ConnectorsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
