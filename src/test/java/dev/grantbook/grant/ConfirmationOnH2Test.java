package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class ConfirmationOnH2Test extends ConfirmationContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
