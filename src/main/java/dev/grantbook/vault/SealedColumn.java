package dev.grantbook.vault;

import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Table;
import jakarta.persistence.metamodel.EntityType;
import jakarta.persistence.metamodel.Metamodel;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A column of sealed values: an entity's field of the type {@link Sealed}, whose values only the vault makes. */
record SealedColumn(String table, String column) implements Comparable<SealedColumn> {

    static List<SealedColumn> all(Metamodel entities) {
        return entities.getEntities().stream()
                .flatMap(SealedColumn::of)
                .sorted()
                .toList();
    }

    private static Stream<SealedColumn> of(EntityType<?> entity) {
        Class<?> type = entity.getJavaType();
        String table = type.getAnnotation(Table.class).name();
        return Arrays.stream(type.getDeclaredFields())
                .flatMap(field -> field.isAnnotationPresent(Embedded.class)
                        ? Arrays.stream(field.getType().getDeclaredFields())
                                .filter(SealedColumn::isSealed)
                                .map(part -> nameIn(field, part))
                        : Stream.of(field).filter(SealedColumn::isSealed).map(SealedColumn::nameOf))
                .map(column -> new SealedColumn(table, column));
    }

    private static boolean isSealed(Field field) {
        return field.getType() == Sealed.class;
    }

    /** An entity may rename a column of an embeddable. */
    private static String nameIn(Field embedded, Field part) {
        return Arrays.stream(embedded.getAnnotationsByType(AttributeOverride.class))
                .filter(override -> override.name().equals(part.getName()))
                .map(override -> override.column().name())
                .findFirst()
                .orElseGet(() -> nameOf(part));
    }

    private static String nameOf(Field field) {
        Column column = field.getAnnotation(Column.class);
        return column == null ? field.getName() : column.name();
    }

    /** Place of a row's value; it opens nowhere else. */
    String associatedData(Object id) {
        return table + "/" + id + "/" + column;
    }

    @Override
    public int compareTo(SealedColumn other) {
        return Comparator.comparing(SealedColumn::table)
                .thenComparing(SealedColumn::column)
                .compare(this, other);
    }
}
