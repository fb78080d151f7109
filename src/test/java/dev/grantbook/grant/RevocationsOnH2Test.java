package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class RevocationsOnH2Test extends RevocationsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
