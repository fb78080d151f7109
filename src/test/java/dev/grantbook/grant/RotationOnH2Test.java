package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class RotationOnH2Test extends RotationContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
