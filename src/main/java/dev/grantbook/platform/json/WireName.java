package dev.grantbook.platform.json;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A constant that APIs and addresses name in lower case. */
public interface WireName {

    String name();

    default String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for an unknown name. */
    static <E extends Enum<E> & WireName> Optional<E> parse(Class<E> type, @Nullable String wire) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.wire().equals(wire))
                .findFirst();
    }
}
