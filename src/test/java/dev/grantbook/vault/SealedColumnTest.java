package dev.grantbook.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.testing.Database;
import jakarta.persistence.metamodel.EntityType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Key rotation finds every sealed column, and the place that its values were sealed for. */
class SealedColumnTest {

    @Test
    void entitiesSayWhereTheirSealedValuesLive() throws ReflectiveOperationException {
        List<String> told = new ArrayList<>();
        for (EntityType<?> entity : entities()) {
            told.addAll(places(entity.getJavaType()));
        }

        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(columns().stream()
                        .map(column -> column.associatedData("ID"))
                        .toList());
    }

    @Test
    void theColumnsThatHoldTokensAreAmongThem() {
        assertThat(columns())
                .contains(
                        new SealedColumn("user_grant", "access_token"),
                        new SealedColumn("user_grant", "refresh_token"),
                        new SealedColumn("attempt", "verifier"),
                        new SealedColumn("conversation", "auth_code"),
                        new SealedColumn("secondary_token", "refresh_token"),
                        new SealedColumn("secondary_token", "token"),
                        new SealedColumn("import_item", "access_token"),
                        new SealedColumn("import_item", "refresh_token"),
                        new SealedColumn("revocation", "access_token"),
                        new SealedColumn("revocation", "refresh_token"),
                        new SealedColumn("console_session", "notes"));
    }

    /** What the methods of an entity whose names end in AssociatedData answer for the row "ID". */
    private static List<String> places(Class<?> type) throws ReflectiveOperationException {
        List<String> places = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().endsWith("AssociatedData") && method.getReturnType() == String.class) {
                method.setAccessible(true);
                places.add((String)
                        (Modifier.isStatic(method.getModifiers())
                                ? method.invoke(null, "ID")
                                : method.invoke(row(type))));
            }
        }
        return places;
    }

    private static Object row(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object row = constructor.newInstance();
        var id = type.getDeclaredField("id");
        id.setAccessible(true);
        id.set(row, "ID");
        return row;
    }

    private static List<SealedColumn> columns() {
        Database database = Database.h2();
        return database.in(() -> SealedColumn.all(database.entities().getMetamodel()));
    }

    private static List<EntityType<?>> entities() {
        Database database = Database.h2();
        return database.in(() -> List.copyOf(database.entities().getMetamodel().getEntities()));
    }
}
