package dev.grantbook.channel;

import dev.grantbook.testing.Database;

class FacebookLinkingOnPostgreSqlTest extends FacebookLinkingContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
