package dev.grantbook.imports;

import dev.grantbook.testing.Database;

/** Imports without a server. */
public final class TestImports {

    private TestImports() {}

    public static ImportData data(Database database) {
        var data = new ImportData();
        data.entities = database.entities();
        return data;
    }
}
