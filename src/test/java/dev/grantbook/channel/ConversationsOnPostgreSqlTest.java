package dev.grantbook.channel;

import dev.grantbook.testing.Database;

class ConversationsOnPostgreSqlTest extends ConversationsContract {

    @Override
    Database database() {
        return Database.postgreSql();
    }
}
