package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class HoldingsOnH2Test extends HoldingsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
