package dev.grantbook.access;

import dev.grantbook.testing.Database;

class AccessOnH2Test extends AccessContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
