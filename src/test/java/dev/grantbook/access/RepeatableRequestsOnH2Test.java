package dev.grantbook.access;

import dev.grantbook.testing.Database;

class RepeatableRequestsOnH2Test extends RepeatableRequestsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
