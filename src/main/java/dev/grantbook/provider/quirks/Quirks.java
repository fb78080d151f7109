package dev.grantbook.provider.quirks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All quirks, by the names of their classes. */
public final class Quirks {

    private static final Map<String, Quirk> BY_NAME = byName(new LongLivedExchange(), new AppSecretProof());

    private Quirks() {}

    private static Map<String, Quirk> byName(Quirk... quirks) {
        var byName = new TreeMap<String, Quirk>();
        List.of(quirks).forEach(quirk -> byName.put(quirk.getClass().getSimpleName(), quirk));
        return byName;
    }

    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** @throws IllegalArgumentException when there is none; the schema of descriptors lists them */
    public static Quirk byName(String name) {
        return Optional.ofNullable(BY_NAME.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no quirk " + name + "; there are " + names()));
    }
}
