package dev.grantbook.provider.http;

import dev.grantbook.catalogue.Provider;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** Remembers which providers answered this node's last call. */
public final class Reachability {

    /** By {@link Provider#server}, which begins with the provider's id. */
    private static final Map<String, Boolean> ANSWERED = new ConcurrentSkipListMap<>();

    private Reachability() {}

    /** Makes a call and records whether the provider answered; a refusal is an answer. */
    public static <T> T watch(Provider provider, Supplier<T> call) {
        try {
            T answer = call.get();
            ANSWERED.put(provider.server(), true);
            return answer;
        } catch (ProviderException e) {
            ANSWERED.put(provider.server(), e.kind() != ProviderException.FailureKind.UNREACHABLE);
            throw e;
        }
    }

    /** Whether all servers of a provider answered, by its id; without providers that were not called. */
    static Map<String, Boolean> seen() {
        var byId = new TreeMap<String, Boolean>();
        ANSWERED.forEach((server, answered) ->
                byId.merge(server.substring(0, server.indexOf(' ')), answered, Boolean::logicalAnd));
        return byId;
    }
}
