package dev.grantbook.provider.quirks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Every quirk there is, by the name of its class. */
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

    /** @throws IllegalArgumentException when there is none of this name; a descriptor is checked before */
    public static Quirk byName(String name) {
        return Optional.ofNullable(BY_NAME.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no quirk " + name + "; there are " + names()));
    }
}
