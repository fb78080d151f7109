package dev.grantbook.notice;

import dev.grantbook.testing.Database;

class DeletionsOnH2Test extends DeletionsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
