package dev.grantbook.notice;

import dev.grantbook.testing.Database;

class DeliveriesOnH2Test extends DeliveriesContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
