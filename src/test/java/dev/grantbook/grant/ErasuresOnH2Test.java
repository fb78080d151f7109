package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class ErasuresOnH2Test extends ErasuresContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
