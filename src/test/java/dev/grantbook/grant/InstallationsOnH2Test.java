package dev.grantbook.grant;

import dev.grantbook.testing.Database;

class InstallationsOnH2Test extends InstallationsContract {

    @Override
    Database database() {
        return Database.h2();
    }
}
