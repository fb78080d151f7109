package dev.grantbook.lifecycle;

import dev.grantbook.testing.Database;

class RefreshOnH2Test extends RefreshContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
