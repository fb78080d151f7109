package dev.grantbook.provider.http;

import dev.grantbook.catalogue.Provider;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** Which providers answered the last time that this node called them; of this process, like the meters. */
public final class Reachability {

    /** By the names of {@link Provider#server}, which begin with the provider's id. */
    private static final Map<String, Boolean> ANSWERED = new ConcurrentSkipListMap<>();

    private Reachability() {}

    /** Does a call and remembers whether the provider answered, whatever it said. */
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

    /** Whether all their servers answered, by the provider's id; a provider that was not called is not among them. */
    static Map<String, Boolean> seen() {
        var byId = new TreeMap<String, Boolean>();
        ANSWERED.forEach((server, answered) ->
                byId.merge(server.substring(0, server.indexOf(' ')), answered, Boolean::logicalAnd));
        return byId;
    }
}
