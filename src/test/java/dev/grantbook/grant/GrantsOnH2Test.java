package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class GrantsOnH2Test extends GrantsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
